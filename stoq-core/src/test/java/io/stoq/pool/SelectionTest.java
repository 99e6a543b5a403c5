package io.stoq.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private record Fixed(long[] ids, int... loads) implements Selection.Candidates {
        @Override
        public int count() {
            return ids.length;
        }

        @Override
        public long id(int index) {
            return ids[index];
        }

        @Override
        public int inFlight(int index) {
            return loads[index];
        }
    }

    private static Fixed of(int... loads) {
        return new Fixed(LongStream.rangeClosed(1, loads.length).toArray(), loads);
    }

    @Test
    void roundRobinGoesRoundAlsoWhereTheCountOverflows() {
        Fixed three = of(9, 0, 0);
        assertEquals(0, Selection.ROUND_ROBIN.pick(0, three));
        assertEquals(1, Selection.ROUND_ROBIN.pick(1, three));
        assertEquals(2, Selection.ROUND_ROBIN.pick(2, three));
        assertEquals(0, Selection.ROUND_ROBIN.pick(3, three));
        assertEquals(0, Selection.ROUND_ROBIN.pick(-1, three), "2^64 - 1 is a multiple of 3");
    }

    @Test
    void theLeastLoadedIsChosenInTurnAmongEquals() {
        Fixed loads = of(3, 1, 2, 1);
        assertEquals(1, Selection.LEAST_LOADED.pick(0, loads));
        assertEquals(1, Selection.LEAST_LOADED.pick(1, loads));
        assertEquals(3, Selection.LEAST_LOADED.pick(2, loads));
        assertEquals(3, Selection.LEAST_LOADED.pick(3, loads));
        assertEquals(2, Selection.LEAST_LOADED.pick(2, of(0, 0, 0)));
    }

    @Test
    void keysAreSpreadEvenlyAndOnlyThoseOfAConnectionThatGoesMove() {
        int keys = 10_000;
        Fixed five = of(0, 0, 0, 0, 0);
        Fixed without = new Fixed(new long[] {1, 2, 4, 5}, 0, 0, 0, 0);
        int[] share = new int[5];
        for (long key = 0; key < keys; key++) {
            long before = five.id(Selection.pin(key, five));
            long after = without.id(Selection.pin(key, without));
            share[(int) before - 1]++;
            assertTrue(before == 3 || before == after, "a key moved for nothing");
        }
        for (int one : share) {
            assertTrue(one > keys / 5 * 0.9 && one < keys / 5 * 1.1, () -> one + " of " + keys);
        }
    }
}
