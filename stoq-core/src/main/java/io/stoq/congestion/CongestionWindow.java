package io.stoq.congestion;

/**
 * What window-based controllers share: the window, slow start, recovery periods and the pacing rate that follows from them.
 * Confined to the connection's loop. RFC 9002 §7.
 */
final class CongestionWindow {

    /** Far above what a path can hold; keeps products within a long. */
    static final long MAX_BYTES = 1L << 30;

    /** RFC 9002 §7.2. */
    private static final int MIN_DATAGRAMS = 2;

    /** Room for this much and less counts as a window in full use: what is left in between are packet boundaries. */
    private static final int SLACK_DATAGRAMS = 3;

    /** Timers cannot space packets out within a shorter round trip; acknowledgments then do it alone. */
    private static final long MIN_PACED_RTT_NS = 1_000_000;

    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long NONE = Long.MIN_VALUE;

    private long bytes;
    private long initialBytes;
    private long thresholdBytes = Long.MAX_VALUE;
    private int maxDatagramBytes;
    private long recoveryStartNs = NONE;
    private long ackedBytes;
    private boolean utilized;
    private long pacingRate = CongestionController.UNPACED;

    CongestionWindow(CongestionParameters parameters) {
        initialBytes = parameters.initialWindowBytes();
        bytes = Math.min(initialBytes, MAX_BYTES);
        maxDatagramBytes = parameters.maxDatagramBytes();
    }

    long bytes() {
        return bytes;
    }

    int maxDatagramBytes() {
        return maxDatagramBytes;
    }

    /** The slow start threshold; {@code Long.MAX_VALUE} before the first congestion event. */
    long thresholdBytes() {
        return thresholdBytes;
    }

    boolean isInSlowStart() {
        return bytes < thresholdBytes;
    }

    /** Whether the window was in use when the last acknowledgment came, and may grow therefore. */
    boolean isUtilized() {
        return utilized;
    }

    void onAckBegin(long nowNs, long bytesInFlight, boolean applicationLimited) {
        if (nowNs < recoveryStartNs) {
            recoveryStartNs =
                    nowNs; // the clock stepped back: else the recovery period would last until it has caught up
        }
        ackedBytes = 0;
        // RFC 9002 §7.8; in slow start, where the window doubles, half of it in use is use enough.
        utilized = !applicationLimited
                || bytesInFlight + (long) SLACK_DATAGRAMS * maxDatagramBytes >= bytes
                || isInSlowStart() && 2 * bytesInFlight >= bytes;
    }

    void onPacketAcked(int packetBytes, long sentNs) {
        // RFC 9002 §7.3.2: what was sent before a recovery period began does not let the window grow.
        if (sentNs > recoveryStartNs) {
            ackedBytes += packetBytes;
        }
    }

    /** Grows by slow start, and returns how many acknowledged bytes are left for congestion avoidance. RFC 9002 §7.3.1 */
    long growInSlowStart() {
        long left = utilized ? ackedBytes : 0;
        ackedBytes = 0;
        if (left > 0 && isInSlowStart()) {
            long taken = Math.min(left, thresholdBytes - bytes);
            growTo(bytes + taken);
            left -= taken;
        }
        return left;
    }

    void growTo(long newBytes) {
        bytes = Math.max(bytes, Math.min(newBytes, MAX_BYTES));
    }

    /** Whether this loss begins a recovery period rather than belonging to the current one. RFC 9002 §7.3.2 */
    boolean enterRecovery(long nowNs, long sentNs) {
        if (sentNs <= recoveryStartNs) {
            return false;
        }
        recoveryStartNs = nowNs;
        ackedBytes = 0;
        return true;
    }

    void reduceTo(long newBytes) {
        bytes = Math.max(newBytes, minBytes());
        thresholdBytes = bytes;
    }

    /** RFC 9002 §7.6.2. */
    void onPersistentCongestion() {
        bytes = minBytes();
        recoveryStartNs = NONE;
        ackedBytes = 0;
    }

    void onMaxDatagramSize(int newBytes) {
        boolean untouched =
                bytes == initialBytes && bytes == CongestionParameters.recommendedWindowBytes(maxDatagramBytes);
        maxDatagramBytes = newBytes;
        if (untouched) {
            initialBytes = CongestionParameters.recommendedWindowBytes(newBytes);
            bytes = initialBytes;
        }
        bytes = Math.max(bytes, minBytes());
    }

    /** RFC 9002 §7.7: a window per round trip, and a bit more so that pacing is not what limits. */
    void updatePacing(long smoothedRttNs, long minRttNs) {
        if (minRttNs < MIN_PACED_RTT_NS || smoothedRttNs < MIN_PACED_RTT_NS) {
            pacingRate = CongestionController.UNPACED;
            return;
        }
        long perRtt = bytes * NS_PER_SECOND / smoothedRttNs;
        pacingRate = Math.max(1, isInSlowStart() ? 2 * perRtt : perRtt + perRtt / 4);
    }

    long pacingRateBytesPerSecond() {
        return pacingRate;
    }

    /** RFC 9002 §7.7: an initial window, or a millisecond's worth where that is more. */
    long sendQuantumBytes() {
        long burst = CongestionParameters.recommendedWindowBytes(maxDatagramBytes);
        return Math.max(burst, pacingRate == CongestionController.UNPACED ? bytes : pacingRate / 1000);
    }

    private long minBytes() {
        return (long) MIN_DATAGRAMS * maxDatagramBytes;
    }
}
