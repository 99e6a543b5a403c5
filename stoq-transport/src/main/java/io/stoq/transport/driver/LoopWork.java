package io.stoq.transport.driver;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Something that any thread may ask a loop to do, and that may have something to tell to threads in return. Once asked for it runs once, however often it is asked for again before:
 * so a stream that is written to a thousand times between two turns costs one entry, and no allocation.
 */
abstract class LoopWork {

    /** The work that was queued before this one; the mailbox's. */
    LoopWork next;

    /** What signals after this at the end of the turn; the driver's. */
    LoopWork nextSignal;

    /** Whether {@link #signal} is due; the driver's. */
    boolean signalQueued;

    private final AtomicBoolean queued = new AtomicBoolean();

    /** On the loop; also when the driver has ended, for work that came too late. */
    abstract void run(long nowNs);

    /** Tells threads what has changed, once a turn at most. On the loop, after {@link LoopDriver#signalLater}. */
    void signal() {}

    /** Whether the caller is the one to put it into the mailbox. */
    final boolean tryQueue() {
        return !queued.get() && queued.compareAndSet(false, true);
    }

    /** What is asked for from here on needs another run. */
    final void dequeued() {
        queued.set(false);
    }
}
