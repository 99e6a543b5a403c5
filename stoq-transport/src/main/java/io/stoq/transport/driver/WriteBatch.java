package io.stoq.transport.driver;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What is written to a connection and not handed to its engine yet. Any thread writes; the loop hands over.
 *
 * <p>Without a delay the loop is told at once, and what is written until it comes round goes along. With a delay the loop is
 * told of the first write, to set its timer, and of the one that makes the batch full: a hundred writes wake it twice.
 */
final class WriteBatch extends LoopWork {

    private final LoopDriver driver;
    private final Batching limits;

    /** The outputs that were written to. */
    private final Mailbox held = new Mailbox();

    private final AtomicLong frames = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean flushed;

    /** When the batch that waits is to be handed over. Loop. */
    long deadlineNs;

    WriteBatch(LoopDriver driver) {
        this.driver = driver;
        this.limits = driver.settings().batching();
    }

    /** So many bytes more are in the output. */
    void onWritten(LoopWork output, int length) {
        if (limits.delayNs() == 0) {
            driver.submit(output);
            if (driver.inLoop()) {
                driver.onWrittenInTurn(length);
            }
            return;
        }
        boolean full = limits.isFull(frames.incrementAndGet(), bytes.addAndGet(length));
        boolean first = held.put(output) == Mailbox.Put.FIRST;
        if (full) {
            flush();
        } else if (first) {
            driver.submit(this);
        }
    }

    /** Has work done soon that does not wait for a batch; what waits goes along. */
    void submit(LoopWork work) {
        driver.submit(work);
        if (!held.isEmpty()) {
            flush();
        }
    }

    /** Waits for no more. */
    void flush() {
        if (driver.inLoop()) {
            driver.transmitSoon();
        }
        if (!held.isEmpty()) {
            flushed = true;
            driver.submit(this);
        }
    }

    // ---- loop

    @Override
    void run(long nowNs) {
        if (!driver.inLoop()) {
            // The driver has ended, and left this to the caller.
            release(nowNs);
        } else if (flushed || driver.isEnded()) {
            driver.openBatches().remove(this);
            release(nowNs);
        } else if (!held.isEmpty()) {
            driver.openBatches().add(this, nowNs + limits.delayNs());
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
