package io.stoq.buffer;

import io.stoq.BufferStatistics;

/**
 * The buffers of one event loop, in three sizes, for bytes that wait: to be acknowledged, to be put in order, to be read.
 * Confined to the loop; what other threads give back comes by the {@link Reserve}.
 *
 * <p>Memory is made a slab at a time, by the loop, which so is the first to touch it, and kept for good. Free buffers go out
 * newest first, since that is what the caches hold. The number of all buffers is bounded; where they are all in use,
 * {@link #take} falls back to memory of the heap, and counts that as a miss: what may wait is bounded by those who let it
 * wait, and data that was accepted cannot be turned away for want of a buffer.
 */
public final class BufferPool {

    public static final int DEFAULT_MAX_BUFFERS = 8192;

    public static final int SMALL_BYTES = 2 << 10;
    public static final int MEDIUM_BYTES = 8 << 10;
    public static final int LARGE_BYTES = 64 << 10;

    /** How many sizes there are; they are numbered from the smallest, 0. */
    public static final int SIZES = 3;

    private static final int SLAB_BYTES = 128 << 10;

    /** Free buffers that other threads hold ready. */
    public interface Reserve {

        /** There is none: the loop has the pool for itself. */
        Reserve NONE = new Reserve() {
            @Override
            public PooledBuffer poll(int size) {
                return null;
            }

            @Override
            public int buffers() {
                return 0;
            }
        };

        /** Takes a free buffer of a size out of the reserve; null where there is none. */
        PooledBuffer poll(int size);

        /** How many are free, of all sizes. */
        int buffers();
    }

    private final int maxBuffers;
    private final Reserve reserve;

    /** All that exist, by id. */
    private final PooledBuffer[] all;

    private final PooledBuffer[] free = new PooledBuffer[SIZES];

    /** Buffers whose memory was given away. */
    private PooledBuffer bare;

    private int count;
    private int freeCount;
    private long bytes;
    private int highWater;
    private long misses;

    /** @param maxBuffers most buffers to keep, of all sizes together; 0 or more */
    public BufferPool(int maxBuffers, Reserve reserve) {
        if (maxBuffers < 0) {
            throw new IllegalArgumentException("maxBuffers is " + maxBuffers + "; it must be 0 or more");
        }
        this.maxBuffers = maxBuffers;
        this.reserve = reserve;
        this.all = new PooledBuffer[maxBuffers];
    }

    /** A pool with the default bound, without other threads. */
    public BufferPool() {
        this(DEFAULT_MAX_BUFFERS, Reserve.NONE);
    }

    /** The number of the smallest size that holds so many bytes, or of the largest. */
    public static int sizeFor(long bytes) {
        return bytes <= SMALL_BYTES ? 0 : bytes <= MEDIUM_BYTES ? 1 : 2;
    }

    private static int bytesOf(int size) {
        return size == 0 ? SMALL_BYTES : size == 1 ? MEDIUM_BYTES : LARGE_BYTES;
    }

    /** Memory that no pool keeps, in place of a buffer that is missing. */
    public static PooledBuffer ofHeap(int size) {
        PooledBuffer buffer = new PooledBuffer(PooledBuffer.NO_ID, new byte[bytesOf(size)]);
        buffer.onTaken();
        return buffer;
    }

    /** A buffer of the smallest size that holds so many bytes, or of the largest size. */
    public PooledBuffer take(long bytesWanted) {
        int size = sizeFor(bytesWanted);
        PooledBuffer buffer = poll(size);
        if (buffer == null) {
            buffer = reserve.poll(size);
        }
        if (buffer == null) {
            buffer = add(size);
        }
        if (buffer == null) {
            misses++;
            return ofHeap(size);
        }
        buffer.onTaken();
        return buffer;
    }

    /** A buffer that is not in the reserve yet; null where the pool cannot grow any more. */
    public PooledBuffer takeForReserve(int size) {
        PooledBuffer buffer = poll(size);
        if (buffer == null) {
            buffer = add(size);
        }
        if (buffer != null) {
            buffer.onTaken();
        }
        return buffer;
    }

