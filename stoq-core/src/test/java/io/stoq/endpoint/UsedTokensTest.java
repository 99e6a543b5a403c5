package io.stoq.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** B-22: no token is good twice, however many there are. */
class UsedTokensTest {

    private final UsedTokens used = new UsedTokens();

    @Test
    void aTokenIsGoodOnce() {
        for (long mark : new long[] {0, 2, -1, Long.MIN_VALUE}) {
            assertFalse(used.contains(mark, 5));
            used.add(mark, 5);
            assertTrue(used.contains(mark, 5));
        }
    }

    @Test
    void tokensThatShareTheirLowBitsAreToldApart() {
        for (long i = 0; i < 100; i++) {
            assertFalse(used.contains(i << 32, 5));
            used.add(i << 32, 5);
        }
        assertFalse(used.contains(100L << 32, 5));
    }

    @Test
    void noneOfMillionsIsGoodTwiceAndNewOnesStayGood() {
        SplittableRandom random = new SplittableRandom(7);
        List<long[]> sample = new ArrayList<>();
        int wronglyUsed = 0;
        for (int i = 0; i < 1_000_000; i++) {
            long mark = random.nextLong();
            long issuedMs = i;
            wronglyUsed += used.contains(mark, issuedMs) ? 1 : 0;
            used.add(mark, issuedMs);
            if (i % 997 == 0) {
                sample.add(new long[] {mark, issuedMs});
            }
        }
        assertEquals(0, wronglyUsed);
        for (long[] token : sample) {
            assertTrue(used.contains(token[0], token[1]), () -> "issued at " + token[1]);
        }
    }

    @Test
    void whatIsForgottenCountsAsUsed() {
        used.add(1, 10);
        for (int i = 1; i < 3 * UsedTokens.MOST; i++) {
            used.add(1_000_000L + i, 20);
        }
        assertTrue(used.contains(1, 10));
        assertTrue(used.contains(2, 9), "never used, but as old");
        assertFalse(used.contains(2, 21));
    }
}
