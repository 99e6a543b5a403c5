package io.stoq.congestion;

/** The controller of RFC 9002 §7: slow start, one datagram per round trip after that, half at a loss. */
public final class NewReno implements CongestionController {

    private final CongestionWindow window;

    /** Bytes acknowledged in congestion avoidance that did not make the window grow yet. */
    private long avoidedBytes;

    public NewReno(CongestionParameters parameters) {
        window = new CongestionWindow(parameters);
    }

    @Override
    public String name() {
        return "newreno";
    }

    @Override
    public void onPacketSent(
            long nowNs, long packetNumber, int bytes, long bytesInFlightBefore, long[] columns, int at) {}

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
        // RFC 9002 §7.3.3: one datagram for each window that is acknowledged.
        avoidedBytes += window.growInSlowStart();
        while (avoidedBytes >= window.bytes()) {
            avoidedBytes -= window.bytes();
            window.growTo(window.bytes() + window.maxDatagramBytes());
        }
        window.updatePacing(smoothedRttNs, minRttNs);
    }

    @Override
    public void onPacketsLost(
            long nowNs, long largestLost, long largestLostSentNs, long lostBytes, boolean persistentCongestion) {
        onCongestion(nowNs, largestLostSentNs);
        if (persistentCongestion) {
            window.onPersistentCongestion();
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
        if (window.enterRecovery(nowNs, sentNs)) {
            avoidedBytes = 0;
            window.reduceTo(window.bytes() / 2);
        }
    }
}
