package io.stoq.recovery;

/** Round trip time of one path. Confined to the connection's loop. RFC 9002 §5. */
public final class RttEstimator {

    /** Timers are not expected to be more precise than this. RFC 9002 §6.1.2 */
    static final long GRANULARITY_NS = 1_000_000;

    /** No round trip is longer; a clock that jumps makes it seem so, and would let every timer wait for the same time. */
    static final long MAX_SAMPLE_NS = 60_000_000_000L;

    private long latestNs;
    private long smoothedNs;
    private long varianceNs;
    private long minNs;
    private long firstSampleNs = Long.MAX_VALUE;
    private boolean restartMin;

    RttEstimator(long initialRttNs) {
        smoothedNs = initialRttNs;
        varianceNs = initialRttNs / 2;
    }

    public boolean hasSample() {
        return firstSampleNs != Long.MAX_VALUE;
    }

    /** The last sample, or 0 when there was none. */
    public long latestNs() {
        return latestNs;
    }

    /** The smoothed round trip time; the initial one until there is a sample. */
    public long smoothedNs() {
        return smoothedNs;
    }

    public long varianceNs() {
        return varianceNs;
    }

    /** The shortest sample, or 0 when there was none. */
    public long minNs() {
        return minNs;
    }

    /** The probe timeout without back-off. RFC 9002 §6.2.1 */
    public long ptoNs(long maxAckDelayNs) {
        return smoothedNs + Math.max(4 * varianceNs, GRANULARITY_NS) + maxAckDelayNs;
    }

    /** How old a packet may get, when a later one was acknowledged, before it counts as lost. RFC 9002 §6.1.2 */
    long lossDelayNs() {
        long rttNs = Math.max(latestNs, smoothedNs);
        return Math.max(rttNs + rttNs / 8, GRANULARITY_NS);
    }

    /** When the first sample was taken, or {@code Long.MAX_VALUE}. */
    long firstSampleNs() {
        return firstSampleNs;
    }

    /**
     * Takes a sample.
     *
     * @param ackDelayNs what the peer says it waited, limited already to what it may wait
     * @return the round trip with that wait; 0 where the clock stood still or jumped
     */
    long onSample(long sentNs, long ackDelayNs, long nowNs) {
        long rttNs = nowNs - sentNs;
        if (rttNs < 0 || rttNs > MAX_SAMPLE_NS) {
            return 0; // the clock jumped: this sample says nothing
        }
        latestNs = rttNs;
        if (!hasSample()) {
            firstSampleNs = nowNs;
            minNs = rttNs;
            smoothedNs = rttNs;
            varianceNs = rttNs / 2;
            return rttNs;
        }
        // RFC 9002 §5.2: the peer's word is not used for the minimum.
        minNs = restartMin ? rttNs : Math.min(minNs, rttNs);
        restartMin = false;
        // RFC 9002 §5.3: a delay that would make the sample shorter than the minimum is not believed.
        long adjustedNs = rttNs - minNs >= ackDelayNs ? rttNs - ackDelayNs : rttNs;
        varianceNs += (Math.abs(smoothedNs - adjustedNs) - varianceNs) / 4;
        smoothedNs += (adjustedNs - smoothedNs) / 8;
        return rttNs;
    }

    /** RFC 9002 §5.2: after persistent congestion the path may be another one, so its minimum starts over. */
    void onPersistentCongestion() {
        restartMin = true;
    }
}
