package io.stoq.congestion.bbr;

/**
 * How much of what is sent is lost by the path rather than by a queue, on average over some round trips, and up to what is
 * tolerated. A path that loses a hundredth of all packets carries what it can only if a hundredth more is sent.
 */
final class LossShare {

    private static final int ROUNDS = 8;

    private static final long MICRO = 1_000_000;

    private final long mostMicro;
    private long deliveredAtStart;
    private long lostAtStart;
    private long micro;

    LossShare(BbrParameters parameters) {
        mostMicro = MICRO * parameters.toleratedLossPercent() / 100;
    }

    void onRoundStart(long deliveredBytes, long lostBytes) {
        long delivered = Math.max(0, deliveredBytes - deliveredAtStart);
        long lost = Math.max(0, lostBytes - lostAtStart);
        deliveredAtStart = deliveredBytes;
        lostAtStart = lostBytes;
        if (delivered > 0) {
            long latestMicro = Math.min(mostMicro, lost * MICRO / (delivered + lost));
            micro += (latestMicro - micro) / ROUNDS;
        }
    }

    /** What has to be sent so that {@code bytesPerSecond} are delivered. */
    long replaced(long bytesPerSecond) {
        return bytesPerSecond + bytesPerSecond / MICRO * micro;
    }
}
