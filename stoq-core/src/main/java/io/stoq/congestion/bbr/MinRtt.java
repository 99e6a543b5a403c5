package io.stoq.congestion.bbr;

/** The shortest round trip of late, and when it is time to look for a shorter one. §5.3.4.3 */
final class MinRtt {

    /** Longer ones are the clock's doing. */
    private static final long MAX_RTT_NS = 60_000_000_000L;

    private final long probeIntervalNs;
    private final long filterNs;

    private long minNs;
    private long minStampNs;
    private long probedNs;
    private long probedStampNs;
    private boolean expired;

    MinRtt(BbrParameters parameters) {
        probeIntervalNs = parameters.probeRttIntervalNs();
        filterNs = parameters.minRttFilterNs();
    }

    /** 0 while there was no sample. */
    long ns() {
        return minNs;
    }

    /** Whether no shorter sample came for an interval. */
    boolean isProbeDue() {
        return expired;
    }

    /** @param sampleNs 0 for none */
    void onAck(long nowNs, long sampleNs) {
        expired = probedNs > 0 && nowNs - probedStampNs > probeIntervalNs;
        if (sampleNs > 0 && (probedNs == 0 || sampleNs < probedNs || expired)) {
            probedNs = Math.min(sampleNs, MAX_RTT_NS);
            probedStampNs = nowNs;
        }
        if (probedNs > 0 && (minNs == 0 || probedNs < minNs || nowNs - minStampNs > filterNs)) {
            minNs = probedNs;
            minStampNs = probedStampNs;
        }
    }

    /** The queue was just drained for a sample: the next time is an interval away. */
    void onProbed(long nowNs) {
        probedStampNs = nowNs;
    }
}
