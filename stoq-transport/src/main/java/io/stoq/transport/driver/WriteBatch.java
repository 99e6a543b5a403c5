package io.stoq.transport.driver;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What is written to a connection and not handed to its engine yet. Any thread writes; the loop hands over.
 *
 * <p>Without a delay the loop is told at once, and what is written until it comes round goes along. With a delay the loop is
 * told of the first write, to set its timer, and of the one that makes the batch full: a hundred writes wake it twice.
 */
final class WriteBatch extends LoopWork {

    private final Batches batches;
    private final Batching limits;

    /** The outputs that were written to. */
    private final Mailbox held = new Mailbox();

    private final AtomicLong frames = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean flushed;

    /** When it is handed over, while it is one of those that wait. Loop. */
    long deadlineNs;

    WriteBatch(Batches batches) {
        this.batches = batches;
        this.limits = batches.limits();
    }

    // ---- any thread

    /** So many bytes more are in the output. */
    void onWritten(LoopWork output, int length) {
        if (limits.delayNs() == 0) {
            batches.submit(output);
            if (batches.inLoop()) {
                batches.onWrittenInTurn(length);
            }
            return;
        }
        boolean full = limits.isFull(frames.incrementAndGet(), bytes.addAndGet(length));
        boolean first = held.put(output) == Mailbox.Put.FIRST;
        if (full) {
            flush();
        } else if (first) {
            batches.submit(this);
        }
    }

    /** Has work done soon that waits for no batch; what waits goes along, as that work may be among it. */
    void submit(LoopWork work) {
        batches.submit(work);
        release();
    }

    /** What waits goes now. */
    void flush() {
        if (batches.inLoop()) {
            batches.transmitSoon();
        }
        release();
    }

    private void release() {
        if (!held.isEmpty()) {
            flushed = true;
            batches.submit(this);
        }
    }

    // ---- loop, or whoever comes after its end

    @Override
    void run(long nowNs) {
        if (!batches.inLoop()) {
            // The driver has ended, and left this to the caller.
            release(nowNs);
        } else if (flushed) {
            batches.remove(this);
            release(nowNs);
        } else if (!held.isEmpty()) {
            batches.add(this, nowNs, nowNs + limits.delayNs());
        }
    }

    /** Hands over what waits. */
    void release(long nowNs) {
        flushed = false;
        frames.set(0);
        bytes.set(0);
        held.drain(nowNs);
    }
}
