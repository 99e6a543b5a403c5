package io.stoq.bench.lab.relay;

import java.util.Locale;

/** How long a queue is: in bytes, in packets, or in bandwidth-delay products of the link that it belongs to. */
public record QueueSize(double amount, Unit unit) {

    /** What a queue is counted in. */
    public enum Unit {
        BYTES,
        PACKETS,
        BDP
    }

    /** What a packet is taken for: the largest UDP payload that an Ethernet carries over IPv6. */
    public static final int PACKET_BYTES = 1452;

    /** A queue shorter than this would pass nothing at all. */
    private static final long MIN_BYTES = 2L * PACKET_BYTES;

    private static final double MAX_BYTES = 1L << 30;

    /** What the link's product with its round trip is. */
    public static final QueueSize ONE_BDP = new QueueSize(1, Unit.BDP);

    /** @throws IllegalArgumentException that says how to write one */
    public static QueueSize parse(String text) {
        Quantity quantity = Quantity.parse(text);
        QueueSize size = quantity == null
                ? null
                : switch (quantity.unit()) {
                    case "b", "bytes" -> new QueueSize(quantity.amount(), Unit.BYTES);
                    case "kb" -> new QueueSize(quantity.amount() * 1e3, Unit.BYTES);
                    case "mb" -> new QueueSize(quantity.amount() * 1e6, Unit.BYTES);
                    case "packet", "packets" -> new QueueSize(quantity.amount(), Unit.PACKETS);
                    case "bdp" -> new QueueSize(quantity.amount(), Unit.BDP);
                    default -> null;
                };
        if (size == null || size.amount <= 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no length of a queue; give one such as 1bdp, 64kb or 100packets");
        }
        return size;
    }

    /**
     * @param bitsPerSecond of the link
     * @param rttNs of the whole path without queues
     * @return at least two packets, so that something can pass
     */
    public long bytes(long bitsPerSecond, long rttNs) {
        double bytes = switch (unit) {
            case BYTES -> amount;
            case PACKETS -> amount * PACKET_BYTES;
            case BDP -> amount * bitsPerSecond / 8e9 * rttNs;
        };
        return Math.max(MIN_BYTES, Math.round(Math.min(MAX_BYTES, bytes)));
    }

    @Override
    public String toString() {
        String number =
                amount == Math.rint(amount) ? String.format(Locale.ROOT, "%.0f", amount) : Double.toString(amount);
        return switch (unit) {
            case BYTES -> number + " B";
            case PACKETS -> number + " packets";
            case BDP -> number + " BDP";
        };
    }
}
