package io.stoq.stream;

import java.util.Arrays;

/**
 * Bytes of a stream that arrived but were not taken: out of order, or faster than the application. Confined to the
 * connection's loop.
 *
 * <p>They lie in blocks aligned to the stream's offsets, in ascending order. Only blocks in which a byte arrived exist, so
 * memory follows what the peer sent and is bounded by its credit, whatever the fragments look like.
 */
final class Reassembly {

    private final BlockPool pool;
    private Block[] blocks = new Block[2];
    private int first;
    private int count;
    private long readableEnd;
    private long highestEnd;

    Reassembly(BlockPool pool) {
        this.pool = pool;
    }

    /** Memory of its blocks, in bytes. */
    long heldBytes() {
        return (long) count * Block.HELD_BYTES;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Where the bytes that follow the taken ones without a gap end. */
    long readableEnd() {
        return readableEnd;
    }

    /** Keeps bytes; the first of them is at or behind what was taken. */
    void insert(long offset, byte[] data, int at, int length) {
        long end = offset + length;
        highestEnd = Math.max(highestEnd, end);
        for (long from = offset; from < end; ) {
            int inBlock = (int) from & Block.MASK;
            int piece = (int) Math.min(end - from, Block.BYTES - inBlock);
            blockFor(from >>> Block.SHIFT).put(inBlock, data, at + (int) (from - offset), piece);
            from += piece;
        }
        if (offset <= readableEnd) {
            extendReadable();
        }
    }

    /** The block in which the byte at {@code offset} lies; that byte is below {@link #readableEnd()}. */
    Block blockAt(long offset) {
        return blocks[indexOf(offset >>> Block.SHIFT)];
    }

    /** Forgets all bytes below {@code taken}. */
    void advance(long taken) {
        if (taken >= highestEnd) {
            clear();
            readableEnd = taken;
            return;
        }
        while (count > 0 && blocks[first].number + 1 << Block.SHIFT <= taken) {
            pool.give(blocks[first]);
            blocks[first++] = null;
            count--;
        }
        if (readableEnd < taken) {
            readableEnd = taken;
            extendReadable();
        }
    }

    /** Forgets all bytes. */
    void clear() {
        for (int i = first; i < first + count; i++) {
            pool.give(blocks[i]);
            blocks[i] = null;
        }
        first = 0;
        count = 0;
    }

    private void extendReadable() {
        for (int i = indexOf(readableEnd >>> Block.SHIFT); i >= 0 && i < first + count; i++) {
            if (blocks[i].number != readableEnd >>> Block.SHIFT) {
                return;
            }
            int inBlock = (int) readableEnd & Block.MASK;
            int missing = blocks[i].nextMissing(inBlock);
            readableEnd += missing - inBlock;
            if (missing < Block.BYTES) {
                return;
            }
        }
    }

    private Block blockFor(long number) {
        int index = indexOf(number);
        if (index >= 0) {
            return blocks[index];
        }
        index = -index - 1;
        if (first + count == blocks.length) {
            index -= makeRoom();
        }
        System.arraycopy(blocks, index, blocks, index + 1, first + count - index);
        blocks[index] = pool.take(number);
        count++;
        return blocks[index];
    }

    /** Makes room behind the last block; returns by how much all blocks moved down. */
    private int makeRoom() {
        int moved = first;
        if (first >= blocks.length >> 1) {
            System.arraycopy(blocks, first, blocks, 0, count);
            Arrays.fill(blocks, count, first + count, null);
        } else {
            blocks = Arrays.copyOf(Arrays.copyOfRange(blocks, first, first + count), count * 2 + 2);
        }
        first = 0;
        return moved;
    }

    /** Index of a block, or {@code -(insertion point) - 1}. */
    private int indexOf(long number) {
        int low = first;
        int high = first + count - 1;
        if (count > 0 && number > blocks[high].number) {
            return -(high + 1) - 1;
        }
        while (low <= high) {
            int middle = low + high >>> 1;
            long found = blocks[middle].number;
            if (found == number) {
                return middle;
            } else if (found < number) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }
}
