package io.stoq.transport.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.stoq.buffer.BufferPool;
import io.stoq.buffer.PooledBuffer;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OutputChunkTest {

    private static final int CHUNKS = 300_000;

    private final AtomicLong released = new AtomicLong();
    private final OutputChunk.Owner owner = (length, buffer, application) -> released.addAndGet(length);

    @Test
    void whatIsTakenCannotBeAppendedTo() {
        OutputChunk chunk = OutputChunk.pooled(owner, BufferPool.ofHeap(0));
        assertEquals(3, chunk.append(ByteBuffer.allocate(3), 3));
        chunk.take();
        assertEquals(0, chunk.append(ByteBuffer.allocate(3), 3));
        chunk.run();
        assertEquals(0, chunk.append(ByteBuffer.allocate(3), 3));
        assertEquals(3, released.get());
    }

    /** The loop may take a chunk and be done with it between any two steps of its writer. */
    @Test
    void aWriterNeverTripsOverAChunkThatTheLoopIsDoneWith() throws Exception {
        AtomicReference<OutputChunk> shared = new AtomicReference<>();
        Thread loop = Thread.ofPlatform().daemon().start(() -> {
            for (int i = 0; i < CHUNKS; i++) {
                OutputChunk chunk;
                while ((chunk = shared.get()) == null || !chunk.take()) {
                    Thread.onSpinWait();
                }
                chunk.run();
                shared.set(null);
            }
        });
        PooledBuffer memory = BufferPool.ofHeap(0);
        ByteBuffer bytes = ByteBuffer.allocate(64);
        long appended = 0;
        for (int i = 0; i < CHUNKS; i++) {
            OutputChunk chunk = OutputChunk.pooled(owner, memory);
            appended += chunk.append(bytes.clear(), 1);
            shared.set(chunk);
            int more = 1;
            while (more > 0) {
                more = chunk.append(bytes.clear(), 1);
                appended += more;
            }
            while (shared.get() != null) {
                Thread.onSpinWait();
            }
        }
        loop.join();
        assertEquals(appended, released.get());
    }
}
