package io.stoq.recovery;

import static io.stoq.recovery.RecoveryFixture.APPLICATION;
import static io.stoq.recovery.RecoveryFixture.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** RFC 9002 §7.6. The second sample of 100 ms makes the threshold three probe timeouts of 100 + 4 * 37.5 + 25 ms. */
class PersistentCongestionTest {

    private static final long DURATION = 3 * 275 * MS;

    private final RecoveryFixture fixture = RecoveryFixture.established(true, 100 * MS);
    private final Recovery recovery = fixture.recovery;

    @Test
    void isEstablishedWhenAllIsLostForLongerThanTheDuration() {
        fixture.nowNs += MS;
        loseAround(DURATION + MS);
        assertEquals(1, recovery.persistentCongestions());
        assertEquals(2400, recovery.controller().windowBytes());
    }

    @Test
    void isNotEstablishedByLossesThatSpanTheDurationOrLess() {
        fixture.nowNs += MS;
        loseAround(DURATION);
        assertEquals(0, recovery.persistentCongestions());
        assertTrue(recovery.controller().windowBytes() > 2400);
    }

    @Test
    void isNotEstablishedWhenOneInBetweenWasAcknowledged() {
        fixture.nowNs += MS;
        fixture.send(APPLICATION);
        fixture.nowNs += DURATION / 2;
        long arrived = fixture.send(APPLICATION);
        fixture.nowNs += DURATION / 2 + MS;
        fixture.send(APPLICATION);
        fixture.nowNs += DURATION;
        long probe = fixture.send(APPLICATION);
        fixture.nowNs += 100 * MS;
        fixture.ack(APPLICATION, probe, probe, arrived, arrived);
        assertEquals(2, recovery.lostPackets());
        assertEquals(0, recovery.persistentCongestions());
    }

    @Test
    void countsOnlyAckElicitingPackets() {
        fixture.nowNs += MS;
        sendPadding();
        fixture.nowNs += DURATION + MS;
        fixture.send(APPLICATION);
        fixture.nowNs += MS;
        long probe = fixture.send(APPLICATION);
        fixture.nowNs += 100 * MS;
        fixture.ack(APPLICATION, probe, probe);
        fixture.fire();
        assertEquals(2, recovery.lostPackets());
        assertEquals(0, recovery.persistentCongestions());
    }

    @Test
    void countsOnlyPacketsSentAfterTheFirstSample() {
        RecoveryFixture fresh = new RecoveryFixture(true);
        fresh.recovery.onHandshakeConfirmed(fresh.nowNs);
        fresh.send(APPLICATION);
        fresh.nowNs += 10_000 * MS;
        fresh.send(APPLICATION);
        fresh.nowNs += 10_000 * MS;
        long probe = fresh.send(APPLICATION);
        fresh.nowNs += 100 * MS;
        fresh.ack(APPLICATION, probe, probe);
        assertEquals(2, fresh.recovery.lostPackets());
        assertEquals(0, fresh.recovery.persistentCongestions());
    }

    @Test
    void aSkippedNumberInBetweenDoesNotCount() {
        long number = 0;
        long before;
        do {
            before = number;
            number = fixture.send(APPLICATION);
            fixture.ack(APPLICATION, number, number);
        } while (recovery.sent(APPLICATION).nextPacketNumber() == number + 1);
        assertTrue(before < number);
        fixture.nowNs += MS;
        loseAround(DURATION + 100 * MS);
        assertEquals(1, recovery.persistentCongestions());
    }

    private void loseAround(long spanNs) {
        fixture.send(APPLICATION);
        fixture.nowNs += spanNs;
        fixture.send(APPLICATION);
        fixture.nowNs += 50 * MS;
        long probe = fixture.send(APPLICATION);
        fixture.nowNs += 100 * MS;
        fixture.ack(APPLICATION, probe, probe);
        assertEquals(2, recovery.lostPackets());
    }

    private void sendPadding() {
        long number = recovery.sent(APPLICATION).nextPacketNumber();
        recovery.onPacketSent(APPLICATION, number, fixture.nowNs, 1200, false, true);
    }
}
