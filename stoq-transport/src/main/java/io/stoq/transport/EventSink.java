package io.stoq.transport;

import io.stoq.pool.PoolEvent;
import io.stoq.pool.PoolEvents;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings events to a listener one after the other, on a virtual thread that lives while there are any. Thread-safe. */
final class EventSink {

    /** Events that may wait for a slow listener; newer ones are dropped. */
    static final int MOST_WAITING = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(EventSink.class);

    private final PoolEvents listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<PoolEvent> waiting = new ArrayDeque<>();
    private boolean delivering;
    private volatile long dropped;

    /** @param listener null: nobody listens */
    EventSink(PoolEvents listener) {
        this.listener = listener;
    }

    void tell(PoolEvent event) {
        LOG.debug("{}", event);
        if (listener == null) {
            return;
        }
        lock.lock();
        try {
            if (waiting.size() == MOST_WAITING) {
                dropped = dropped + 1;
                return;
            }
            waiting.add(event);
            if (!delivering) {
                delivering = true;
                Thread.ofVirtual().name("stoq-pool-events").start(this::deliver);
            }
        } finally {
            lock.unlock();
        }
    }

    private void deliver() {
        for (PoolEvent event = next(); event != null; event = next()) {
            try {
                listener.onEvent(event);
            } catch (Throwable failure) { // an application's mistake is its own
                LOG.warn("the listener of a pool threw at {}", event, failure);
            }
        }
    }

    private PoolEvent next() {
        lock.lock();
        try {
            PoolEvent event = waiting.poll();
            delivering = event != null;
            return event;
        } finally {
            lock.unlock();
        }
    }

    long dropped() {
        return dropped;
    }
}
