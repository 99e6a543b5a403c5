package io.stoq.recovery;

import java.util.Arrays;

/**
 * The frames of sent packets in sending order: a growing power-of-two ring of columns. Confined to the connection's loop.
 *
 * <p>Positions count up for ever and wrap around like the index they become; only their distance has a meaning.
 */
final class SentFrameRing {

    private byte[] kind = new byte[32];
    private long[] a = new long[32];
    private long[] b = new long[32];
    private int[] c = new int[32];
    private int mask = 31;
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
        int capacity = mask + 1;
        int newMask = 2 * capacity - 1;
        byte[] newKind = new byte[newMask + 1];
        long[] newA = new long[newMask + 1];
        long[] newB = new long[newMask + 1];
        int[] newC = new int[newMask + 1];
        for (int from = tail; from != head; ) {
            int run = Math.min(head - from, capacity - (from & mask));
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
