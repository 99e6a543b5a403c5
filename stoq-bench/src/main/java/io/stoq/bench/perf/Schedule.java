package io.stoq.bench.perf;

import java.util.concurrent.locks.LockSupport;

/** When the messages of one thread are due: evenly, whatever became of those before. Confined to that thread. */
final class Schedule {

    /** A thread that sleeps comes back late by up to this, so it stays awake for the rest. */
    private static final long AWAKE_NS = 150_000;

    private final long startNs;
    private final double firstNs;
    private final double intervalNs;
    private long count;

    Schedule(long startNs, double firstNs, double intervalNs) {
        this.startNs = startNs;
        this.firstNs = firstNs;
        this.intervalNs = intervalNs;
    }

    /** Waits until the next message is due, and returns when that was: in the past for a thread that has fallen behind. */
    long awaitNext() {
        long dueNs = startNs + (long) (firstNs + count++ * intervalNs);
        for (long leftNs = dueNs - System.nanoTime(); leftNs > 0; leftNs = dueNs - System.nanoTime()) {
            if (leftNs > AWAKE_NS) {
                LockSupport.parkNanos(leftNs - AWAKE_NS);
            } else {
                Thread.onSpinWait();
            }
            if (Thread.currentThread().isInterrupted()) {
                return dueNs;
            }
        }
        return dueNs;
    }
}
