package io.stoq.transport.driver;

import io.netty.channel.IoEventLoop;
import io.stoq.BufferStatistics;
import io.stoq.buffer.BufferPool;
import io.stoq.buffer.PooledBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The buffers of one event loop, for all threads. The pool itself is the loop's; free buffers that writers fill and readers
 * have emptied lie between the two, where nobody waits for anybody.
 *
 * <p>A thread that finds no free buffer takes memory of the heap, and is noted: in its next turn the loop makes as many
 * buffers as were missed. So after the first round trips there are as many as the writers keep under way.
 */
public final class LoopBuffers implements BufferPool.Reserve {

    public static final int MAX_BUFFERS = FreeBuffers.MAX_BUFFERS;

    /** To touch new memory takes time, which a turn has little of. */
    private static final int MOST_MADE_PER_TURN = 16;

    private final IoEventLoop loop;
    private final BufferPool pool;
    private final FreeBuffers[] free = new FreeBuffers[BufferPool.SIZES];

    /** By size, misses of threads that the loop did not see yet. */
    private final AtomicIntegerArray missed = new AtomicIntegerArray(BufferPool.SIZES);

    private final AtomicLong misses = new AtomicLong();

    /** @param maxBuffers most buffers to keep, 0 to {@link #MAX_BUFFERS} */
    public LoopBuffers(IoEventLoop loop, int maxBuffers) {
        this.loop = loop;
        this.pool = new BufferPool(maxBuffers, this);
        int[] below = new int[maxBuffers];
        for (int size = 0; size < free.length; size++) {
            free[size] = new FreeBuffers(pool, below);
        }
    }

    public IoEventLoop loop() {
        return loop;
    }

    /** For what stays on the loop. */
    public BufferPool pool() {
        return pool;
    }

    // ---- any thread

    /** A buffer of the smallest size that holds so many bytes, or of the largest size. */
    PooledBuffer take(long bytes) {
        if (loop.inEventLoop()) {
            return pool.take(bytes);
        }
        int size = BufferPool.sizeFor(bytes);
        PooledBuffer buffer = free[size].poll();
        if (buffer == null) {
            misses.incrementAndGet();
            missed.incrementAndGet(size);
            return BufferPool.ofHeap(size);
        }
        buffer.onTaken();
        return buffer;
    }

    /** Takes a buffer back, for whatever thread needs one next. */
    void release(PooledBuffer buffer) {
        buffer.onReleased();
        if (buffer.isPooled()) {
            free[BufferPool.sizeFor(buffer.array().length)].push(buffer);
        }
    }

    @Override
    public PooledBuffer poll(int size) {
        return free[size].poll();
    }

    @Override
    public int buffers() {
        int sum = 0;
        for (FreeBuffers some : free) {
            sum += some.count();
        }
        return sum;
    }

    /** How the buffers are used; after the loop's end, how they were used at last. */
    public BufferStatistics statistics() {
        if (!loop.inEventLoop()) {
            try {
                return loop.submit(this::snapshot).syncUninterruptibly().getNow();
            } catch (RejectedExecutionException e) {
                // What it did last is to be seen.
                loop.terminationFuture().awaitUninterruptibly();
            }
        }
        return snapshot();
    }

    private BufferStatistics snapshot() {
        BufferStatistics loops = pool.statistics();
        return new BufferStatistics(
                loops.maxBuffers(),
                loops.buffers(),
                loops.bytes(),
                loops.inUse(),
                loops.highWater(),
                loops.misses() + misses.get());
    }

    // ---- loop

    /**
     * Makes what threads have missed, and sees how much is in use: once the loop has taken over what threads wrote, and as a
     * rule before an acknowledgement of it can come.
     */
    void onTurn() {
        for (int size = 0; size < BufferPool.SIZES; size++) {
            int wanted = missed.get(size);
            if (wanted > 0) {
                int now = Math.min(wanted, MOST_MADE_PER_TURN);
                missed.addAndGet(size, -now);
                restock(size, now);
            }
        }
        pool.observe();
    }

    private void restock(int size, int count) {
        for (int i = 0; i < count; i++) {
            PooledBuffer buffer = pool.takeForReserve(size);
            if (buffer == null) {
                return;
            }
            release(buffer);
        }
    }
}
