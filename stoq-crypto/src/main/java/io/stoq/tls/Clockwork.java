package io.stoq.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The time, chance, and one thread that does things later: what stories in virtual time replace. */
interface Clockwork extends AutoCloseable {

    Instant now();

    /** From 0 to less than 1. */
    double random();

    /** Runs a task on the thread, not at the same time as another. Nothing happens after {@link #close}. */
    void after(Duration delay, Runnable task);

    /** Waits for nothing. */
    @Override
    void close();

    /** The system's clock and a thread of this name, which keeps no program running. */
    static Clockwork thread(String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name(name).daemon().factory());
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRejectedExecutionHandler((task, of) -> {}); // closed meanwhile
        return new Clockwork() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public double random() {
                return ThreadLocalRandom.current().nextDouble();
            }

            @Override
            public void after(Duration delay, Runnable task) {
                executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            }

            @Override
            public void close() {
                executor.shutdown();
            }
        };
    }
}
