package io.stoq.stream;

import io.stoq.buffer.ReferredBytes;
import io.stoq.memory.ConnectionMemory;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Memory that a stream sends from, by reference. Confined to the connection's loop once it is given to a stream.
 *
 * <p>The bytes must not change until {@code onReleased} ran: they may be sent again. It runs exactly once, when the peer
 * acknowledged all bytes of the chunk and all before them, when the stream is reset, or when the connection ends.
 */
public final class SendChunk {

    /** Smaller chunks are copied into packets. */
    static final int MIN_REFERRED_BYTES = ReferredBytes.MIN_BYTES / ReferredBytes.MAX_PIECES;

    public final byte[] array;
    public final int offset;
    public final int length;

    /** The array for ciphers that read from it; null where the chunk is too small for that. */
    final MemorySegment memory;

    /** The chunk behind this one on the stream. */
    SendChunk next;

    /** What the chunk keeps from the memory of the process. */
    final long heldBytes;

    private Runnable onReleased;
    private boolean owned;

    /** @param onReleased called on the loop when the memory is free again; null for none */
    public SendChunk(byte[] array, int offset, int length, Runnable onReleased) {
        this(array, offset, length, length, onReleased);
    }

    /**
     * @param keptBytes memory that is not free before the chunk is released: the bytes themselves, or a buffer around them
     * @param onReleased called on the loop when the memory is free again; null for none
     */
    public SendChunk(byte[] array, int offset, int length, int keptBytes, Runnable onReleased) {
        Objects.checkFromIndexSize(offset, length, array.length);
        this.array = array;
        this.offset = offset;
        this.length = length;
        this.heldBytes = keptBytes + ConnectionMemory.CHUNK_BYTES;
        this.onReleased = onReleased;
        this.memory = length < MIN_REFERRED_BYTES ? null : MemorySegment.ofArray(array);
    }

    public SendChunk(byte[] array) {
        this(array, 0, array.length, null);
    }

    /** A chunk belongs to one stream, once. */
    void own() {
        if (owned) {
            throw new IllegalStateException("the chunk was written before; each write needs a chunk of its own");
        }
        owned = true;
    }

    void release() {
        Runnable released = onReleased;
        onReleased = null;
        next = null;
        if (released != null) {
            released.run();
        }
    }
}
