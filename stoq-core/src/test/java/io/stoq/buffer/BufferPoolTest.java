package io.stoq.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.BufferStatistics;
import io.stoq.sim.Seeds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BufferPoolTest {

    private static final int SMALL = BufferPool.SMALL_BYTES;
    private static final int MEDIUM = BufferPool.MEDIUM_BYTES;
    private static final int LARGE = BufferPool.LARGE_BYTES;

    private final BufferPool pool = new BufferPool();

    @Test
    void aBufferHasTheSmallestSizeThatFits() {
        assertEquals(SMALL, lengthFor(0));
        assertEquals(SMALL, lengthFor(SMALL));
        assertEquals(MEDIUM, lengthFor(SMALL + 1));
        assertEquals(MEDIUM, lengthFor(MEDIUM));
        assertEquals(LARGE, lengthFor(MEDIUM + 1));
        assertEquals(LARGE, lengthFor(Long.MAX_VALUE));
    }

    @Test
    void theNewestFreeBufferGoesOutFirst() {
        PooledBuffer first = pool.take(LARGE);
        PooledBuffer second = pool.take(LARGE);
        pool.release(first);
        pool.release(second);
        assertSame(second, pool.take(LARGE));
        assertSame(first, pool.take(LARGE));
    }

    @Test
    void nothingExistsBeforeItIsNeededAndThenASlab() {
        assertEquals(new BufferStatistics(8192, 0, 0, 0, 0, 0), pool.statistics());
        pool.take(LARGE);
        assertEquals(new BufferStatistics(8192, 2, 2 * LARGE, 1, 1, 0), pool.statistics());
        pool.take(SMALL);
        assertEquals(new BufferStatistics(8192, 2 + 64, 2 * LARGE + 64 * SMALL, 2, 2, 0), pool.statistics());
    }

    @Test
    void beyondItsBoundItFallsBackToTheHeapAndCountsThat() {
        BufferPool small = new BufferPool(3, BufferPool.Reserve.NONE);
        List<PooledBuffer> taken = takeAll(small, 5, LARGE);
        assertEquals(new BufferStatistics(3, 3, 3 * LARGE, 3, 3, 2), small.statistics());
        assertFalse(taken.get(3).isPooled());
        assertFalse(taken.get(4).isPooled());
        taken.forEach(small::release);
        assertEquals(new BufferStatistics(3, 3, 3 * LARGE, 0, 3, 2), small.statistics());
    }

    @Test
    void atItsBoundAFreeBufferOfAnotherSizeGivesItsPlace() {
        BufferPool small = new BufferPool(2, BufferPool.Reserve.NONE);
        List<PooledBuffer> taken = takeAll(small, 2, LARGE);
        small.release(taken.getFirst());
        PooledBuffer medium = small.take(MEDIUM);
        assertTrue(medium.isPooled());
        assertEquals(MEDIUM, medium.array().length);
        assertEquals(new BufferStatistics(2, 2, LARGE + MEDIUM, 2, 2, 0), small.statistics());
    }

    @Test
    void aPoolOfNothingLivesOnTheHeap() {
        BufferPool none = new BufferPool(0, BufferPool.Reserve.NONE);
        PooledBuffer buffer = none.take(SMALL);
        none.release(buffer);
        assertEquals(new BufferStatistics(0, 0, 0, 0, 0, 1), none.statistics());
    }

    @Test
    void aNegativeBoundIsRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new BufferPool(-1, BufferPool.Reserve.NONE))
                .getMessage()
                .contains("-1"));
    }

    @Test
    void aBufferThatIsGivenBackTwiceIsReportedWithTheFirstTime() {
        PooledBuffer buffer = pool.take(SMALL);
        pool.release(buffer);
        IllegalStateException twice = assertThrows(IllegalStateException.class, () -> pool.release(buffer));
        assertTrue(mentionsThisTest(twice.getCause()));
        PooledBuffer heap = BufferPool.ofHeap(0);
        pool.release(heap);
        assertThrows(IllegalStateException.class, () -> pool.release(heap));
        assertEquals(0, pool.inUse());
    }

    @Test
    void aBufferThatIsNotGivenBackIsReportedWithWhereItWasTaken() {
        pool.release(pool.take(LARGE));
        pool.requireNoneInUse();
        pool.take(LARGE);
        IllegalStateException leak = assertThrows(IllegalStateException.class, pool::requireNoneInUse);
        assertTrue(leak.getMessage().startsWith("1 of 2 "), leak.getMessage());
        assertEquals(1, leak.getSuppressed().length);
        assertTrue(mentionsThisTest(leak.getSuppressed()[0]));
    }

    @Test
    void whatIsGivenBackCannotBeReadByAccident() {
        PooledBuffer buffer = pool.take(SMALL);
        byte[] array = buffer.array();
        Arrays.fill(array, (byte) 1);
        pool.release(buffer);
        for (byte b : array) {
            assertEquals((byte) 0xdb, b);
        }
    }

    @Test
    void forfeitedMemoryStaysAsItIsAndTheBufferGetsOther() {
        PooledBuffer buffer = pool.take(LARGE);
        byte[] array = buffer.array();
        Arrays.fill(array, (byte) 7);
        pool.observe();
        pool.forfeit(buffer);
        assertEquals(new BufferStatistics(8192, 2, LARGE, 0, 1, 0), pool.statistics());
        takeAll(pool, 8, LARGE).forEach(other -> assertNotSame(array, other.array()));
        assertEquals(8, pool.inUse());
        assertEquals((byte) 7, array[LARGE - 1]);
    }

    @Test
    void theReserveOfOtherThreadsIsAskedBeforeMemoryIsMade() {
        Deque<PooledBuffer> held = new ArrayDeque<>();
        BufferPool shared = new BufferPool(4, new BufferPool.Reserve() {
            @Override
            public PooledBuffer poll(int size) {
                return size == 2 ? held.poll() : null;
            }

            @Override
            public int buffers() {
                return held.size();
            }
        });
        for (int i = 0; i < 4; i++) {
            PooledBuffer buffer = shared.takeForReserve(2);
            buffer.onReleased();
            held.push(buffer);
        }
        assertEquals(0, shared.inUse());
        PooledBuffer newest = held.peek();
        assertSame(newest, shared.take(LARGE));
        assertEquals(1, shared.inUse());
        assertEquals(SMALL, shared.take(1).array().length, "a place from the reserve");
        assertEquals(new BufferStatistics(4, 4, 3 * LARGE + SMALL, 2, 2, 0), shared.statistics());
    }

    @Test
    void anyOrderOfTakingAndGivingBackMatchesAModel() {
        Seeds.each(100, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            int max = random.nextInt(40);
            BufferPool subject = new BufferPool(max, BufferPool.Reserve.NONE);
            List<PooledBuffer> taken = new ArrayList<>();
            long misses = 0;
            for (int step = 0; step < 400; step++) {
                if (random.nextInt(5) < 3) {
                    PooledBuffer buffer = subject.take(random.nextInt(10_000));
                    misses += buffer.isPooled() ? 0 : 1;
                    taken.add(buffer);
                } else if (!taken.isEmpty()) {
                    PooledBuffer buffer = taken.remove(random.nextInt(taken.size()));
                    if (random.nextInt(10) == 0) {
                        subject.forfeit(buffer);
                    } else {
                        subject.release(buffer);
                    }
                }
                long pooled = taken.stream().filter(PooledBuffer::isPooled).count();
                assertEquals(pooled, subject.inUse());
                assertEquals(misses, subject.statistics().misses());
                assertTrue(subject.statistics().buffers() <= max);
                assertTrue(pooled == taken.size() || subject.statistics().buffers() == max);
                Set<byte[]> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
                taken.forEach(buffer -> assertTrue(distinct.add(buffer.array()), "memory with two holders"));
            }
            taken.forEach(subject::release);
            subject.requireNoneInUse();
        });
    }

    private int lengthFor(long bytes) {
        PooledBuffer buffer = pool.take(bytes);
        pool.release(buffer);
        return buffer.array().length;
    }

    private static List<PooledBuffer> takeAll(BufferPool from, int count, int bytes) {
        List<PooledBuffer> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(from.take(bytes));
        }
        assertEquals(count, new HashSet<>(taken).size());
        return taken;
    }

    private static boolean mentionsThisTest(Throwable trace) {
        return Arrays.stream(trace.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(BufferPoolTest.class.getName()));
    }
}
