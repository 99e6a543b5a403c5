package io.stoq.transport.driver;

import io.stoq.CloseReason;
import io.stoq.StoqException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What the peer sent and no handler took: streams or datagrams that wait for a thread. Thread-safe, bounded. */
final class Arrivals<T> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<T> waiting = new ArrayDeque<>();
    private final int limit;
    private final String what;
    private CloseReason ended;
    private long dropped;

    /** @param limit above which the oldest makes room for the newest */
    Arrivals(int limit, String what) {
        this.limit = limit;
        this.what = what;
    }

    void add(T arrival) {
        lock.lock();
        try {
            if (waiting.size() == limit) {
                waiting.poll();
                dropped++;
            }
            waiting.add(arrival);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more comes; what waits can still be taken. */
    void end(CloseReason reason) {
        lock.lock();
        try {
            ended = reason;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next arrival; {@code timeout} null for as long as it takes. */
    T take(Duration timeout) throws StoqException {
        long leftNs = timeout == null ? Long.MAX_VALUE : timeout.toNanos();
        try {
            lock.lockInterruptibly();
            try {
                while (waiting.isEmpty()) {
                    if (ended != null) {
                        throw new StoqException.ConnectionClosed(ended);
                    }
                    if (leftNs <= 0) {
                        throw new StoqException.Timeout("no " + what + " came within " + timeout.toMillis() + " ms");
                    }
                    if (timeout == null) {
                        changed.await();
                    } else {
                        leftNs = changed.awaitNanos(leftNs);
                    }
                }
                return waiting.poll();
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoqException.Interrupted("interrupted while waiting for a " + what, 0);
        }
    }

    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }
}
