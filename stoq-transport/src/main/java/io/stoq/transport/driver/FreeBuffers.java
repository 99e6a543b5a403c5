package io.stoq.transport.driver;

import io.stoq.buffer.BufferPool;
import io.stoq.buffer.PooledBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stack of free buffers that any thread puts to and takes from: the newest comes first. Lock-free, and allocates nothing.
 *
 * <p>The top is one word: how many there are, the id of the topmost plus 1, and a number that changes with each step, so
 * that a thread which was stopped in the middle of a step cannot mistake a later state for the one it saw.
 */
final class FreeBuffers {

    /** Ids are told apart by 16 bits. */
    static final int MAX_BUFFERS = (1 << 16) - 1;

    private static final long STEP = 1L << 32;

    private final BufferPool pool;

    /** By id, the id below it plus 1; shared by all stacks of a pool, since a buffer is in one at most. */
    private final int[] below;

    /** Not private, so that a test can see that no state comes again. */
    final AtomicLong top = new AtomicLong();

    FreeBuffers(BufferPool pool, int[] below) {
        this.pool = pool;
        this.below = below;
    }

    void push(PooledBuffer buffer) {
        long before;
        do {
            before = top.get();
            below[buffer.id()] = topId(before);
        } while (!top.compareAndSet(before, state(before, count(before) + 1, buffer.id() + 1)));
    }

    /** Null where there is none. */
    PooledBuffer poll() {
        while (true) {
            long before = top.get();
            int id = topId(before) - 1;
            if (id < 0) {
                return null;
            }
            // Read too late, this is wrong, and then the top has moved on.
            int next = below[id];
            if (top.compareAndSet(before, state(before, count(before) - 1, next))) {
                return pool.buffer(id);
            }
        }
    }

    int count() {
        return count(top.get());
    }

    private static long state(long before, int count, int topId) {
        return (before & -STEP) + STEP | (long) count << 16 | topId;
    }

    private static int count(long state) {
        return (int) state >>> 16;
    }

    private static int topId(long state) {
        return (int) state & MAX_BUFFERS;
    }
}
