package io.stoq.congestion.bbr;

/**
 * Whether a queue is building up: several round trips in a row take longer than any did in the rounds before.
 *
 * <p>Set against the longest rather than the shortest, it is as fine as the path is quiet: noise that is there all the time
 * says nothing. HyStart++ (RFC 9406), whose threshold is fixed, hears of a queue only when it is long already.
 */
final class RisingDelay {

    private static final int SAMPLES = 4;

    /** Of the shortest round trip: what clocks, and packets that meet each other, do. */
    private static final int MARGIN_DIVISOR = 100;

    private static final long NONE = Long.MAX_VALUE;

    private long longestNs;

    /** In each of the last two rounds: one of them may have seen the queue's beginning. */
    private long longestLastNs = NONE;

    private long longestBeforeNs = NONE;
    private int longerSamples;
    private boolean building;
    private long boundNs;

    boolean isQueueBuilding() {
        return building;
    }

    /** What was seen while the application sent little says nothing of what comes. */
    void restart() {
        longestNs = 0;
        longestLastNs = NONE;
        longestBeforeNs = NONE;
        longerSamples = 0;
        building = false;
    }

    /** @param sampleNs 0 for none */
    void onAck(boolean roundStart, long sampleNs, long minRttNs) {
        if (roundStart) {
            longestBeforeNs = longestLastNs;
            longestLastNs = longestNs == 0 ? NONE : longestNs;
            longestNs = 0;
        }
        if (sampleNs <= 0) {
            return;
        }
        longestNs = Math.max(longestNs, sampleNs);
        if (building) {
            building = sampleNs > boundNs; // or else it has gone away, or was none
            longerSamples = building ? SAMPLES : 0;
            return;
        }
        long longest = Math.min(longestBeforeNs, longestLastNs);
        boundNs = longest == NONE ? NONE : longest + minRttNs / MARGIN_DIVISOR;
        longerSamples = sampleNs > boundNs ? longerSamples + 1 : 0;
        building = longerSamples == SAMPLES;
    }
}
