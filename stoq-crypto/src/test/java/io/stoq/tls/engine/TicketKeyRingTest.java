package io.stoq.tls.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** B-22: keys change with time, and what they sealed is of no use to anybody else. */
class TicketKeyRingTest {

    private static final long HOUR_MS = 3_600_000;
    private static final byte[] STATE = {1, 2, 3};

    private final Random random = new Random(1);

    private TicketKeyRing ring(byte[]... secrets) {
        return new TicketKeyRing(List.of(secrets), HOUR_MS, (target, at, length) -> {
            for (int i = 0; i < length; i++) {
                target[at + i] = (byte) random.nextInt();
            }
        });
    }

    private static byte[] secret(int number) {
        byte[] secret = new byte[32];
        secret[0] = (byte) number;
        return secret;
    }

    @Test
    void aKeyOpensForOnePeriodMoreThanItSeals() {
        for (TicketKeyRing ring : new TicketKeyRing[] {ring(), ring(secret(1))}) {
            byte[] ticket = ring.seal(STATE, 10 * HOUR_MS);
            assertArrayEquals(STATE, ring.open(ticket, 10 * HOUR_MS));
            assertArrayEquals(STATE, ring.open(ticket, 12 * HOUR_MS - 1));
            assertNull(ring.open(ticket, 12 * HOUR_MS));
        }
    }

    @Test
    void keysThatOpenNothingAnyMoreAreForgotten() {
        for (TicketKeyRing ring : new TicketKeyRing[] {ring(), ring(secret(1))}) {
            for (int hour = 10; hour < 1000; hour++) {
                ring.seal(STATE, hour * HOUR_MS);
            }
            assertTrue(ring.size() <= 2, "keys held: " + ring.size());
        }
    }

    /** Not even by the numbers of keys that a ticket names. */
    @Test
    void ticketsThatNameStrangeKeysFillNoMemory() {
        for (TicketKeyRing ring : new TicketKeyRing[] {ring(), ring(secret(1), secret(2))}) {
            byte[] ticket = ring.seal(STATE, 10 * HOUR_MS);
            for (int i = 0; i < 100_000; i++) {
                byte[] strange = ticket.clone();
                for (int at = 0; at < 8; at++) {
                    strange[at] = (byte) random.nextInt();
                }
                assertNull(ring.open(strange, 10 * HOUR_MS));
            }
            for (int period = 0; period < 256; period++) {
                byte[] strange = ticket.clone();
                strange[7] = (byte) period;
                ring.open(strange, 10 * HOUR_MS);
            }
            assertTrue(ring.size() <= 6, "keys held: " + ring.size());
        }
    }

    @Test
    void everyBitCounts() {
        TicketKeyRing ring = ring(secret(1));
        byte[] ticket = ring.seal(STATE, 10 * HOUR_MS);
        for (int bit = 0; bit < 8 * ticket.length; bit++) {
            byte[] altered = ticket.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            assertNull(ring.open(altered, 10 * HOUR_MS));
        }
        for (int length = 0; length < ticket.length; length++) {
            assertNull(ring.open(Arrays.copyOf(ticket, length), 10 * HOUR_MS));
        }
    }

    @Test
    void theFirstSecretSealsAndAllOpen() {
        TicketKeyRing old = ring(secret(1));
        TicketKeyRing both = ring(secret(2), secret(1));
        TicketKeyRing young = ring(secret(2));
        assertArrayEquals(STATE, both.open(old.seal(STATE, HOUR_MS), HOUR_MS));
        assertArrayEquals(STATE, young.open(both.seal(STATE, HOUR_MS), HOUR_MS));
        assertNull(old.open(both.seal(STATE, HOUR_MS), HOUR_MS));
        assertNull(ring().open(ring().seal(STATE, HOUR_MS), HOUR_MS));
        assertEquals(1, young.size());
    }
}
