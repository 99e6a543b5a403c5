package io.stoq.congestion;

/**
 * What controllers share that grow a window until packets get lost: slow start, recovery periods, pacing by the window, and
 * taking back a reduction that was made in vain. How the window grows after slow start, and by how much it shrinks, is theirs.
 */
abstract sealed class WindowController implements CongestionController permits Cubic, NewReno {

    final CongestionWindow window;
    private final CongestionEvent event = new CongestionEvent();

    WindowController(CongestionParameters parameters, boolean hyStart) {
        window = new CongestionWindow(parameters, hyStart);
    }

    /** Grows the window in congestion avoidance; {@code ackedBytes} may be 0. */
    abstract void avoidCongestion(long nowNs, long ackedBytes, long smoothedRttNs);

    /** A congestion event: reduces the window, and remembers what {@link #undo} needs. */
    abstract void reduce();

    /** The last congestion event was none; the window is what it was before. */
    abstract void undo();

    /** The window fell to its minimum. RFC 9002 §7.6.2 */
    abstract void collapse();

    @Override
    public void onPacketSent(
            long nowNs, long packetNumber, int bytes, long bytesInFlightBefore, long[] columns, int at) {}

    @Override
    public final void onAckBegin(long nowNs, long bytesInFlightBefore, boolean applicationLimited) {
        event.onTime(nowNs);
        window.onAckBegin(bytesInFlightBefore, applicationLimited);
    }

    @Override
    public final void onPacketAcked(long packetNumber, int bytes, long sentNs, long[] columns, int at) {
        event.onPacketAcked(sentNs);
        window.onPacketAcked(bytes, sentNs, event.isAfter(sentNs));
    }

    @Override
    public final void onAckEnd(long nowNs, long bytesInFlight, long rttSampleNs, long smoothedRttNs, long minRttNs) {
        avoidCongestion(nowNs, window.growInSlowStart(nowNs, rttSampleNs), smoothedRttNs);
        window.updatePacing(smoothedRttNs, minRttNs);
    }

    @Override
    public final void onPacketLost(long packetNumber, int bytes, long sentNs, long[] columns, int at) {
        event.onPacketLost();
    }

    @Override
    public final void onPacketsLost(
            long nowNs, long largestLost, long largestLostSentNs, long lostBytes, boolean persistentCongestion) {
        if (event.add(nowNs, largestLostSentNs)) {
            reduce();
        }
        if (persistentCongestion) {
            event.end();
            window.onPersistentCongestion();
            collapse();
        }
    }

    @Override
    public final void onCongestionExperienced(long nowNs, long sentNs, long markedPackets) {
        if (event.addMark(nowNs, sentNs)) {
            reduce();
        }
    }

    @Override
    public final void onSpuriousLoss(long nowNs, long packetNumber, int bytes, long sentNs) {
        if (event.onSpuriousLoss(sentNs)) {
            window.undoReduction();
            undo();
        }
    }

    @Override
    public void onMaxDatagramSize(int bytes) {
        window.onMaxDatagramSize(bytes);
    }

    @Override
    public final long windowBytes() {
        return window.bytes();
    }

    @Override
    public final long pacingRateBytesPerSecond() {
        return window.pacingRateBytesPerSecond();
    }

    @Override
    public final long sendQuantumBytes() {
        return window.sendQuantumBytes();
    }

    @Override
    public final String state() {
        if (event.isRecovering()) {
            return "recovery";
        }
        if (window.isInSlowStart()) {
            return window.isConservative() ? "conservative slow start" : "slow start";
        }
        return "congestion avoidance";
    }
}
