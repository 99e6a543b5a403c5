package io.stoq.congestion;

/**
 * What a controller starts with.
 *
 * @param initialWindowBytes at least two datagrams
 * @param maxDatagramBytes largest UDP payload sent at first, 1,200 to 65,527
 * @param initialRttNs assumed until there is a sample
 * @param seed where a controller takes its random numbers from: flows that probe in step disturb each other
 */
public record CongestionParameters(long initialWindowBytes, int maxDatagramBytes, long initialRttNs, long seed) {

    public CongestionParameters {
        if (maxDatagramBytes < 1200 || maxDatagramBytes > 65_527) {
            throw new IllegalArgumentException("maxDatagramBytes " + maxDatagramBytes + " is outside 1200..65527");
        }
        if (initialWindowBytes < 2L * maxDatagramBytes) {
            throw new IllegalArgumentException("initialWindowBytes " + initialWindowBytes
                    + " is less than two datagrams of " + maxDatagramBytes + " bytes");
        }
        if (initialRttNs <= 0) {
            throw new IllegalArgumentException("initialRttNs " + initialRttNs + " is not positive");
        }
    }

    public CongestionParameters(long initialWindowBytes, int maxDatagramBytes, long initialRttNs) {
        this(initialWindowBytes, maxDatagramBytes, initialRttNs, 0);
    }

    /** As {@link #of(int, int, long, long)}, with the seed 0. */
    public static CongestionParameters of(int maxDatagramBytes, int initialWindowPackets, long initialRttNs) {
        return of(maxDatagramBytes, initialWindowPackets, initialRttNs, 0);
    }

    /** @param initialWindowPackets in datagrams, at least 2; or 0 for the recommended window */
    public static CongestionParameters of(
            int maxDatagramBytes, int initialWindowPackets, long initialRttNs, long seed) {
        long window = initialWindowPackets == 0
                ? recommendedWindowBytes(maxDatagramBytes)
                : (long) initialWindowPackets * maxDatagramBytes;
        return new CongestionParameters(window, maxDatagramBytes, initialRttNs, seed);
    }

    /** RFC 9002 §7.2: ten datagrams, but not more than the larger of 14,720 bytes and two datagrams. */
    public static long recommendedWindowBytes(int maxDatagramBytes) {
        return Math.min(10L * maxDatagramBytes, Math.max(2L * maxDatagramBytes, 14_720));
    }
}
