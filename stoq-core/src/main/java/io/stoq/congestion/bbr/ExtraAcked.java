package io.stoq.congestion.bbr;

/** How much more than the bandwidth explains is acknowledged at once: what the path, or the peer, gathers up. §5.5.9 */
final class ExtraAcked {

    private final WindowedMax filter = new WindowedMax();
    private long startNs;
    private long ackedBytes;

    long bytes() {
        return filter.value();
    }

    /** A flow that begins, or goes on after a pause, is not late, and has not been acknowledged too much (draft: the former). */
    void restart(long nowNs) {
        startNs = nowNs;
        ackedBytes = 0;
    }

    void onAck(long nowNs, long newlyAckedBytes, long bytesPerSecond, long windowBytes, long round, int rounds) {
        long expected = Rates.bytesWithin(bytesPerSecond, nowNs - startNs);
        if (ackedBytes <= expected) {
            ackedBytes = 0;
            startNs = nowNs;
            expected = 0;
        }
        ackedBytes += newlyAckedBytes;
        filter.update(Math.min(ackedBytes - expected, windowBytes), round, rounds);
    }
}
