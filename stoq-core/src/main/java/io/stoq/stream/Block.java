package io.stoq.stream;

import io.stoq.buffer.BufferPool;
import io.stoq.buffer.PooledBuffer;
import java.util.Arrays;

/**
 * A fixed piece of a stream and one bit for each of its bytes that arrived. Confined to the connection's loop.
 *
 * <p>The bits make its cost independent of how the peer cuts its data: a byte of credit costs at most 9/8 of a byte.
 */
final class Block {

    /** A power of two, and what a buffer of the pool holds. */
    static final int BYTES = BufferPool.MEDIUM_BYTES;

    static final int SHIFT = Integer.numberOfTrailingZeros(BYTES);
    static final int MASK = BYTES - 1;

    /** What one block takes from memory: bytes, bits, its objects with their array headers, and its place in the list. */
    static final int HELD_BYTES = BYTES + BYTES / Byte.SIZE + 160;

    /** Where the bytes are kept; null in a block that is free. */
    private PooledBuffer buffer;

    byte[] bytes;
    private long[] arrived;

    /** Which piece of the stream it is: stream offset divided by {@link #BYTES}. */
    long number;

    /** The next free block of the pool. */
    Block nextFree;

    /** Takes memory in which nothing is stored. */
    void attach(PooledBuffer memory) {
        buffer = memory;
        bytes = memory.array();
        arrived = memory.marks();
    }

    /** Lets go of its memory, for the pool. */
    PooledBuffer detach() {
        Arrays.fill(arrived, 0);
        PooledBuffer memory = buffer;
        buffer = null;
        bytes = null;
        arrived = null;
        return memory;
    }

    /** Stores {@code length} bytes at {@code from}. Bytes that arrived before win over these. */
    void put(int from, byte[] data, int at, int length) {
        int to = from + length;
        int missing = nextMissing(from);
        while (missing < to) {
            int end = Math.min(to, nextArrived(missing));
            System.arraycopy(data, at + missing - from, bytes, missing, end - missing);
            missing = end < to ? nextMissing(end) : to;
        }
        mark(from, to);
    }

    /** The first byte at or behind {@code from} that did not arrive; {@link #BYTES} when all did. */
    int nextMissing(int from) {
        return from == BYTES ? BYTES : nextBit(from, -1L);
    }

    private int nextArrived(int from) {
        return nextBit(from, 0);
    }

    /** The first bit at or behind {@code from} that is set after all are flipped where {@code flip} is. */
    private int nextBit(int from, long flip) {
        int word = from >>> 6;
        long bits = (arrived[word] ^ flip) & -1L << from;
        while (bits == 0) {
            if (++word == arrived.length) {
                return BYTES;
            }
            bits = arrived[word] ^ flip;
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    private void mark(int from, int to) {
        int first = from >>> 6;
        int last = to - 1 >>> 6;
        long head = -1L << from;
        long tail = -1L >>> -to;
        if (first == last) {
            arrived[first] |= head & tail;
            return;
        }
        arrived[first] |= head;
        Arrays.fill(arrived, first + 1, last, -1L);
        arrived[last] |= tail;
    }
}
