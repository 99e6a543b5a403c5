package io.stoq.recovery;

/**
 * What loss recovery starts with.
 *
 * @param initialRttNs assumed until there is a sample. RFC 9002 §6.2.2
 * @param peerMaxAckDelayNs assumed until the peer's transport parameters are known. RFC 9000 §18.2
 * @param maxDatagramBytes largest UDP payload sent at first
 * @param initialWindowPackets the initial congestion window in datagrams, at least 2; or 0 for that of RFC 9002 §7.2
 * @param ecn whether packets may be marked ECT(0). RFC 9000 §13.4
 */
public record RecoverySettings(
        long initialRttNs, long peerMaxAckDelayNs, int maxDatagramBytes, int initialWindowPackets, boolean ecn) {

    /** RFC 9002 §6.2.2. */
    public static final long DEFAULT_INITIAL_RTT_NS = 333_000_000L;

    /** RFC 9000 §18.2. */
    public static final long DEFAULT_MAX_ACK_DELAY_NS = 25_000_000L;

    public RecoverySettings {
        if (initialRttNs <= 0) {
            throw new IllegalArgumentException("initialRttNs " + initialRttNs + " is not positive");
        }
        if (peerMaxAckDelayNs < 0) {
            throw new IllegalArgumentException("peerMaxAckDelayNs " + peerMaxAckDelayNs + " is negative");
        }
        if (maxDatagramBytes < 1200 || maxDatagramBytes > 65_527) {
            throw new IllegalArgumentException("maxDatagramBytes " + maxDatagramBytes + " is outside 1200..65527");
        }
        if (initialWindowPackets < 0 || initialWindowPackets == 1) {
            throw new IllegalArgumentException(
                    "initialWindowPackets " + initialWindowPackets + " is neither 0 nor at least 2");
        }
    }

    public RecoverySettings(long initialRttNs, long peerMaxAckDelayNs, int maxDatagramBytes) {
        this(initialRttNs, peerMaxAckDelayNs, maxDatagramBytes, 0, true);
    }

    /** The values of the RFCs. */
    public static RecoverySettings of(int maxDatagramBytes) {
        return new RecoverySettings(DEFAULT_INITIAL_RTT_NS, DEFAULT_MAX_ACK_DELAY_NS, maxDatagramBytes);
    }
}
