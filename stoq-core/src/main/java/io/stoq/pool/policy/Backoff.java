package io.stoq.pool.policy;

import io.stoq.pool.PoolConfig;
import java.util.function.LongSupplier;

/** When to try again: exponential, capped, with chance in it so that many clients do not come back together. */
final class Backoff {

    private final long baseNs;
    private final long capNs;
    private final double jitter;
    private final LongSupplier random;
    private int failures;
    private long dueNs;

    Backoff(PoolConfig.Dialing config, LongSupplier random) {
        this.baseNs = config.backoffBase().toNanos();
        this.capNs = config.backoffCap().toNanos();
        this.jitter = config.jitter();
        this.random = random;
    }

    /** Returns the delay, in nanoseconds. */
    long onFailure(long nowNs) {
        int doublings = Math.min(failures, Long.numberOfLeadingZeros(baseNs) - 1);
        failures++;
        long fullNs = Math.min(baseNs << doublings, capNs);
        double chance = (random.getAsLong() >>> 11) * 0x1p-53;
        long delayNs = fullNs - (long) (fullNs * jitter * chance);
        dueNs = Math.max(dueNs, nowNs + delayNs);
        return delayNs;
    }

    /** A connection came about: the next may follow at once, but whether the endpoint is well is seen later. */
    void onSuccess() {
        dueNs = 0;
    }

    /** A connection lived long enough. */
    void onStable() {
        failures = 0;
    }

    int failures() {
        return failures;
    }

    /** Nothing may be tried before. */
    long dueNs() {
        return dueNs;
    }
}
