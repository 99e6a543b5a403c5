package io.stoq.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.buffer.BufferPool;
import io.stoq.memory.ConnectionMemory;
import io.stoq.sim.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReassemblyTest {

    private final BlockPool pool = new BlockPool(new BufferPool(), ConnectionMemory.unlimited());
    private final Reassembly reassembly = new Reassembly(pool);

    @Test
    void bytesBehindAGapAreNotReadable() {
        insert(10, 5);
        assertEquals(0, reassembly.readableEnd());
        insert(0, 9);
        assertEquals(9, reassembly.readableEnd());
        insert(9, 1);
        assertEquals(15, reassembly.readableEnd());
        assertArrayEquals(Side.pattern(1, 0, 15), take(15));
    }

    @Test
    void aRunCrossesBlocks() {
        insert(Block.BYTES - 3, 2 * Block.BYTES);
        insert(0, Block.BYTES - 3);
        assertEquals(3L * Block.BYTES - 3, reassembly.readableEnd());
        assertArrayEquals(Side.pattern(1, 0, 3 * Block.BYTES - 3), take(3 * Block.BYTES - 3));
        assertTrue(reassembly.isEmpty());
        assertEquals(0, pool.bytesHeld());
    }

    @Test
    void bytesThatArrivedFirstWin() {
        byte[] other = new byte[100];
        Arrays.fill(other, (byte) 0x55);
        insert(20, 10);
        insert(60, 1);
        reassembly.insert(10, other, 0, 80);
        byte[] expected = other.clone();
        System.arraycopy(Side.pattern(1, 20, 10), 0, expected, 20, 10);
        expected[60] = Side.patternAt(1, 60);
        reassembly.insert(0, other, 0, 10);
        assertEquals(90, reassembly.readableEnd());
        assertArrayEquals(Arrays.copyOf(expected, 90), take(90));
    }

    @Test
    void whatIsTakenElsewhereIsForgotten() {
        insert(5, 10);
        insert(20_000, 10);
        reassembly.advance(15);
        assertEquals(15, reassembly.readableEnd());
        reassembly.advance(20_004);
        assertEquals(20_010, reassembly.readableEnd());
        reassembly.advance(20_010);
        assertTrue(reassembly.isEmpty());
        assertEquals(0, pool.bytesHeld());
    }

    @Test
    void aByteFarAwayCostsOneBlock() {
        insert(1L << 40, 1);
        assertEquals(Block.HELD_BYTES, pool.bytesHeld());
        reassembly.clear();
        assertEquals(0, pool.bytesHeld());
    }

    @Test
    void fragmentsOfAnyOrderAndOverlapMatchAModel() {
        Seeds.each(200, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            BlockPool seededPool = new BlockPool(new BufferPool(), ConnectionMemory.unlimited());
            Reassembly subject = new Reassembly(seededPool);
            int size = 1 + random.nextInt(60_000);
            boolean[] arrived = new boolean[size];
            int longest = 1 + random.nextInt(random.nextBoolean() ? 40 : 9000);
            int taken = 0;
            while (taken < size) {
                int from = taken + random.nextInt(Math.min(size - taken, 20_000));
                int length = Math.min(size - from, 1 + random.nextInt(longest));
                if (random.nextInt(20) == 0 || random.nextInt(size) > 2000) {
                    from = firstMissing(arrived, taken);
                    length = Math.min(size - from, length);
                }
                if (length > 0) {
                    subject.insert(from, Side.pattern(1, from, length), 0, length);
                    Arrays.fill(arrived, from, from + length, true);
                }
                assertEquals(firstMissing(arrived, taken), subject.readableEnd());
                int most = (int) subject.readableEnd() - taken;
                int piece = random.nextInt(3) == 0 ? random.nextInt(most + 1) : 0;
                if (piece > 0) {
                    assertArrayEquals(Side.pattern(1, taken, piece), take(subject, taken, piece));
                    taken += piece;
                    subject.advance(taken);
                }
                assertTrue(seededPool.bytesHeld()
                        <= (long) Block.HELD_BYTES * (size - taken + 2 * Block.BYTES) / Block.BYTES);
            }
            assertEquals(0, seededPool.bytesHeld());
        });
    }

    private void insert(long offset, int length) {
        reassembly.insert(offset, Side.pattern(1, offset, length), 0, length);
    }

    private byte[] take(int length) {
        byte[] bytes = take(reassembly, 0, length);
        reassembly.advance(length);
        return bytes;
    }

    private static byte[] take(Reassembly from, long offset, int length) {
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            int at = (int) (offset + done) & Block.MASK;
            int piece = Math.min(length - done, Block.BYTES - at);
            System.arraycopy(from.blockAt(offset + done).bytes, at, bytes, done, piece);
            done += piece;
        }
        return bytes;
    }

    private static int firstMissing(boolean[] arrived, int from) {
        int at = from;
        while (at < arrived.length && arrived[at]) {
            at++;
        }
        return at;
    }
}
