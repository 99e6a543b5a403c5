package io.stoq.transport.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.stoq.BufferStatistics;
import io.stoq.buffer.BufferPool;
import io.stoq.buffer.PooledBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LoopBuffersTest {

    private static final int LARGE = BufferPool.LARGE_BYTES;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final LoopBuffers buffers = new LoopBuffers(group.next(), 100);

    @AfterEach
    void endTheLoop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void whatAThreadMissesTheLoopHasMadeForTheNextTime() throws Exception {
        PooledBuffer first = buffers.take(LARGE);
        PooledBuffer second = buffers.take(LARGE);
        assertFalse(first.isPooled());
        turn();
        assertTrue(buffers.take(LARGE).isPooled());
        assertTrue(buffers.take(LARGE).isPooled());
        assertFalse(buffers.take(LARGE).isPooled());
        buffers.release(first);
        buffers.release(second);
        assertEquals(new BufferStatistics(100, 2, 2 * LARGE, 2, 2, 3), buffers.statistics());
    }

    @Test
    void aTurnMakesNoMoreThanAFewAndTheNextOnesGoOn() throws Exception {
        for (int i = 0; i < 40; i++) {
            buffers.take(LARGE);
        }
        turn();
        assertEquals(16, buffers.statistics().buffers());
        turn();
        turn();
        turn();
        assertEquals(40, buffers.statistics().buffers());
    }

    @Test
    void theBoundHoldsHoweverMuchIsMissed() throws Exception {
        for (int i = 0; i < 300; i++) {
            buffers.take(i % 2 == 0 ? 1 : LARGE);
        }
        for (int i = 0; i < 30; i++) {
            turn();
        }
        assertEquals(100, buffers.statistics().buffers());
        assertEquals(0, buffers.statistics().inUse());
    }

    @Test
    void theNewestGoesOutFirstToThreadsAndToTheLoop() throws Exception {
        PooledBuffer older = onLoop(() -> buffers.take(LARGE));
        PooledBuffer newer = onLoop(() -> buffers.take(LARGE));
        buffers.release(older);
        buffers.release(newer);
        assertSame(newer, buffers.take(LARGE));
        assertSame(older, onLoop(() -> buffers.pool().take(LARGE)));
    }

    @Test
    void aBufferIsGivenBackOnceOnly() throws Exception {
        PooledBuffer buffer = onLoop(() -> buffers.take(LARGE));
        buffers.release(buffer);
        assertThrows(IllegalStateException.class, () -> buffers.release(buffer));
        assertEquals(0, buffers.statistics().inUse());
    }

    @Test
    void theBoundOfTheIdsHolds() throws Exception {
        LoopBuffers many = new LoopBuffers(buffers.loop(), LoopBuffers.MAX_BUFFERS);
        List<PooledBuffer> taken = new ArrayList<>();
        onLoop(() -> {
            for (int i = 0; i <= LoopBuffers.MAX_BUFFERS; i++) {
                taken.add(many.take(1));
            }
            return null;
        });
        assertFalse(taken.removeLast().isPooled());
        taken.forEach(many::release);
        assertEquals(0, many.statistics().inUse());
        for (int i = taken.size() - 1; i >= 0; i--) {
            assertSame(taken.get(i), many.take(1));
        }
        assertEquals(LoopBuffers.MAX_BUFFERS, many.statistics().inUse());
    }

    /** Each thread writes its own number into what it has, passes some on by way of the loop, and reads before it lets go. */
    @Test
    void noBufferEverHasTwoHolders() throws Exception {
        int threads = 6;
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                work.add(executor.submit(() -> takeAndRelease(number)));
            }
            while (!work.stream().allMatch(Future::isDone)) {
                turn();
            }
            for (Future<?> done : work) {
                done.get();
            }
        }
        BufferStatistics statistics = buffers.statistics();
        assertEquals(0, statistics.inUse(), statistics::toString);
        assertTrue(statistics.buffers() <= 100, statistics::toString);
        assertTrue(statistics.buffers() > 0, statistics::toString);
        onLoop(() -> {
            buffers.pool().requireNoneInUse();
            return null;
        });
    }

    private void takeAndRelease(int number) {
        SplittableRandom random = new SplittableRandom(number);
        ArrayDeque<PooledBuffer> held = new ArrayDeque<>();
        for (int step = 0; step < 20_000; step++) {
            if (held.size() < 10 && random.nextInt(2) == 0) {
                PooledBuffer buffer = buffers.take(random.nextInt(3) * 5_000);
                buffer.array()[step % 100] = (byte) number;
                buffer.array()[100] = (byte) (step % 100);
                held.add(buffer);
            } else if (!held.isEmpty()) {
                PooledBuffer buffer = held.poll();
                assertEquals(number, buffer.array()[buffer.array()[100]]);
                if (random.nextInt(4) == 0) {
                    buffers.loop().execute(() -> buffers.release(buffer));
                } else {
                    buffers.release(buffer);
                }
            }
        }
        held.forEach(buffers::release);
    }

    private void turn() throws Exception {
        onLoop(() -> {
            buffers.onTurn();
            return null;
        });
    }

    private <T> T onLoop(Callable<T> call) throws Exception {
        return buffers.loop().submit(call).get();
    }
}
