package io.stoq.transport.driver;

import io.stoq.buffer.PooledBuffer;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bytes from a writer to its loop. The writer appends as long as the loop has not taken the chunk, so small writes share
 * one; neither ever waits for the other.
 *
 * <p>The state is how many bytes are filled, with one of two marks on top: {@link #WRITING} while the writer copies,
 * {@link #TAKEN} for good. It is also the engine's call-back for when the memory is free again.
 */
final class OutputChunk implements Runnable {

    /** Whose chunk it is. */
    interface Owner {

        /**
         * The engine needs the chunk no more. Called on the loop, from inside the engine.
         *
         * @param buffer the chunk's memory, which is the owner's again; null where it was the application's
         * @param application to be told as well, or null
         */
        void onReleased(int length, PooledBuffer buffer, Runnable application);
    }

    private static final int WRITING = 1 << 31;
    private static final int TAKEN = 1 << 30;
    private static final int LENGTH = TAKEN - 1;

    /** The chunk behind this one. */
    volatile OutputChunk next;

    private final Owner owner;
    private final int offset;

    /** Of the array, which is gone when the loop is done with the chunk. */
    private final int capacity;

    private final Runnable onReleased;
    private final AtomicInteger state;
    private byte[] array;

    /** Where the array is from; null where it is the application's. */
    private PooledBuffer buffer;

    private OutputChunk(Owner owner, PooledBuffer buffer, byte[] array, int offset, int length, Runnable onReleased) {
        this.owner = owner;
        this.buffer = buffer;
        this.array = array;
        this.offset = offset;
        this.capacity = array == null ? 0 : array.length;
        this.onReleased = onReleased;
        this.state = new AtomicInteger(length);
    }

    /** What a list of chunks begins with. */
    static OutputChunk taken() {
        return new OutputChunk(null, null, null, 0, TAKEN, null);
    }

    /** An empty chunk of pooled memory, which goes back to the pool when it is released. */
    static OutputChunk pooled(Owner owner, PooledBuffer buffer) {
        return new OutputChunk(owner, buffer, buffer.array(), 0, 0, null);
    }

    /** A chunk of the application's memory; nothing can be appended. */
    static OutputChunk referenced(Owner owner, byte[] array, int offset, int length, Runnable onReleased) {
        return new OutputChunk(owner, null, array, offset, length, onReleased);
    }

    /** Copies as much as fits, up to {@code limit} bytes; 0 where the loop has taken the chunk. Writer only. */
    int append(ByteBuffer source, int limit) {
        int filled = claim(1);
        if (filled < 0) {
            return 0;
        }
        int length = Math.min(limit, capacity - filled);
        source.get(array, filled, length);
        publish(filled + length);
        return length;
    }

    /**
     * Keeps the loop from taking the chunk until {@link #publish} follows. Writer only.
     *
     * @return how many bytes are filled, behind which there is room for {@code bytes}; -1 where there is not, or the loop has
     *     taken the chunk
     */
    int claim(int bytes) {
        int filled = state.get();
        boolean fits = onReleased == null && filled < TAKEN && capacity - filled >= bytes;
        return fits && state.compareAndSet(filled, filled | WRITING) ? filled : -1;
    }

    void publish(int filled) {
        state.set(filled);
    }

    /** Takes the chunk for good; false while the writer copies into it. Loop only. */
    boolean take() {
        int filled = state.get();
        return filled >= 0 && state.compareAndSet(filled, filled | TAKEN);
    }

    byte[] array() {
        return array;
    }

    /** What the chunk keeps from the memory of the process: its buffer, or the application's bytes. */
    int keptBytes() {
        return buffer == null ? length() : capacity;
    }

    int offset() {
        return offset;
    }

    int length() {
        return state.get() & LENGTH;
    }

    /** The engine needs the memory no more. Loop only. */
    @Override
    public void run() {
        PooledBuffer free = buffer;
        buffer = null;
        array = null;
        owner.onReleased(length(), free, onReleased);
    }
}
