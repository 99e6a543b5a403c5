package io.stoq.transport.driver;

import java.time.Duration;

/** Until when a thread waits. Read by the clock of threads, which no loop uses. Immutable. */
public final class Deadline {

    /** As long as it takes. */
    public static final Deadline NEVER = new Deadline(false, 0);

    private final boolean timed;
    private final long endNs;

    private Deadline(boolean timed, long endNs) {
        this.timed = timed;
        this.endNs = endNs;
    }

    /** @param timeout from now; one that is zero or negative has passed */
    public static Deadline in(Duration timeout) {
        long timeoutNs = timeout.compareTo(Duration.ofNanos(Long.MAX_VALUE / 2)) >= 0
                ? Long.MAX_VALUE / 2
                : timeout.isNegative() ? 0 : timeout.toNanos();
        return new Deadline(true, System.nanoTime() + timeoutNs);
    }

    /** Nanoseconds that are left, 0 or less when it has passed; {@code Long.MAX_VALUE} where there is no end. */
    public long leftNs() {
        return timed ? endNs - System.nanoTime() : Long.MAX_VALUE;
    }

    /** What is left, never negative. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, leftNs()));
    }
}
