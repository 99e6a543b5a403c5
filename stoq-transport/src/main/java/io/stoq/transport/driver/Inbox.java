package io.stoq.transport.driver;

import io.stoq.StoqException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** What came from the peer and waits to be taken by a thread: streams, datagrams. Thread-safe, bounded by its owner. */
final class Inbox<T> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<T> waiting = new ArrayDeque<>();
    private final String what;
    private Supplier<StoqException> end;

    /** @param what a noun for messages, such as {@code stream} */
    Inbox(String what) {
        this.what = what;
    }

    void add(T item) {
        lock.lock();
        try {
            waiting.add(item);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** The oldest, or null. */
    T poll() {
        lock.lock();
        try {
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether it was waiting. */
    boolean remove(T item) {
        lock.lock();
        try {
            return waiting.remove(item);
        } finally {
            lock.unlock();
        }
    }

    /** From now on whoever finds nothing gets this exception. */
    void end(Supplier<StoqException> exception) {
        lock.lock();
        try {
            end = exception;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the oldest. */
    T take(Deadline deadline) throws StoqException {
        try {
            lock.lockInterruptibly();
            try {
                while (waiting.isEmpty()) {
                    if (end != null) {
                        throw end.get();
                    }
                    if (!deadline.await(changed) && waiting.isEmpty()) {
                        throw new StoqException.Timeout("no " + what + " came in time");
                    }
                }
                return waiting.poll();
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoqException.Interrupted("interrupted while waiting for a " + what, 0);
        }
    }
}
