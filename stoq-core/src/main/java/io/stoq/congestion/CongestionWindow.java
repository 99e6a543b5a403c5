package io.stoq.congestion;

/**
 * The window of a window-based controller: its size, slow start, and the pacing rate that follows from it. Confined to the
 * connection's loop. RFC 9002 §7.
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

    private long bytes;
    private long initialBytes;
    private long thresholdBytes = Long.MAX_VALUE;
    private int maxDatagramBytes;
    private long ackedBytes;
    private boolean utilized;
    private long pacingRate = CongestionController.UNPACED;

    /** Ends the first slow start early, or null. */
    private HyStart hyStart;

    /** What conservative slow start leaves over of the division of acknowledged bytes. */
    private long conservativeRest;

    // Before the last congestion event.
    private long priorBytes;
    private long priorThresholdBytes;

    CongestionWindow(CongestionParameters parameters, boolean hyStart) {
        initialBytes = parameters.initialWindowBytes();
        bytes = Math.min(initialBytes, MAX_BYTES);
        maxDatagramBytes = parameters.maxDatagramBytes();
        this.hyStart = hyStart ? new HyStart() : null;
    }

    long bytes() {
        return bytes;
    }

    int maxDatagramBytes() {
        return maxDatagramBytes;
    }

    boolean isInSlowStart() {
        return bytes < thresholdBytes;
    }

    /** Slow start goes on, by a quarter of the pace. RFC 9406 §4.2 */
    boolean isConservative() {
        return hyStart != null && hyStart.isConservative();
    }

    /** Whether the window was in use when the last acknowledgment came, and may grow therefore. */
    boolean isUtilized() {
        return utilized;
    }

    void onAckBegin(long bytesInFlight, boolean applicationLimited) {
        ackedBytes = 0;
        // RFC 9002 §7.8; in slow start, where the window doubles, half of it in use is use enough.
        utilized = !applicationLimited
                || bytesInFlight + (long) SLACK_DATAGRAMS * maxDatagramBytes >= bytes
                || isInSlowStart() && 2 * bytesInFlight >= bytes;
    }

    /** @param mayGrow it was sent after the last recovery period began. RFC 9002 §7.3.2 */
    void onPacketAcked(int packetBytes, long sentNs, boolean mayGrow) {
        if (mayGrow) {
            ackedBytes += packetBytes;
        }
        if (hyStart != null) {
            hyStart.onPacketAcked(sentNs);
        }
    }

    /** Grows by slow start, and returns how many acknowledged bytes are left for congestion avoidance. RFC 9002 §7.3.1 */
    long growInSlowStart(long nowNs, long rttSampleNs) {
        long left = utilized ? ackedBytes : 0;
        ackedBytes = 0;
        if (hyStart != null && hyStart.onAckEnd(nowNs, rttSampleNs)) {
            hyStart = null;
            thresholdBytes = bytes;
        }
        if (left > 0 && isInSlowStart()) {
            if (isConservative()) {
                left += conservativeRest;
                conservativeRest = left % HyStart.CONSERVATIVE_GROWTH_DIVISOR;
                growTo(bytes + left / HyStart.CONSERVATIVE_GROWTH_DIVISOR);
                return 0;
            }
            long taken = Math.min(left, thresholdBytes - bytes);
            growTo(bytes + taken);
            left -= taken;
        }
        return left;
    }

    void growTo(long newBytes) {
        bytes = Math.max(bytes, Math.min(newBytes, MAX_BYTES));
    }

    /** A congestion event. */
    void reduceTo(long newBytes) {
        priorBytes = bytes;
        priorThresholdBytes = thresholdBytes;
        bytes = Math.max(newBytes, minBytes());
        thresholdBytes = bytes;
        ackedBytes = 0;
        hyStart = null; // RFC 9406 §4.3: for the first slow start only
    }

    /** The last congestion event was none. */
    void undoReduction() {
        bytes = Math.max(bytes, priorBytes);
        thresholdBytes = Math.max(thresholdBytes, priorThresholdBytes);
    }

    /** RFC 9002 §7.6.2. */
    void onPersistentCongestion() {
        bytes = minBytes();
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
