package io.stoq.buffer;

import java.lang.foreign.MemorySegment;

/** A few runs of bytes, one behind the other, that lie where their owners put them. Confined to one loop, reused. */
public final class ReferredBytes {

    /** Fewer bytes than this are copied: from the first cache level a cipher reads them no slower, and in one call. */
    public static final int MIN_BYTES = 32 << 10;

    public static final int MAX_PIECES = 4;

    private final MemorySegment[] memories = new MemorySegment[MAX_PIECES];
    private final int[] starts = new int[MAX_PIECES];
    private final int[] lengths = new int[MAX_PIECES];
    private int pieces;
    private int bytes;

    void add(MemorySegment memory, int at, int length) {
        memories[pieces] = memory;
        starts[pieces] = at;
        lengths[pieces++] = length;
        bytes += length;
    }

    void clear() {
        while (pieces > 0) {
            memories[--pieces] = null;
        }
        bytes = 0;
    }

    public int pieces() {
        return pieces;
    }

    /** How many bytes the pieces have together. */
    public int bytes() {
        return bytes;
    }

    /** What a piece lies in. */
    public MemorySegment memory(int piece) {
        return memories[piece];
    }

    /** Where in its memory a piece begins. */
    public int start(int piece) {
        return starts[piece];
    }

    public int length(int piece) {
        return lengths[piece];
    }
}
