package io.stoq.bench.lab.relay;

/**
 * One direction of a link.
 *
 * @param bitsPerSecond of UDP payload; 0 for as fast as the machine
 * @param queueBytes before the bottleneck; means nothing without a rate
 * @param markAboveBytes ECN-capable datagrams that find more than this in the queue become CE
 * @param delayNs propagation, one way
 * @param jitterNs evenly spread on top of the delay; the order stays
 * @param loss share of datagrams that vanish behind the bottleneck, each by itself
 * @param reorder share of datagrams that are held back by {@code reorderByNs}
 * @param duplicate share of datagrams that arrive twice
 * @param corrupt share of datagrams that arrive with one bit flipped
 */
public record LinkSpec(
        long bitsPerSecond,
        long queueBytes,
        long markAboveBytes,
        long delayNs,
        long jitterNs,
        double loss,
        double reorder,
        long reorderByNs,
        double duplicate,
        double corrupt) {

    /** Passes everything at once. */
    public static final LinkSpec CLEAN = new LinkSpec(0, 0, Long.MAX_VALUE, 0, 0, 0, 0, 0, 0, 0);

    public LinkSpec {
        notNegative("bitsPerSecond", bitsPerSecond);
        notNegative("queueBytes", queueBytes);
        notNegative("markAboveBytes", markAboveBytes);
        notNegative("delayNs", delayNs);
        notNegative("jitterNs", jitterNs);
        notNegative("reorderByNs", reorderByNs);
        share("loss", loss);
        share("reorder", reorder);
        share("duplicate", duplicate);
        share("corrupt", corrupt);
        if (bitsPerSecond > 0 && queueBytes == 0) {
            throw new IllegalArgumentException("queueBytes is 0; a link with a rate needs room for a datagram");
        }
    }

    public LinkSpec rate(long bits, long queue) {
        return new LinkSpec(
                bits, queue, markAboveBytes, delayNs, jitterNs, loss, reorder, reorderByNs, duplicate, corrupt);
    }

    public LinkSpec markAbove(long bytes) {
        return new LinkSpec(
                bitsPerSecond, queueBytes, bytes, delayNs, jitterNs, loss, reorder, reorderByNs, duplicate, corrupt);
    }

    public LinkSpec delay(long ns, long jitter) {
        return new LinkSpec(
                bitsPerSecond, queueBytes, markAboveBytes, ns, jitter, loss, reorder, reorderByNs, duplicate, corrupt);
    }

    public LinkSpec loss(double share) {
        return new LinkSpec(
                bitsPerSecond,
                queueBytes,
                markAboveBytes,
                delayNs,
                jitterNs,
                share,
                reorder,
                reorderByNs,
                duplicate,
                corrupt);
    }

    public LinkSpec reorder(double share, long byNs) {
        return new LinkSpec(
                bitsPerSecond, queueBytes, markAboveBytes, delayNs, jitterNs, loss, share, byNs, duplicate, corrupt);
    }

    public LinkSpec duplicate(double share) {
        return new LinkSpec(
                bitsPerSecond,
                queueBytes,
                markAboveBytes,
                delayNs,
                jitterNs,
                loss,
                reorder,
                reorderByNs,
                share,
                corrupt);
    }

    public LinkSpec corrupt(double share) {
        return new LinkSpec(
                bitsPerSecond,
                queueBytes,
                markAboveBytes,
                delayNs,
                jitterNs,
                loss,
                reorder,
                reorderByNs,
                duplicate,
                share);
    }

    private static void notNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + value + "; 0 or more needed");
        }
    }

    private static void share(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " is " + value + "; a share within 0..1 needed");
        }
    }
}
