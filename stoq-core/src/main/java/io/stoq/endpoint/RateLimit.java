package io.stoq.endpoint;

/**
 * So many at once, and one more each interval. Confined to one loop; one number of state.
 *
 * <p>Kept is the time at which all would be earned again. A time that lies further ahead than it ever can is none.
 */
final class RateLimit {

    private final long intervalNs;
    private final int burst;
    private long earnedNs;

    RateLimit(long intervalNs, int burst) {
        this.intervalNs = intervalNs;
        this.burst = burst;
    }

    /** Whether one more may be; what may not does not count. */
    boolean allows(long nowNs) {
        long next = next(earnedNs, nowNs, intervalNs, burst);
        if (next - nowNs > burst * intervalNs) {
            return false;
        }
        earnedNs = next;
        return true;
    }

    /**
     * Counts one more.
     *
     * @param earnedNs what the last call returned, or 0
     * @return the time at which all are earned again, at most twice the burst ahead
     */
    static long next(long earnedNs, long nowNs, long intervalNs, int burst) {
        long aheadNs = earnedNs - nowNs;
        long mostNs = 2 * burst * intervalNs;
        return nowNs + (aheadNs <= 0 || aheadNs > mostNs ? intervalNs : Math.min(aheadNs + intervalNs, mostNs));
    }
}
