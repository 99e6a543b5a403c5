package io.stoq.datagram;

import io.stoq.buffer.ByteWriter;
import io.stoq.memory.ConnectionMemory;
import io.stoq.wire.frame.DatagramFrame;

/**
 * DATAGRAM frames that wait to be sent, in the order in which they came: chunks that others gathered, and copies in memory of
 * its own, which is used again and again. Confined to the connection's loop.
 */
final class DatagramQueue {

    private static final int OWN_BYTES = 16 << 10;

    private final ConnectionMemory memory;
    private DatagramChunk head;
    private DatagramChunk tail;
    private int bytes;

    /** Memory of its own that is free again. */
    private DatagramChunk spare;

    DatagramQueue(ConnectionMemory memory) {
        this.memory = memory;
    }

    boolean isEmpty() {
        return head == null;
    }

    /** Bytes of all frames in the queue. */
    int bytes() {
        return bytes;
    }

    /** Bytes of the first frame; there is one. */
    int firstFrameBytes() {
        return head.frameBytesAt(head.at);
    }

    /** Puts frames behind the others. */
    void add(DatagramChunk chunk) {
        if (chunk.at == chunk.limit) {
            chunk.release();
            return;
        }
        bytes += chunk.limit - chunk.at;
        memory.chargeSent(chunk.heldBytes());
        link(chunk);
    }

    /** Copies a datagram behind the others. */
    void add(byte[] data, int at, int length) {
        int frame = DatagramChunk.frameBytes(length);
        if (tail == null || tail.own == null || tail.own.remaining() < frame) {
            link(ownChunk(frame));
        }
        ByteWriter out = tail.own;
        DatagramFrame.writeHeader(out, length);
        out.putBytes(data, at, length);
        tail.limit = out.position;
        bytes += frame;
    }

    /** Moves as many frames as fit, from one chunk, up to one above {@code largest} bytes; returns how many. */
    int move(ByteWriter out, int largest) {
        int from = head.at;
        int end = Math.min(head.limit, from + out.remaining());
        int count = 0;
        int to = from;
        while (to < end) {
            int frame = head.frameBytesAt(to);
            if (frame > Math.min(largest, end - to)) {
                break;
            }
            to += frame;
            count++;
        }
        out.putBytes(head.array, from, to - from);
        advance(to);
        return count;
    }

    /** Gives the first frame up. */
    void dropFirst() {
        advance(head.at + firstFrameBytes());
    }

    /** Gives all frames up. */
    void clear() {
        while (head != null) {
            advance(head.limit);
        }
        for (DatagramChunk chunk = spare; chunk != null; chunk = chunk.next) {
            memory.releaseSent(chunk.heldBytes());
        }
        spare = null;
    }

    private void advance(int to) {
        bytes -= to - head.at;
        head.at = to;
        if (to == head.limit) {
            removeHead();
        }
    }

    private void removeHead() {
        DatagramChunk chunk = head;
        head = chunk.next;
        tail = head == null ? null : tail;
        if (chunk.own != null) {
            chunk.next = spare;
            spare = chunk;
        } else {
            chunk.next = null;
            memory.releaseSent(chunk.heldBytes());
            chunk.release();
        }
    }

    private void link(DatagramChunk chunk) {
        if (tail == null) {
            head = chunk;
        } else {
            tail.next = chunk;
        }
        tail = chunk;
    }

    private DatagramChunk ownChunk(int frame) {
        DatagramChunk chunk = spare;
        spare = chunk == null ? null : chunk.next;
        if (chunk != null && chunk.array.length < frame) {
            memory.releaseSent(chunk.heldBytes());
            chunk = null;
        }
        if (chunk == null) {
            chunk = new DatagramChunk(new ByteWriter(Math.max(OWN_BYTES, frame)));
            memory.chargeSent(chunk.heldBytes());
        }
        chunk.clear();
        return chunk;
    }
}
