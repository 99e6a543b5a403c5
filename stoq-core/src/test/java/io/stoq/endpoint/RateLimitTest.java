package io.stoq.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RateLimitTest {

    private static final long INTERVAL_NS = 10;

    private final RateLimit limit = new RateLimit(INTERVAL_NS, 16);

    @Test
    void aBurstThenOneForEachInterval() {
        for (int i = 0; i < 16; i++) {
            assertTrue(limit.allows(1000));
        }
        assertFalse(limit.allows(1000));
        assertFalse(limit.allows(1009));
        assertTrue(limit.allows(1010));
        assertFalse(limit.allows(1019));
        assertTrue(limit.allows(1020));
        assertTrue(limit.allows(1030));
    }

    @Test
    void theBurstIsEarnedAgainAndNoMoreThanThat() {
        assertEquals(16, allowedAt(0));
        assertEquals(8, allowedAt(8 * INTERVAL_NS));
        assertEquals(16, allowedAt(1_000_000));
    }

    private int allowedAt(long nowNs) {
        int allowed = 0;
        for (int i = 0; i < 100; i++) {
            allowed += limit.allows(nowNs) ? 1 : 0;
        }
        return allowed;
    }
}
