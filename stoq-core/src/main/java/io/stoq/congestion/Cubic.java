package io.stoq.congestion;

/**
 * CUBIC: after a loss the window follows a cubic function of time that is flat around the window of the loss. RFC 9438.
 *
 * <p>Windows are in bytes here, the RFC's in segments. Floating point is used once per ACK frame, never per packet.
 */
public final class Cubic implements CongestionController {

    /** β_cubic and C. RFC 9438 §4.6, §5.1 */
    private static final double BETA = 0.7;

    private static final double C = 0.4;

    /** α_cubic: makes the estimate as aggressive as Reno, though it falls back by less. RFC 9438 §4.3 */
    private static final double ALPHA = 3 * (1 - BETA) / (1 + BETA);

    /** RFC 9438 §4.2: most growth within a round trip. */
    private static final double MAX_GROWTH = 1.5;

    private static final double NS_PER_SECOND = 1e9;
    private static final long NONE = Long.MIN_VALUE;

    private final CongestionWindow window;

    /** W_max, cwnd_prior and W_est, in bytes, and K in seconds. RFC 9438 §4.1.2 */
    private double wMax;

    private double priorWindow;
    private double estimate;
    private double k;

    /** When congestion avoidance began, later by the time during which the window was not used. */
    private long epochStartNs = NONE;

    /** Up to when {@link #epochStartNs} allows for time without use. */
    private long countedNs;

    /** The part of a byte by which the window should be larger. */
    private double fraction;

    /** The epoch to come follows persistent congestion. */
    private boolean afterCollapse;

    public Cubic(CongestionParameters parameters) {
        window = new CongestionWindow(parameters);
    }

    @Override
    public String name() {
        return "cubic";
    }

    @Override
    public void onPacketSent(
            long nowNs, long packetNumber, int bytes, long bytesInFlightBefore, long[] columns, int at) {
        if (bytesInFlightBefore == 0) {
            skipUnusedTime(nowNs);
        }
    }

    @Override
    public void onAckBegin(long nowNs, long bytesInFlightBefore, boolean applicationLimited) {
        window.onAckBegin(nowNs, bytesInFlightBefore, applicationLimited);
    }

    @Override
    public void onPacketAcked(long packetNumber, int bytes, long sentNs, long[] columns, int at) {
        window.onPacketAcked(bytes, sentNs);
    }

    @Override
    public void onAckEnd(long nowNs, long bytesInFlight, long rttSampleNs, long smoothedRttNs, long minRttNs) {
        if (!window.isUtilized()) {
            skipUnusedTime(nowNs);
        }
        long ackedBytes = window.growInSlowStart();
        if (ackedBytes > 0) {
            avoidCongestion(nowNs, ackedBytes, smoothedRttNs);
        }
        countedNs = nowNs;
        window.updatePacing(smoothedRttNs, minRttNs);
    }

    @Override
    public void onPacketsLost(
            long nowNs, long largestLost, long largestLostSentNs, long lostBytes, boolean persistentCongestion) {
        onCongestion(nowNs, largestLostSentNs);
        if (persistentCongestion) {
            window.onPersistentCongestion();
            epochStartNs = NONE;
            afterCollapse = true;
        }
    }

    @Override
    public void onCongestionExperienced(long nowNs, long sentNs, long markedPackets) {
        onCongestion(nowNs, sentNs);
    }

    @Override
    public void onSpuriousLoss(long nowNs, long packetNumber, int bytes, long sentNs) {}

    @Override
    public void onMaxDatagramSize(int bytes) {
        if (bytes != window.maxDatagramBytes()) {
            epochStartNs = NONE; // the curve is in datagrams: it begins anew from where the window is
        }
        window.onMaxDatagramSize(bytes);
    }

    @Override
    public long windowBytes() {
        return window.bytes();
    }

    @Override
    public long pacingRateBytesPerSecond() {
        return window.pacingRateBytesPerSecond();
    }

    @Override
    public long sendQuantumBytes() {
        return window.sendQuantumBytes();
    }

    private void onCongestion(long nowNs, long sentNs) {
        if (!window.enterRecovery(nowNs, sentNs)) {
            return;
        }
        double bytes = window.bytes();
        // RFC 9438 §4.7: a flow that lost before it was back at its old window makes room for others.
        wMax = bytes < wMax ? bytes * (1 + BETA) / 2 : bytes;
        priorWindow = bytes;
        window.reduceTo((long) (bytes * BETA));
        epochStartNs = NONE;
        afterCollapse = false;
    }

    /** RFC 9438 §5.8: time in which the sender did not use the window does not count as time to grow it. */
    private void skipUnusedTime(long nowNs) {
        if (epochStartNs != NONE && nowNs > countedNs) {
            epochStartNs += nowNs - countedNs;
        }
        countedNs = nowNs;
    }

    private void beginEpoch(long nowNs) {
        double bytes = window.bytes();
        epochStartNs = nowNs;
        estimate = bytes;
        fraction = 0;
        if (afterCollapse || wMax < bytes) {
            // RFC 9438 §4.8: the plateau is where congestion avoidance begins.
            wMax = bytes;
            k = 0;
            afterCollapse = false;
        } else {
            k = Math.cbrt((wMax - bytes) / (C * window.maxDatagramBytes()));
        }
    }

    private void avoidCongestion(long nowNs, long ackedBytes, long smoothedRttNs) {
        if (epochStartNs == NONE) {
            beginEpoch(nowNs);
        }
        double bytes = window.bytes();
        double seconds = Math.max(0, nowNs - epochStartNs) / NS_PER_SECOND;
        double windowsAcked = Math.min(1, ackedBytes / bytes);
        double alpha = estimate >= priorWindow ? 1 : ALPHA;
        estimate += alpha * windowsAcked * window.maxDatagramBytes();
        double grown;
        if (windowAt(seconds) < estimate) {
            grown = Math.max(estimate, bytes + fraction); // RFC 9438 §4.3: where Reno would be ahead
        } else {
            double target = windowAt(seconds + smoothedRttNs / NS_PER_SECOND);
            target = Math.min(Math.max(target, bytes), MAX_GROWTH * bytes);
            grown = bytes + fraction + (target - bytes) * windowsAcked; // RFC 9438 §4.4, §4.5
        }
        window.growTo((long) grown);
        fraction = grown - (long) grown;
    }

    /** W_cubic. RFC 9438 §4.2 */
    private double windowAt(double seconds) {
        double distance = seconds - k;
        return C * window.maxDatagramBytes() * distance * distance * distance + wMax;
    }
}
