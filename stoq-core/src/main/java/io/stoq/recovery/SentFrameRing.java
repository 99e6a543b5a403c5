package io.stoq.recovery;

import java.util.Arrays;

/**
 * The frames of sent packets in sending order: a growing power-of-two ring of columns, without any while it was never used.
 * Confined to the connection's loop.
 *
 * <p>Positions count up for ever and wrap around like the index they become; only their distance has a meaning.
 */
final class SentFrameRing {

    private static final int FIRST_CAPACITY = 8;
    private static final byte[] NO_KINDS = {};
    private static final long[] NO_LONGS = {};
    private static final int[] NO_INTS = {};

    private byte[] kind = NO_KINDS;
    private long[] a = NO_LONGS;
    private long[] b = NO_LONGS;
    private int[] c = NO_INTS;
    private int mask = -1;
    private int tail;
    private int head;

    /** The position that the next frame gets. */
    int head() {
        return head;
    }

    int capacity() {
        return mask + 1;
    }

    /** Memory of the columns, in bytes. */
    long heldBytes() {
        return (long) capacity() * (1 + 2 * Long.BYTES + Integer.BYTES);
    }

    void add(int frameKind, long frameA, long frameB, int frameC) {
        if (head - tail > mask) {
            grow();
        }
        int slot = head++ & mask;
        kind[slot] = (byte) frameKind;
        a[slot] = frameA;
        b[slot] = frameB;
        c[slot] = frameC;
    }

    /** Takes back the newest frames. */
    void cut(int position) {
        head = position;
    }

    /** Forgets all frames before {@code position}. */
    void release(int position) {
        tail = position;
    }

    /** Gives back the memory that is not needed. */
    void shrink() {
        resize(SentPackets.capacityFor(head - tail));
    }

    int kind(int position) {
        return kind[position & mask];
    }

    long a(int position) {
        return a[position & mask];
    }

    long b(int position) {
        return b[position & mask];
    }

    int c(int position) {
        return c[position & mask];
    }

    /** Whether a frame goes on where a piece of a stream without FIN ended, given as {@link SentFrame#STREAM} has it. */
    boolean continuesStream(int position, long streamId, long offset, int lengthAndFin) {
        int slot = position & mask;
        return kind[slot] == SentFrame.STREAM
                && a[slot] == streamId
                && (lengthAndFin & 1) == 0
                && b[slot] == offset + (lengthAndFin >>> 1);
    }

    private void grow() {
        resize(Math.max(FIRST_CAPACITY, 2 * capacity()));
    }

    private void resize(int newCapacity) {
        int newMask = newCapacity - 1;
        byte[] newKind = newCapacity == 0 ? NO_KINDS : new byte[newCapacity];
        long[] newA = newCapacity == 0 ? NO_LONGS : new long[newCapacity];
        long[] newB = newCapacity == 0 ? NO_LONGS : new long[newCapacity];
        int[] newC = newCapacity == 0 ? NO_INTS : new int[newCapacity];
        for (int from = tail; from != head; ) {
            int unwrapped = Math.min(capacity() - (from & mask), newCapacity - (from & newMask));
            int run = Math.min(head - from, unwrapped);
            System.arraycopy(kind, from & mask, newKind, from & newMask, run);
            System.arraycopy(a, from & mask, newA, from & newMask, run);
            System.arraycopy(b, from & mask, newB, from & newMask, run);
            System.arraycopy(c, from & mask, newC, from & newMask, run);
            from += run;
        }
        kind = newKind;
        a = newA;
        b = newB;
        c = newC;
        mask = newMask;
    }

    @Override
    public String toString() {
        return "frames " + Integer.toUnsignedString(tail) + ".." + Integer.toUnsignedString(head) + " "
                + Arrays.toString(kind);
    }
}
