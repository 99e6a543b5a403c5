package io.stoq.transport.driver;

import java.util.LinkedHashSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What one driver knows of the batches of its connections: those that wait for their time, and how much handlers wrote in the
 * turn that runs. Confined to the loop, where nothing else is said.
 */
final class Batches {

    private final Batching limits;
    private final Consumer<LoopWork> mailbox;
    private final BooleanSupplier inLoop;

    /** The earliest first: all wait equally long. */
    private final LinkedHashSet<WriteBatch> waiting = new LinkedHashSet<>();

    private int writtenFrames;
    private long writtenBytes;
    private boolean transmitsSoon;
    private boolean ended;

    /**
     * @param mailbox has work run on the loop soon, by the caller where the driver has ended
     * @param inLoop whether the caller is the loop
     */
    Batches(Batching limits, Consumer<LoopWork> mailbox, BooleanSupplier inLoop) {
        this.limits = limits;
        this.mailbox = mailbox;
        this.inLoop = inLoop;
    }

    // ---- any thread

    Batching limits() {
        return limits;
    }

    void submit(LoopWork work) {
        mailbox.accept(work);
    }

    boolean inLoop() {
        return inLoop.getAsBoolean();
    }

    // ---- batches that wait

    /** Hands the batch over at the deadline, or at once where the driver has ended; one that waits already stays as it is. */
    void add(WriteBatch batch, long nowNs, long deadlineNs) {
        if (ended) {
            batch.release(nowNs);
        } else if (waiting.add(batch)) {
            batch.deadlineNs = deadlineNs;
        }
    }

    void remove(WriteBatch batch) {
        waiting.remove(batch);
    }

    /** When the first is due; {@code Long.MAX_VALUE} where none waits. */
    long deadlineNs() {
        return waiting.isEmpty() ? Long.MAX_VALUE : waiting.getFirst().deadlineNs;
    }

    /** Hands over those that are due. */
    void releaseDue(long nowNs) {
        while (deadlineNs() <= nowNs) {
            waiting.removeFirst().release(nowNs);
        }
    }

    /** The driver has ended: nothing waits any more. */
    void end(long nowNs) {
        ended = true;
        while (!waiting.isEmpty()) {
            waiting.removeFirst().release(nowNs);
        }
    }

    // ---- what handlers write in a turn

    void onWrittenInTurn(int bytes) {
        writtenFrames++;
        writtenBytes += bytes;
        transmitsSoon |= limits.isFull(writtenFrames, writtenBytes);
    }

    /** A handler flushes. */
    void transmitSoon() {
        transmitsSoon = true;
    }

    /** Whether what handlers wrote is to be sent before the turn reads on. */
    boolean transmitsSoon() {
        return transmitsSoon;
    }

    void onTransmit() {
        writtenFrames = 0;
        writtenBytes = 0;
        transmitsSoon = false;
    }
}
