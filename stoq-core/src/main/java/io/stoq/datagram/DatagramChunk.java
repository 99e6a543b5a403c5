package io.stoq.datagram;

import io.stoq.buffer.ByteWriter;
import io.stoq.memory.ConnectionMemory;
import io.stoq.wire.VarInt;
import io.stoq.wire.frame.DatagramFrame;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Datagrams in memory, one behind the other, as the frames that will lie in packets: whoever gathers them writes each once,
 * on any thread, and from then on frames are moved many at a time. Confined to the connection's loop once it is given to a
 * connection.
 */
public final class DatagramChunk {

    final byte[] array;

    /** Where the first frame that is in no packet yet begins. */
    int at;

    /** Where the last frame ends. */
    int limit;

    /** The chunk behind this one. */
    DatagramChunk next;

    /** Writes to the queue's own memory; null for a chunk that somebody else gathered. */
    final ByteWriter own;

    private final Runnable onReleased;

    /** Memory of the queue's, without frames. */
    DatagramChunk(ByteWriter own) {
        this.array = own.array;
        this.own = own;
        this.onReleased = null;
    }

    /**
     * Frames that {@link #append} wrote; the memory must stay as it is until it is released.
     *
     * @param onReleased called on the loop when each frame is in a packet, or given up; null for none
     */
    public DatagramChunk(byte[] array, int offset, int length, Runnable onReleased) {
        Objects.checkFromIndexSize(offset, length, array.length);
        this.array = array;
        this.at = offset;
        this.limit = offset + length;
        this.own = null;
        this.onReleased = onReleased;
    }

    /** Memory that it keeps, in bytes. */
    long heldBytes() {
        return array.length + ConnectionMemory.CHUNK_BYTES;
    }

    /** Bytes that a datagram takes in a chunk. */
    public static int frameBytes(int length) {
        return DatagramFrame.overhead(length) + length;
    }

    /** Writes the remaining bytes as one datagram; there must be room for {@link #frameBytes} of them. */
    public static void append(ByteBuffer datagram, ByteWriter out) {
        int length = datagram.remaining();
        DatagramFrame.writeHeader(out, length);
        datagram.get(out.array, out.position, length);
        out.position += length;
    }

    /** Bytes of the frame at {@code from}. */
    int frameBytesAt(int from) {
        return frameBytes((int) VarInt.read(array, from + 1));
    }

    /** Has no frames any more, and can be filled again. */
    void clear() {
        own.reset(0, array.length);
        at = 0;
        limit = 0;
        next = null;
    }

    void release() {
        if (onReleased != null) {
            onReleased.run();
        }
    }
}
