package io.stoq.bench.lab;

import io.stoq.congestion.CongestionController;

/**
 * Passes everything on to a congestion controller, and notes what it was told and what it decided. Whatever can be seen here
 * can be seen by any controller, so the engine needs no openings for the laboratory.
 */
final class Probe implements CongestionController {

    private final CongestionController controller;
    private final Runnable onStateChange;

    /** Added to all packet numbers, as if so many packets had been sent before. */
    private final long numbersFrom;

    private String state;
    private long bytesInFlight;
    private long latestRttNs;
    private long smoothedRttNs;
    private long sentBytes;
    private long sentPackets;
    private long lostPackets;
    private long spuriousLosses;
    private long markedPackets;
    private final Timeline rtts = new Timeline();

    Probe(CongestionController controller, long numbersFrom, Runnable onStateChange) {
        this.controller = controller;
        this.numbersFrom = numbersFrom;
        this.onStateChange = onStateChange;
        state = controller.state();
    }

    long bytesInFlight() {
        return bytesInFlight;
    }

    long latestRttNs() {
        return latestRttNs;
    }

    long smoothedRttNs() {
        return smoothedRttNs;
    }

    long sentBytes() {
        return sentBytes;
    }

    long sentPackets() {
        return sentPackets;
    }

    long lostPackets() {
        return lostPackets;
    }

    long spuriousLosses() {
        return spuriousLosses;
    }

    long markedPackets() {
        return markedPackets;
    }

    /** Each round trip that was measured, and when. */
    Timeline rtts() {
        return rtts;
    }

    @Override
    public String name() {
        return controller.name();
    }

    @Override
    public int packetColumns() {
        return controller.packetColumns();
    }

    @Override
    public void onPacketSent(long now, long packetNumber, int bytes, long bytesInFlightBefore, long[] columns, int at) {
        sentBytes += bytes;
        sentPackets++;
        bytesInFlight = bytesInFlightBefore + bytes;
        controller.onPacketSent(now, packetNumber + numbersFrom, bytes, bytesInFlightBefore, columns, at);
        look();
    }

    @Override
    public void onAckBegin(long now, long bytesInFlightBefore, boolean applicationLimited) {
        controller.onAckBegin(now, bytesInFlightBefore, applicationLimited);
    }

    @Override
    public void onPacketAcked(long packetNumber, int bytes, long sentNs, long[] columns, int at) {
        controller.onPacketAcked(packetNumber + numbersFrom, bytes, sentNs, columns, at);
    }

    @Override
    public void onAckEnd(long now, long inFlight, long rttSampleNs, long smoothedNs, long minRttNs) {
        bytesInFlight = inFlight;
        smoothedRttNs = smoothedNs;
        if (rttSampleNs > 0) {
            latestRttNs = rttSampleNs;
            rtts.add(now, rttSampleNs);
        }
        controller.onAckEnd(now, inFlight, rttSampleNs, smoothedNs, minRttNs);
        look();
    }

    @Override
    public void onApplicationLimited(long inFlight) {
        controller.onApplicationLimited(inFlight);
        look();
    }

    @Override
    public void onPacketLost(long packetNumber, int bytes, long sentNs, long[] columns, int at) {
        lostPackets++;
        controller.onPacketLost(packetNumber + numbersFrom, bytes, sentNs, columns, at);
    }

    @Override
    public void onPacketsLost(
            long now, long largestLost, long largestLostSentNs, long lostBytes, boolean persistentCongestion) {
        bytesInFlight = Math.max(0, bytesInFlight - lostBytes);
        controller.onPacketsLost(now, largestLost + numbersFrom, largestLostSentNs, lostBytes, persistentCongestion);
        look();
    }

    @Override
    public void onCongestionExperienced(long now, long sentNs, long marked) {
        markedPackets += marked;
        controller.onCongestionExperienced(now, sentNs, marked);
        look();
    }

    @Override
    public void onSpuriousLoss(long now, long packetNumber, int bytes, long sentNs) {
        spuriousLosses++;
        controller.onSpuriousLoss(now, packetNumber + numbersFrom, bytes, sentNs);
        look();
    }

    @Override
    public void onMaxDatagramSize(int bytes) {
        controller.onMaxDatagramSize(bytes);
        look();
    }

    @Override
    public long windowBytes() {
        return controller.windowBytes();
    }

    @Override
    public long pacingRateBytesPerSecond() {
        return controller.pacingRateBytesPerSecond();
    }

    @Override
    public long sendQuantumBytes() {
        return controller.sendQuantumBytes();
    }

    @Override
    public String state() {
        return controller.state();
    }

    @Override
    public long bandwidthBytesPerSecond() {
        return controller.bandwidthBytesPerSecond();
    }

    private void look() {
        String now = controller.state();
        if (!now.equals(state)) {
            state = now;
            onStateChange.run();
        }
    }
}
