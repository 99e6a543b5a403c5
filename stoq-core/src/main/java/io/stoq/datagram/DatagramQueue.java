package io.stoq.datagram;

import io.stoq.buffer.ByteWriter;

/**
 * Datagrams that wait to be sent, copied into one ring of bytes. Confined to the connection's loop.
 *
 * <p>The ring grows with what is queued, up to {@link #MAX_BYTES}; nothing is allocated for a datagram, nor for a connection
 * that sends none.
 */
final class DatagramQueue {

    static final int MAX_DATAGRAMS = 256;
    static final int MAX_BYTES = 1 << 20;

    private static final int INITIAL_BYTES = 4096;

    private static final byte[] NO_BYTES = {};

    private int[] lengths;
    private long[] tags;
    private int first;
    private int count;

    private byte[] bytes = NO_BYTES;
    private int bytesAt;
    private int bytesUsed;

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    /** Bytes of all datagrams in the queue. */
    int bytes() {
        return bytesUsed;
    }

    /** Length of the first datagram. */
    int length() {
        return lengths[first];
    }

    /** Tag of the first datagram. */
    long tag() {
        return tags[first];
    }

    /** Copies a datagram behind the others; false: the queue is full. */
    boolean add(byte[] data, int at, int length, long tag) {
        if (count == MAX_DATAGRAMS || length > MAX_BYTES - bytesUsed) {
            return false;
        }
        if (lengths == null) {
            lengths = new int[MAX_DATAGRAMS];
            tags = new long[MAX_DATAGRAMS];
        }
        reserve(Math.max(INITIAL_BYTES, bytesUsed + length));
        int to = bytesAt + bytesUsed & bytes.length - 1;
        int piece = Math.min(length, bytes.length - to);
        System.arraycopy(data, at, bytes, to, piece);
        System.arraycopy(data, at + piece, bytes, 0, length - piece);
        int slot = first + count & MAX_DATAGRAMS - 1;
        lengths[slot] = length;
        tags[slot] = tag;
        bytesUsed += length;
        count++;
        return true;
    }

    /** Writes the bytes of the first datagram; it stays. */
    void write(ByteWriter out) {
        int length = lengths[first];
        int piece = Math.min(length, bytes.length - bytesAt);
        out.putBytes(bytes, bytesAt, piece);
        out.putBytes(bytes, 0, length - piece);
    }

    void removeFirst() {
        bytesAt = bytesAt + lengths[first] & bytes.length - 1;
        bytesUsed -= lengths[first];
        first = first + 1 & MAX_DATAGRAMS - 1;
        count--;
    }

    void clear() {
        bytes = NO_BYTES;
        bytesAt = 0;
        bytesUsed = 0;
        count = 0;
    }

    private void reserve(int needed) {
        if (needed <= bytes.length) {
            return;
        }
        byte[] larger = new byte[Integer.highestOneBit(needed - 1) << 1];
        int piece = Math.min(bytesUsed, bytes.length - bytesAt);
        System.arraycopy(bytes, bytesAt, larger, 0, piece);
        System.arraycopy(bytes, 0, larger, piece, bytesUsed - piece);
        bytes = larger;
        bytesAt = 0;
    }
}
