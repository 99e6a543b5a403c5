package io.stoq.congestion.bbr;

/** The time that callers pass in, but never stepping back: what a step takes away is added again from then on. */
final class MonotonicClock {

    private long lastNs = Long.MIN_VALUE;
    private long offsetNs;

    /** The caller's time in ours, which never falls. */
    long advanceTo(long callersNs) {
        long ns = callersNs + offsetNs;
        if (ns < lastNs) {
            offsetNs += lastNs - ns;
            ns = lastNs;
        }
        lastNs = ns;
        return ns;
    }

    /** A time of the caller's past, in ours; wrong by the step, once, where the clock has stepped back since then. */
    long past(long callersNs) {
        return Math.min(callersNs + offsetNs, lastNs);
    }
}
