package io.stoq.transport.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.buffer.BufferPool;
import io.stoq.buffer.PooledBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FreeBuffersTest {

    private static final int BUFFERS = 4;
    private static final int THREADS = 3;
    private static final int ROUNDS = 300_000;

    private final BufferPool pool = new BufferPool(BUFFERS, BufferPool.Reserve.NONE);
    private final FreeBuffers free = new FreeBuffers(pool, new int[BUFFERS]);

    @Test
    void theLastThatCameIsTheFirstToGo() {
        PooledBuffer first = pool.take(1);
        PooledBuffer second = pool.take(1);
        assertNull(free.poll());
        free.push(first);
        free.push(second);
        assertEquals(2, free.count());
        assertSame(second, free.poll());
        assertSame(first, free.poll());
        assertNull(free.poll());
        assertEquals(0, free.count());
    }

    /** Or a thread that was stopped in the middle of a step would not see that others changed what lies below. */
    @Test
    void theSameBufferOnTopIsNotTheSameState() {
        for (int i = 0; i < BUFFERS; i++) {
            free.push(pool.take(1));
        }
        long before = free.top.get();
        PooledBuffer first = free.poll();
        PooledBuffer second = free.poll();
        PooledBuffer third = free.poll();
        free.push(second);
        free.push(third);
        free.push(first);
        assertNotEquals(before, free.top.get());
        assertSame(first, free.poll());
        assertSame(third, free.poll());
    }

    /** Few buffers that change their order all the time. */
    @Test
    void aBufferComesOutOnceForEachTimeItWasPutIn() throws Exception {
        for (int i = 0; i < BUFFERS; i++) {
            free.push(pool.take(1));
        }
        AtomicIntegerArray holders = new AtomicIntegerArray(BUFFERS);
        try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                work.add(executor.submit(() -> shuffle(holders)));
            }
            for (Future<?> done : work) {
                done.get();
            }
        }
        assertEquals(BUFFERS, free.count());
        for (int i = 0; i < BUFFERS; i++) {
            assertNotNull(hold(free.poll(), holders), "a buffer got lost");
        }
        assertNull(free.poll());
    }

    /** The first is on top again at the end, over another than before. */
    private void shuffle(AtomicIntegerArray holders) {
        for (int round = 0; round < ROUNDS; round++) {
            PooledBuffer first = hold(free.poll(), holders);
            PooledBuffer second = hold(free.poll(), holders);
            PooledBuffer third = hold(free.poll(), holders);
            letGo(second, holders);
            letGo(third, holders);
            letGo(first, holders);
        }
    }

    private static PooledBuffer hold(PooledBuffer buffer, AtomicIntegerArray holders) {
        if (buffer != null) {
            assertTrue(holders.compareAndSet(buffer.id(), 0, 1), "a buffer has two holders");
        }
        return buffer;
    }

    private void letGo(PooledBuffer buffer, AtomicIntegerArray holders) {
        if (buffer != null) {
            holders.set(buffer.id(), 0);
            free.push(buffer);
        }
    }
}
