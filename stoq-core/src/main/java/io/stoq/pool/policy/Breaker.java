package io.stoq.pool.policy;

import io.stoq.pool.BreakerState;
import io.stoq.pool.PoolConfig;

/** Stops trying after too many failures in a row, then lets one try decide. */
final class Breaker {

    private final int threshold;
    private final long openNs;
    private BreakerState state = BreakerState.CLOSED;
    private int failures;
    private long untilNs;

    Breaker(PoolConfig.Dialing config) {
        this.threshold = config.breakerFailures();
        this.openNs = config.breakerOpen().toNanos();
    }

    void onFailure(long nowNs) {
        failures++;
        if (state == BreakerState.HALF_OPEN || failures >= threshold) {
            state = BreakerState.OPEN;
            untilNs = nowNs + openNs;
        }
    }

    void onSuccess() {
        failures = 0;
        state = BreakerState.CLOSED;
    }

    /** Somebody wants a connection and its time has come: true where it may be tried. */
    boolean admits(long nowNs) {
        if (state == BreakerState.OPEN && nowNs >= untilNs) {
            state = BreakerState.HALF_OPEN;
        }
        return state != BreakerState.OPEN;
    }

    BreakerState state() {
        return state;
    }

    /** Nothing is tried before. */
    long dueNs() {
        return state == BreakerState.OPEN ? untilNs : 0;
    }
}
