package io.stoq.transport;

import io.stoq.congestion.CongestionController;
import io.stoq.congestion.CongestionParameters;

/**
 * A congestion controller of one's own, as small as can be: one datagram more for each round trip, half at each loss or mark,
 * paced over the round trip. The engine calls it on the connection's loop; it reads no clock, takes no lock and allocates
 * nothing after it was made.
 */
class Aimd implements CongestionController {

    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long MAX_WINDOW_BYTES = 64 << 20;

    private int datagramBytes;
    private long windowBytes;
    private long ackedBytes;
    private long reducedNs = Long.MIN_VALUE;
    private long rate = UNPACED;
    private boolean applicationLimited;

    Aimd(CongestionParameters parameters) {
        datagramBytes = parameters.maxDatagramBytes();
        windowBytes = parameters.initialWindowBytes();
    }

    @Override
    public String name() {
        return "aimd";
    }

    @Override
    public void onPacketSent(
            long nowNs, long packetNumber, int bytes, long bytesInFlightBefore, long[] columns, int at) {}

    @Override
    public void onAckBegin(long nowNs, long bytesInFlightBefore, boolean applicationLimited) {
        this.applicationLimited = applicationLimited;
    }

    @Override
    public void onPacketAcked(long packetNumber, int bytes, long sentNs, long[] columns, int at) {
        ackedBytes += bytes;
    }

    @Override
    public void onAckEnd(long nowNs, long bytesInFlight, long rttSampleNs, long smoothedRttNs, long minRttNs) {
        if (applicationLimited) {
            ackedBytes = 0; // a window that is not used proves nothing
        } else if (ackedBytes >= windowBytes) {
            ackedBytes = 0;
            windowBytes = Math.min(windowBytes + datagramBytes, MAX_WINDOW_BYTES);
        }
        // A quarter more than a window each round trip, so that the window is what limits. A round trip may be 0 ns.
        rate = smoothedRttNs < 1_000_000 ? UNPACED : windowBytes * NS_PER_SECOND / smoothedRttNs * 5 / 4;
    }

    @Override
    public void onPacketsLost(
            long nowNs, long largestLost, long largestLostSentNs, long lostBytes, boolean persistentCongestion) {
        halve(nowNs, largestLostSentNs);
    }

    @Override
    public void onCongestionExperienced(long nowNs, long sentNs, long markedPackets) {
        halve(nowNs, sentNs);
    }

    /** Once for all that was sent before the window was halved. */
    private void halve(long nowNs, long sentNs) {
        if (sentNs > reducedNs) {
            reducedNs = nowNs;
            windowBytes = Math.max(windowBytes / 2, 2L * datagramBytes);
        }
    }

    @Override
    public void onSpuriousLoss(long nowNs, long packetNumber, int bytes, long sentNs) {}

    @Override
    public void onMaxDatagramSize(int bytes) {
        datagramBytes = bytes;
        windowBytes = Math.max(windowBytes, 2L * bytes); // less would not let a datagram go
    }

    @Override
    public long windowBytes() {
        return windowBytes;
    }

    @Override
    public long pacingRateBytesPerSecond() {
        return rate;
    }

    @Override
    public long sendQuantumBytes() {
        return Math.max(2L * datagramBytes, rate == UNPACED ? 64 << 10 : Math.min(rate / 1000, 64 << 10));
    }

    @Override
    public String state() {
        return "additive increase";
    }
}
