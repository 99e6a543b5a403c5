package io.stoq.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RangeSetTest {

    private final RangeSet set = new RangeSet();

    @Test
    void mergesWhatTouches() {
        set.add(0, 5);
        set.add(10, 15);
        set.add(5, 10);
        assertEquals("[0..14]", set.toString());
        assertEquals(15, set.total());
    }

    @Test
    void keepsRangesApartThatDoNotTouch() {
        set.add(10, 11);
        set.add(0, 1);
        set.add(5, 6);
        assertEquals("[0..0 5..5 10..10]", set.toString());
    }

    @Test
    void addingNothingChangesNothing() {
        set.add(7, 7);
        set.add(9, 3);
        assertTrue(set.isEmpty());
    }

    @Test
    void removingNothingInTheMiddleOfARangeDoesNotSplitIt() {
        set.add(0, 10);
        set.remove(5, 5);
        set.remove(7, 3);
        assertEquals("[0..9]", set.toString());
    }

    @Test
    void removingSplitsARange() {
        set.add(0, 10);
        set.remove(3, 6);
        assertEquals("[0..2 6..9]", set.toString());
    }

    @Test
    void aSetThatWasReleasedIsEmptyAndGrowsAgain() {
        set.add(1, 2);
        set.add(5, 6);
        set.release();
        assertTrue(set.isEmpty());
        assertFalse(set.contains(1));
        set.remove(0, 10);
        set.add(7, 8);
        assertEquals("[7..7]", set.toString());
    }

    @Test
    void findsTheFirstRangeThatReachesAValue() {
        set.add(0, 5);
        set.add(10, 15);
        assertEquals(0, set.indexOfFirstEndingAfter(-1));
        assertEquals(0, set.indexOfFirstEndingAfter(4));
        assertEquals(1, set.indexOfFirstEndingAfter(5));
        assertEquals(1, set.indexOfFirstEndingAfter(14));
        assertEquals(2, set.indexOfFirstEndingAfter(15));
    }

    @Test
    void holdsLargeValues() {
        long large = (1L << 62) - 10;
        set.add(large, large + 5);
        assertTrue(set.contains(large + 4));
        assertFalse(set.contains(large + 5));
        assertTrue(set.containsAll(large + 1, large + 5));
    }

    @Test
    void behavesAsASetOfBits() {
        for (long seed = 1; seed <= 50; seed++) {
            compareWithBits(new SplittableRandom(seed), "seed " + seed);
        }
    }

    private static void compareWithBits(SplittableRandom random, String seed) {
        RangeSet ranges = new RangeSet();
        BitSet bits = new BitSet();
        int space = 20 + random.nextInt(200);
        for (int step = 0; step < 400; step++) {
            int start = random.nextInt(space);
            int end = start + random.nextInt(random.nextInt(10) == 0 ? 60 : 6);
            if (random.nextInt(3) == 0) {
                ranges.remove(start, end);
                bits.clear(start, end);
            } else {
                ranges.add(start, end);
                bits.set(start, end);
            }
            if (random.nextInt(50) == 0 && !ranges.isEmpty()) {
                bits.clear((int) ranges.from(0), (int) ranges.to(0));
                ranges.removeFirst();
            }
            assertSame(bits, ranges, random, seed + " step " + step);
        }
    }

    private static void assertSame(BitSet bits, RangeSet ranges, SplittableRandom random, String where) {
        assertEquals(bits.cardinality(), ranges.total(), where);
        int at = 0;
        for (int i = 0; i < ranges.size(); i++) {
            assertEquals(bits.nextSetBit(at), ranges.from(i), where);
            at = bits.nextClearBit((int) ranges.from(i));
            assertEquals(at, ranges.to(i), where);
        }
        int value = random.nextInt(300);
        int end = value + 1 + random.nextInt(5);
        assertEquals(bits.get(value), ranges.contains(value), where);
        assertEquals(bits.nextClearBit(value) >= end, ranges.containsAll(value, end), where);
        int next = bits.nextSetBit(value);
        int index = ranges.indexOfFirstEndingAfter(value);
        assertEquals(next >= 0, index < ranges.size(), where);
        if (next >= 0) {
            assertEquals(next, Math.max(value, ranges.from(index)), where);
        }
    }
}
