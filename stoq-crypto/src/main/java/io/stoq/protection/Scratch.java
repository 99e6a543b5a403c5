package io.stoq.protection;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Heap memory between native packets and ciphers that want arrays. Confined to a connection's loop.
 *
 * <p>Grows on demand, so that idle connections, which only see small packets, stay small.
 */
final class Scratch {

    /** A usual packet with room to spare. */
    private static final int FIRST_BYTES = 2048;

    private static final byte[] NONE = new byte[0];
    private static final MemorySegment NO_SEGMENT = MemorySegment.ofArray(NONE);

    /** The same memory in both shapes: ciphers take the array, copies the segment. */
    byte[] array = NONE;

    MemorySegment segment = NO_SEGMENT;

    /** Makes room for {@code bytes}; what was in it before is lost. */
    void require(int bytes) {
        if (bytes > array.length) {
            grow(bytes);
        }
    }

    void wipe() {
        Arrays.fill(array, (byte) 0);
    }

    private void grow(int bytes) {
        wipe();
        int doubled = Integer.highestOneBit(bytes - 1) << 1;
        array = new byte[Math.max(FIRST_BYTES, doubled)];
        segment = MemorySegment.ofArray(array);
    }
}
