package io.stoq.transport.driver;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How much of an output's bound is taken, and who waits for it to be less. Writers come here under the output's lock; the
 * loop, which makes room, takes no lock.
 */
final class OutputRoom {

    private final long capacityBytes;
    private final BooleanSupplier squeezed;
    private final BooleanSupplier ended;

    /** Writers. */
    private long written;

    // Written by one side, read by the other; volatile, since each side writes its own and then looks at the other's
    private volatile long released;
    private volatile long wakeAtReleased;
    private volatile boolean wakeWhenEased;
    private volatile Thread waiter;
    private volatile boolean writableWanted;
    private volatile long writableAtReleased;
    private volatile long writableAtLeast;

    /**
     * @param squeezed whether {@link SendMemory#LEAST_BYTES} are the bound, for the sake of others; {@link #signal()} and
     *     {@link #pollWritable()} must follow when that changes to false
     * @param ended whether there is no use in waiting any more; {@link #wake()} must follow when that changes
     */
    OutputRoom(long capacityBytes, BooleanSupplier squeezed, BooleanSupplier ended) {
        this.squeezed = squeezed;
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
        return capacityNow() - taken();
    }

    private long capacityNow() {
        return squeezed.getAsBoolean() ? Math.min(capacityBytes, SendMemory.LEAST_BYTES) : capacityBytes;
    }

    /**
     * Whether so much can be written; anything can where nothing is under way, so that no size is refused for ever, unless
     * all outputs together have too much.
     */
    boolean fits(int bytes) {
        return free() >= bytes || taken() == 0 && !squeezed.getAsBoolean();
    }

    /** As {@link #fits}; where it does not, {@link #pollWritable()} tells when it does. */
    boolean admits(int bytes) {
        if (fits(bytes)) {
            return true;
        }
        writableAtReleased = Math.min(written, written + bytes - capacityBytes);
        writableAtLeast = written;
        writableWanted = true;
        // The loop may have made room before it could see the wish; then nobody would tell.
        return fits(bytes);
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
        boolean tight = squeezed.getAsBoolean();
        long half = (tight ? Math.min(capacityBytes, SendMemory.LEAST_BYTES) : capacityBytes) / 2;
        wakeWhenEased = tight;
        awaitReleased(written - 2 * half + Math.min(wantedBytes, half), deadline);
    }

    /** As {@link #awaitSome}, for all of what is wanted. */
    void awaitFree(int wantedBytes, Deadline deadline) throws InterruptedException {
        long least = written + Math.max(wantedBytes, capacityBytes / 2) - capacityBytes;
        awaitReleased(Math.min(written, least), deadline);
    }

    private void awaitReleased(long bytes, Deadline deadline) throws InterruptedException {
        wakeAtReleased = bytes;
        waiter = Thread.currentThread();
        try {
            while (released < bytes && !ended.getAsBoolean() && !isEased()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException();
                }
                if (!deadline.park(this)) {
                    return;
                }
            }
        } finally {
            waiter = null;
            wakeWhenEased = false;
        }
    }

    private boolean isEased() {
        return wakeWhenEased && !squeezed.getAsBoolean();
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
        if (thread != null && (released >= wakeAtReleased || ended.getAsBoolean() || isEased())) {
            LockSupport.unpark(thread);
        }
    }

    /** Whether no writer was sent away, or the last one can come back. */
    boolean isWritable() {
        return !writableWanted || released >= writableAt();
    }

    /** Whether a writer that was sent away can come back; true once for each time. */
    boolean pollWritable() {
        boolean due = writableWanted && released >= writableAt() && !ended.getAsBoolean();
        if (due) {
            writableWanted = false;
        }
        return due;
    }

    private long writableAt() {
        return squeezed.getAsBoolean() ? writableAtLeast : writableAtReleased;
    }
}