    /**
     * Takes a buffer back.
     *
     * @throws IllegalStateException where it was given back before
     */
    public void release(PooledBuffer buffer) {
        buffer.onReleased();
        if (buffer.isPooled()) {
            put(buffer);
        }
    }

    /**
     * Takes a buffer back without its memory, which stays with those who may still read it, for the garbage collector to
     * find.
     */
    public void forfeit(PooledBuffer buffer) {
        int length = buffer.memory.length;
        buffer.memory = null;
        buffer.onReleased();
        if (buffer.isPooled()) {
            bytes -= length;
            putBare(buffer);
        }
    }

    /** The buffer with an id. */
    public PooledBuffer buffer(int id) {
        return all[id];
    }

    /** Buffers that hold data now. */
    public int inUse() {
        return count - freeCount - reserve.buffers();
    }

    /** Notes how many are in use, for the statistics; once in a turn of the loop. */
    public void observe() {
        highWater = Math.max(highWater, inUse());
    }

    public BufferStatistics statistics() {
        observe();
        return new BufferStatistics(maxBuffers, count, bytes, inUse(), highWater, misses);
    }

    /**
     * For tests: fails where a buffer was not given back, and shows where those were taken, if that is tracked.
     *
     * @throws IllegalStateException with the traces as suppressed exceptions
     */
    public void requireNoneInUse() {
        if (inUse() == 0) {
            return;
        }
        IllegalStateException leak = new IllegalStateException(inUse() + " of " + count + " buffers were not given back"
                + (PooledBuffer.TRACKED ? "" : "; -Dio.stoq.trackBuffers=true shows where they were taken"));
        for (int id = 0; id < count; id++) {
            if (all[id].isTaken() && all[id].trace() != null) {
                leak.addSuppressed(all[id].trace());
            }
        }
        throw leak;
    }

    private PooledBuffer poll(int size) {
        PooledBuffer buffer = free[size];
        if (buffer != null) {
            free[size] = buffer.nextFree;
            buffer.nextFree = null;
            freeCount--;
        }
        return buffer;
    }

    private void put(PooledBuffer buffer) {
        int size = sizeFor(buffer.memory.length);
        buffer.nextFree = free[size];
        free[size] = buffer;
        freeCount++;
    }

    private void putBare(PooledBuffer buffer) {
        buffer.nextFree = bare;
        bare = buffer;
        freeCount++;
    }

    /** Makes a slab and returns the first buffer of it; null where all buffers are in use. */
    private PooledBuffer add(int size) {
        int length = bytesOf(size);
        PooledBuffer first = place(size);
        if (first == null) {
            return null;
        }
        fill(first, length);
        for (int more = SLAB_BYTES / length - 1; more > 0 && count < maxBuffers; more--) {
            PooledBuffer buffer = create();
            fill(buffer, length);
            put(buffer);
        }
        return first;
    }

    private void fill(PooledBuffer buffer, int length) {
        buffer.memory = new byte[length];
        bytes += length;
    }

    /** A buffer without memory: one that gave it away, a new one, or one that is free in another size. */
    private PooledBuffer place(int size) {
        PooledBuffer buffer = bare;
        if (buffer != null) {
            bare = buffer.nextFree;
            buffer.nextFree = null;
            freeCount--;
            return buffer;
        }
        if (count < maxBuffers) {
            return create();
        }
        for (int other = SIZES - 1; other >= 0; other--) {
            buffer = other == size ? null : poll(other);
            if (buffer == null && other != size) {
                buffer = reserve.poll(other);
            }
            if (buffer != null) {
                bytes -= buffer.memory.length;
                return buffer;
            }
        }
        return null;
    }

    private PooledBuffer create() {
        PooledBuffer buffer = new PooledBuffer(count, null);
        all[count++] = buffer;
        return buffer;
    }
}
