package io.stoq.transport.driver;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;

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

    /**
     * Takes the lock; false where the time passes first. Like all that follows it sets no timer where there is no end.
     */
    boolean tryLock(Lock lock) throws InterruptedException {
        if (timed) {
            return lock.tryLock(Math.max(0, leftNs()), TimeUnit.NANOSECONDS);
        }
        lock.lockInterruptibly();
        return true;
    }

    /** Waits for a condition, or for nothing; false where the time has passed. */
    boolean await(Condition condition) throws InterruptedException {
        if (timed) {
            return condition.awaitNanos(leftNs()) > 0;
        }
        condition.await();
        return true;
    }

    /** Parks the thread, at the longest until the time has passed; false where it has passed before. */
    boolean park(Object blocker) {
        if (!timed) {
            LockSupport.park(blocker);
            return true;
        }
        long leftNs = leftNs();
        if (leftNs > 0) {
            LockSupport.parkNanos(blocker, leftNs);
        }
        return leftNs > 0;
    }

    /** What the future completes with. */
    public <T> T get(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return timed ? future.get(leftNs(), TimeUnit.NANOSECONDS) : future.get();
    }

    /** What is left, never negative. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, leftNs()));
    }
}
