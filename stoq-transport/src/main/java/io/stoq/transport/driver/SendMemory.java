package io.stoq.transport.driver;

import io.stoq.buffer.BufferPool;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all that is written to a connection's streams and not acknowledged takes, with the buffers around it. Where it is too
 * much, streams may only keep very little each, so that writers wait, and no stream waits for the others for ever.
 * Thread-safe.
 */
final class SendMemory {

    /** What a stream may keep in any case. */
    static final int LEAST_BYTES = BufferPool.SMALL_BYTES;

    private final AtomicLong taken = new AtomicLong();
    private final long limitBytes;
    private final long easedBytes;
    private volatile boolean full;

    SendMemory(long limitBytes) {
        this.limitBytes = limitBytes;
        this.easedBytes = limitBytes - limitBytes / 4;
    }

    /** Whether streams may keep {@link #LEAST_BYTES} only. */
    boolean isFull() {
        return full;
    }

    /** Writers: so much is kept for them. */
    void onTaken(long bytes) {
        if (taken.addAndGet(bytes) >= limitBytes) {
            full = true;
        }
    }

    /** The loop: so much is free again. Returns whether writers can go on that had to wait for it. */
    boolean onReleased(long bytes) {
        if (taken.addAndGet(-bytes) > easedBytes || !full) {
            return false;
        }
        full = false;
        return true;
    }
}
