package io.stoq.transport.driver;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How much of an output's bound is taken, and who waits for it to be less. Writers come here under the output's lock; the
 * loop, which makes room, takes no lock.
 */
final class OutputRoom {

    private final long capacityBytes;
    private final BooleanSupplier ended;

    /** Writers. */
    private long written;

    // Written by one side, read by the other; volatile, since each side writes its own and then looks at the other's
    private volatile long released;
    private volatile long wakeAtReleased;
    private volatile Thread waiter;
    private volatile boolean writableWanted;
    private volatile long writableAtReleased;

    /** @param ended whether there is no use in waiting any more; {@link #wake()} must follow when that changes */
    OutputRoom(long capacityBytes, BooleanSupplier ended) {
        this.capacityBytes = capacityBytes;
        this.ended = ended;
    }

    // ---- writers

    void onWritten(int bytes) {
        written += bytes;
    }

    /** Bytes written in all. */
    long written() {
        return written;
    }

    /** Bytes written and not released. */
    long taken() {
        return written - released;
    }

    /** Bytes that can be written now; 0 or less where there is no room. */
    long free() {
        return capacityBytes - taken();
    }

    /** Whether so much can be written; anything can where nothing is under way, so that no size is refused for ever. */
    boolean fits(int bytes) {
        return free() >= bytes || taken() == 0;
    }

    /** As {@link #fits}; where it does not, {@link #pollWritable()} tells when it does. */
    boolean admits(int bytes) {
        if (fits(bytes)) {
            return true;
        }
        writableAtReleased = Math.min(written, written + bytes - capacityBytes);
        writableWanted = true;
        // The loop may have made room before it could see the wish; then nobody would tell.
        return released >= writableAtReleased;
    }

    /** A writer could not even ask; it is told at the next release. Any thread. */
    void wantWritable() {
        writableWanted = true;
    }

    /**
     * Waits until half of the bound is free, or so much as is wanted if that is less, or the output has ended; to the deadline at
     * the latest.
     */
    void awaitSome(int wantedBytes, Deadline deadline) throws InterruptedException {
        awaitReleased(releasedFor(Math.min(wantedBytes, capacityBytes / 2)), deadline);
    }

    /** As {@link #awaitSome}, for all of what is wanted. */
    void awaitFree(int wantedBytes, Deadline deadline) throws InterruptedException {
        awaitReleased(Math.min(written, releasedFor(Math.max(wantedBytes, capacityBytes / 2))), deadline);
    }

    private long releasedFor(long freeBytes) {
        return written + freeBytes - capacityBytes;
    }

    private void awaitReleased(long bytes, Deadline deadline) throws InterruptedException {
        wakeAtReleased = bytes;
        waiter = Thread.currentThread();
        try {
            while (released < bytes && !ended.getAsBoolean()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException();
                }
                if (!deadline.park(this)) {
                    return;
                }
            }
        } finally {
            waiter = null;
        }
    }

    // ---- any thread

    /** The output has ended: whoever waits may stop. */
    void wake() {
        LockSupport.unpark(waiter);
    }

    // ---- loop

    void onReleased(int bytes) {
        released += bytes;
    }

    /** Wakes whoever waits for what was released. */
    void signal() {
        Thread thread = waiter;
        if (thread != null && (released >= wakeAtReleased || ended.getAsBoolean())) {
            LockSupport.unpark(thread);
        }
    }

    /** Whether no writer was sent away, or the last one can come back. */
    boolean isWritable() {
        return !writableWanted || released >= writableAtReleased;
    }

    /** Whether a writer that was sent away can come back; true once for each time. */
    boolean pollWritable() {
        boolean due = writableWanted && released >= writableAtReleased && !ended.getAsBoolean();
        if (due) {
            writableWanted = false;
        }
        return due;
    }
}
