package io.stoq.congestion;

/** A sender that fills its window, and whose packets are acknowledged a round trip later. */
final class Flow {

    private static final long[] NO_COLUMNS = {};

    final CongestionController controller;
    private final int datagramBytes;
    private final long rttNs;
    long nowNs = 1_000_000_000;
    private long packetNumber;

    Flow(CongestionController controller, int datagramBytes, long rttNs) {
        this.controller = controller;
        this.datagramBytes = datagramBytes;
        this.rttNs = rttNs;
    }

    long window() {
        return controller.windowBytes();
    }

    /** A full window leaves and is acknowledged, some packets at a time. */
    void round() {
        exchange(window(), false);
    }

    /** Only so much leaves, for lack of data. */
    void idleRound(long bytes) {
        exchange(bytes, true);
    }

    /** The last packet of a full window is lost. */
    void lose() {
        nowNs += rttNs;
        controller.onPacketsLost(nowNs, packetNumber++, nowNs - rttNs, datagramBytes, false);
    }

    void ackOne(long atNs, long sentNs) {
        controller.onAckBegin(atNs, window(), false);
        controller.onPacketAcked(packetNumber++, datagramBytes, sentNs, NO_COLUMNS, 0);
        controller.onAckEnd(atNs, window() - datagramBytes, rttNs, rttNs, rttNs);
    }

    private void exchange(long bytes, boolean applicationLimited) {
        // Not to the byte: a window is acknowledged in full, with its last packet made to measure.
        long sentNs = nowNs + 1;
        long left = bytes;
        long inFlight = 0;
        while (left > 0) {
            int size = (int) Math.min(left, datagramBytes);
            controller.onPacketSent(sentNs, packetNumber++, size, inFlight, NO_COLUMNS, 0);
            inFlight += size;
            left -= size;
        }
        long steps = Math.min(10, Math.max(1, inFlight / datagramBytes));
        long atNs = sentNs + rttNs;
        for (long step = steps; step > 0; step--) {
            controller.onAckBegin(atNs, applicationLimited ? inFlight : window(), applicationLimited);
            long share = inFlight / step;
            inFlight -= share;
            while (share > 0) {
                int size = (int) Math.min(share, datagramBytes);
                controller.onPacketAcked(packetNumber++, size, sentNs, NO_COLUMNS, 0);
                share -= size;
            }
            controller.onAckEnd(atNs, inFlight, rttNs, rttNs, rttNs);
        }
        nowNs = atNs;
    }
}
