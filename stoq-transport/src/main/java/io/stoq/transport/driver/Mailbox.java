package io.stoq.transport.driver;

import java.util.concurrent.atomic.AtomicReference;

/**
 * What threads want done by a loop: many put, the loop takes. Lock-free; a stack that is turned around when it is emptied,
 * so work runs in the order in which it came.
 */
final class Mailbox {

    /** Outcome of {@link #put}. */
    enum Put {
        /** The box was empty: the loop has to be woken. */
        FIRST,
        /** Whoever was first has woken the loop. */
        BEHIND,
        /** The work is in the box already. */
        ALREADY,
        /** The box is closed; what there is to do is the caller's. */
        REFUSED
    }

    private static final LoopWork CLOSED = new LoopWork() {
        @Override
        void run(long nowNs) {}
    };

    private final AtomicReference<LoopWork> top = new AtomicReference<>();

    /** Any thread. */
    Put put(LoopWork work) {
        if (!work.tryQueue()) {
            return Put.ALREADY;
        }
        while (true) {
            LoopWork before = top.get();
            if (before == CLOSED) {
                return Put.REFUSED;
            }
            work.next = before;
            if (top.compareAndSet(before, work)) {
                return before == null ? Put.FIRST : Put.BEHIND;
            }
        }
    }

    boolean isClosed() {
        return top.get() == CLOSED;
    }

    boolean isEmpty() {
        return top.get() == null;
    }

    /** Runs all that is in the box now; on the loop. */
    void drain(long nowNs) {
        if (top.get() != null && !isClosed()) {
            run(top.getAndSet(null), nowNs);
        }
    }

    /** Closes the box for good if nothing is in it; on the loop. */
    boolean closeIfEmpty() {
        return top.compareAndSet(null, CLOSED);
    }

    /** Closes the box for good and runs what is in it; on the loop. */
    void close(long nowNs) {
        LoopWork left = top.getAndSet(CLOSED);
        if (left != CLOSED) {
            run(left, nowNs);
        }
    }

    private static void run(LoopWork newestFirst, long nowNs) {
        LoopWork oldestFirst = null;
        for (LoopWork work = newestFirst; work != null; ) {
            LoopWork older = work.next;
            work.next = oldestFirst;
            oldestFirst = work;
            work = older;
        }
        for (LoopWork work = oldestFirst; work != null; ) {
            LoopWork newer = work.next;
            work.next = null;
            work.dequeued();
            work.run(nowNs);
            work = newer;
        }
    }
}
