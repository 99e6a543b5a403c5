package io.stoq.congestion.bbr;

/**
 * Exact whole-number arithmetic of volumes, times and rates whose products do not fit a long: 100 Gbit/s over a minute.
 */
final class Rates {

    /** Stands for "no bound". */
    static final long INFINITE = Long.MAX_VALUE;

    /** Eight Tbit/s; with {@link #MAX_NS} it keeps all results within a long. */
    static final long MAX_BYTES_PER_SECOND = 1_000_000_000_000L;

    /** A thousand seconds: what takes longer says nothing of a path. */
    static final long MAX_NS = 1_000_000_000_000L;

    private static final long NS_PER_SECOND = 1_000_000_000L;

    /** Brings {@link #MAX_NS} below what can be multiplied with a second. */
    private static final int SHIFT = 7;

    private Rates() {}

    /** @param ns positive */
    static long bytesPerSecond(long bytes, long ns) {
        long time = Math.min(ns, MAX_NS);
        long whole = bytes / time;
        if (whole >= MAX_BYTES_PER_SECOND / NS_PER_SECOND) {
            return MAX_BYTES_PER_SECOND;
        }
        long rest = bytes % time;
        // The product with a second has to fit; the bits that large numbers lose for it are the last of many.
        int shift = rest <= Long.MAX_VALUE / NS_PER_SECOND ? 0 : SHIFT;
        long fraction = (rest >> shift) * NS_PER_SECOND / (time >> shift);
        return whole * NS_PER_SECOND + fraction;
    }

    /** What a rate brings in a time, both of them limited to what is above. */
    static long bytesWithin(long bytesPerSecond, long ns) {
        long rate = Math.min(bytesPerSecond, MAX_BYTES_PER_SECOND);
        long time = Math.clamp(ns, 0, MAX_NS);
        long billions = rate / NS_PER_SECOND;
        long rest = rate % NS_PER_SECOND;
        return billions * time + rest * (time / NS_PER_SECOND) + rest * (time % NS_PER_SECOND) / NS_PER_SECOND;
    }

    /** Of a volume or a rate; {@link #INFINITE} stays what it is. */
    static long percent(long value, int percent) {
        return value == INFINITE ? INFINITE : value * percent / 100;
    }
}
