package io.stoq.congestion;

/**
 * CUBIC: after a loss the window follows a cubic function of time that is flat around the window of the loss. RFC 9438.
 *
 * <p>Windows are in bytes here, the RFC's in segments. Floating point is used once per ACK frame, never per packet.
 */
public final class Cubic extends WindowController {

    /** β_cubic and C. RFC 9438 §4.6, §5.1 */
    private static final double BETA = 0.7;

    private static final double C = 0.4;

    /** α_cubic: makes the estimate as aggressive as Reno, though it falls back by less. RFC 9438 §4.3 */
    private static final double ALPHA = 3 * (1 - BETA) / (1 + BETA);

    /** RFC 9438 §4.2: most growth within a round trip. */
    private static final double MAX_GROWTH = 1.5;

    private static final double NS_PER_SECOND = 1e9;
    private static final long NONE = Long.MIN_VALUE;

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

    // Before the last congestion event: W_max, cwnd_prior, W_est, K and the epoch.
    private double undoWMax;
    private double undoPriorWindow;
    private double undoEstimate;
    private double undoK;
    private long undoEpochStartNs;

    /** With HyStart++. */
    public Cubic(CongestionParameters parameters) {
        this(parameters, true);
    }

    /** @param hyStart whether slow start ends when round trips grow (HyStart++, RFC 9406), not only at a loss */
    public Cubic(CongestionParameters parameters, boolean hyStart) {
        super(parameters, hyStart);
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
    public void onMaxDatagramSize(int bytes) {
        if (bytes != window.maxDatagramBytes()) {
            epochStartNs = NONE; // the curve is in datagrams: it begins anew from where the window is
        }
        super.onMaxDatagramSize(bytes);
    }

    @Override
    void avoidCongestion(long nowNs, long ackedBytes, long smoothedRttNs) {
        if (!window.isUtilized()) {
            skipUnusedTime(nowNs);
        }
        if (ackedBytes > 0) {
            grow(nowNs, ackedBytes, smoothedRttNs);
        }
        countedNs = nowNs;
    }

    @Override
    void reduce() {
        undoWMax = wMax;
        undoPriorWindow = priorWindow;
        undoEstimate = estimate;
        undoK = k;
        undoEpochStartNs = epochStartNs;
        double bytes = window.bytes();
        // RFC 9438 §4.7: a flow that lost before it was back at its old window makes room for others.
        wMax = bytes < wMax ? bytes * (1 + BETA) / 2 : bytes;
        priorWindow = bytes;
        window.reduceTo((long) (bytes * BETA));
        epochStartNs = NONE;
        afterCollapse = false;
    }

    @Override
    void undo() {
        wMax = undoWMax;
        priorWindow = undoPriorWindow;
        estimate = undoEstimate;
        k = undoK;
        epochStartNs = undoEpochStartNs;
    }

    @Override
    void collapse() {
        epochStartNs = NONE;
        afterCollapse = true;
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

    private void grow(long nowNs, long ackedBytes, long smoothedRttNs) {
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
