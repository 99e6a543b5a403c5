package io.stoq.buffer;

import java.util.Arrays;

/**
 * Memory of one size from a {@link BufferPool}. Whoever took it gives it back once; who holds it passes it on, or back, by
 * means that publish its fields.
 *
 * <p>Run with {@code -Dio.stoq.trackBuffers=true}, it remembers where it was taken and given back, and what is given back is
 * overwritten, so that nothing of it can be read by accident.
 */
public final class PooledBuffer {

    /** The id of memory that no pool keeps. */
    static final int NO_ID = -1;

    static final boolean TRACKED = Boolean.getBoolean("io.stoq.trackBuffers");

    private static final byte OVERWRITTEN = (byte) 0xdb;

    /** Null where it was given away; the pool provides new memory before the buffer is taken again. */
    byte[] memory;

    /** The next free buffer of the pool. */
    PooledBuffer nextFree;

    private final int id;
    private long[] marks;
    private boolean taken;

    /** Where it was taken or given back last, if that is tracked. */
    private Throwable trace;

    PooledBuffer(int id, byte[] memory) {
        this.id = id;
        this.memory = memory;
    }

    /** The whole array is the holder's. */
    public byte[] array() {
        return memory;
    }

    /** One bit for each byte, for holders who need it: all clear when asked for first, and to be left so. */
    public long[] marks() {
        int words = memory.length / Long.SIZE;
        if (marks == null || marks.length != words) {
            marks = new long[words];
        }
        return marks;
    }

    /** Its place in the pool, counted from 0. */
    public int id() {
        return id;
    }

    /** Whether it belongs to a pool; otherwise it replaces a buffer that was missing. */
    public boolean isPooled() {
        return id != NO_ID;
    }

    /** Notes that somebody holds it from now on. */
    public void onTaken() {
        taken = true;
        if (TRACKED) {
            trace = new Throwable("taken here");
        }
    }

    /**
     * Notes that its holder has let go of it.
     *
     * @throws IllegalStateException where it was given back before
     */
    public void onReleased() {
        if (!taken) {
            throw new IllegalStateException(
                    "the buffer was given back before; its memory may be somebody else's by now", trace);
        }
        taken = false;
        if (TRACKED) {
            trace = new Throwable("given back here");
            if (memory != null) {
                Arrays.fill(memory, OVERWRITTEN);
            }
        }
    }

    boolean isTaken() {
        return taken;
    }

    /** Where its holder took it; null where that is not tracked. */
    Throwable trace() {
        return trace;
    }
}
