package io.stoq.tls.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** B-21: a ticket brings early data once. */
class ReplayFilterTest {

    private static final long START_MS = 1_800_000_000_000L;

    private final ReplayFilter filter = new ReplayFilter(1000);

    private static byte[] ticket(long number) {
        return ByteBuffer.allocate(40).putLong(32, number).array();
    }

    /** A flight that was sent at a time and arrives at another, with a ticket that was issued long before. */
    private boolean arrives(long number, long sentMs, long arrivesMs) {
        long issuedMs = START_MS - 1_000_000;
        return filter.admit(ticket(number), arrivesMs - issuedMs, sentMs - issuedMs, arrivesMs);
    }

    @Test
    void aFlightIsTakenOnceWheneverItIsRepeated() {
        Random random = new Random(1);
        List<Long> sentMs = new ArrayList<>();
        long nowMs = START_MS;
        for (int number = 0; number < 5000; number++) {
            nowMs += random.nextInt(2000);
            sentMs.add(nowMs + random.nextInt(-5000, 5001));
            assertTrue(arrives(number, sentMs.get(number), nowMs));
            for (int i = 0; i < 5; i++) {
                int replayed = number - random.nextInt(Math.min(number + 1, 20));
                assertFalse(arrives(replayed, sentMs.get(replayed), nowMs + random.nextInt(1000)));
            }
        }
    }

    @Test
    void aFlightThatIsHeldBackUntilItIsForgottenIsTooOld() {
        for (long delayMs = 0; delayMs < 100_000; delayMs += 500) {
            long sentMs = START_MS + 1_000_000 * delayMs;
            assertTrue(arrives(delayMs, sentMs, sentMs));
            assertFalse(arrives(delayMs, sentMs, sentMs + delayMs));
        }
    }

    /** The clock goes back, so that a flight of the past seems to be new. */
    @Test
    void aClockThatGoesBackMakesNoReplayNew() {
        assertTrue(arrives(1, START_MS, START_MS));
        for (long ms = 0; ms < 60_000; ms += 1000) {
            arrives(2 + ms, START_MS + ms, START_MS + ms);
        }
        for (long ms = 60_000; ms >= -60_000; ms -= 500) {
            assertFalse(arrives(1, START_MS, START_MS + ms), "at " + ms);
        }
    }

    @Test
    void aFloodIsBounded() {
        int taken = 0;
        for (int i = 0; i < 100_000; i++) {
            taken += arrives(i, START_MS + i / 10, START_MS + i / 10) ? 1 : 0;
        }
        assertTrue(taken <= 2000, "taken " + taken);
        assertTrue(filter.size() <= 2000, "held " + filter.size());
        assertTrue(arrives(1_000_000, START_MS + 60_000, START_MS + 60_000), "after the flood");
    }
}
