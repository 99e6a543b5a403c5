package io.stoq.congestion.bbr;

import java.util.SplittableRandom;

/** A bottleneck with a drop-tail queue, then a delay. Its fields are its knobs; random numbers come from a seed. */
final class Link {

    static final long MS = 1_000_000;
    static final long SECOND = 1_000 * MS;
    static final long LOST = -1;

    private final SplittableRandom random;
    long bytesPerSecond;
    final long delayNs;
    long queueBytes;

    /** Packets lost at random, of a million. */
    int lossPerMillion;

    /** Every so manieth packet comes this much later, and so out of order; 0 for none. */
    int lateEvery;

    long lateByNs;

    /** What a token bucket lets pass; 0 for no policer. */
    long policedBytesPerSecond;

    long policerBurstBytes;

    long sentPackets;
    long lostPackets;
    long maxBacklogBytes;
    private long freeNs;
    private long tokens = -1;
    private long tokensNs;

    /** @param queueBdp of the bandwidth-delay product */
    static Link megabits(double megabits, long rttMs, double queueBdp, long seed) {
        long rate = Math.round(megabits * 125_000);
        double bdpBytes = (double) rate * rttMs / 1_000;
        return new Link(rate, rttMs * MS, (long) (bdpBytes * queueBdp), seed);
    }

    Link(long bytesPerSecond, long rttNs, long queueBytes, long seed) {
        this.bytesPerSecond = bytesPerSecond;
        this.queueBytes = queueBytes;
        delayNs = rttNs / 2;
        random = new SplittableRandom(seed);
    }

    long bdpBytes() {
        return (long) ((double) bytesPerSecond * 2 * delayNs / SECOND);
    }

    /** When a packet that is sent now arrives, or {@link #LOST}. */
    long pass(long nowNs, int bytes) {
        sentPackets++;
        if (random.nextInt(1_000_000) < lossPerMillion || !passesPolicer(nowNs, bytes)) {
            lostPackets++;
            return LOST;
        }
        long backlog = backlogBytes(nowNs);
        if (backlog + bytes > Math.max(queueBytes, 2L * bytes)) {
            lostPackets++;
            return LOST;
        }
        maxBacklogBytes = Math.max(maxBacklogBytes, backlog + bytes);
        freeNs = Math.max(freeNs, nowNs) + Math.max(1, Math.round((double) bytes * SECOND / bytesPerSecond));
        boolean late = lateEvery > 0 && sentPackets % lateEvery == 0;
        return freeNs + delayNs + (late ? lateByNs : 0);
    }

    long backlogBytes(long nowNs) {
        return freeNs <= nowNs ? 0 : (long) ((double) (freeNs - nowNs) * bytesPerSecond / SECOND);
    }

    private boolean passesPolicer(long nowNs, int bytes) {
        if (policedBytesPerSecond == 0) {
            return true;
        }
        if (tokens < 0) {
            tokens = policerBurstBytes;
            tokensNs = nowNs;
        }
        long fresh = (long) ((double) (nowNs - tokensNs) * policedBytesPerSecond / SECOND);
        if (fresh > 0) {
            tokens = Math.min(policerBurstBytes, tokens + fresh);
            tokensNs = nowNs;
        }
        if (tokens < bytes) {
            return false;
        }
        tokens -= bytes;
        return true;
    }
}
