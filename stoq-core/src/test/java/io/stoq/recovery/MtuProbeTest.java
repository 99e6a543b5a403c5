package io.stoq.recovery;

import static io.stoq.recovery.RecoveryFixture.APPLICATION;
import static io.stoq.recovery.RecoveryFixture.MS;
import static io.stoq.recovery.RecoveryFixture.label;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Probes of the path's MTU in loss recovery, and what the loss of large packets tells. RFC 9000 §14.4, RFC 8899 §4.3. */
class MtuProbeTest {

    private static final int PROBE_BYTES = 9000;

    private final RecoveryFixture fixture = RecoveryFixture.established(true, 100 * MS);
    private final Recovery recovery = fixture.recovery;

    @Test
    void aLostProbeLeavesWindowAndCountsAlone() {
        long window = recovery.controller().windowBytes();
        long probe = sendProbe();
        assertEquals(PROBE_BYTES, recovery.bytesInFlight());
        long last = 0;
        for (int i = 0; i < 3; i++) {
            last = fixture.send(APPLICATION);
        }
        fixture.nowNs += 100 * MS;
        fixture.ack(APPLICATION, probe + 1, last);
        assertEquals(List.of(label(APPLICATION, SentFrame.MTU_PROBE, probe)), fixture.lost);
        assertEquals(0, recovery.bytesInFlight());
        assertEquals(0, recovery.lostPackets());
        assertTrue(recovery.controller().windowBytes() >= window);
    }

    @Test
    void noTimerWaitsForAProbeAlone() {
        sendProbe();
        assertEquals(Long.MAX_VALUE, recovery.deadlineNs());
        fixture.send(APPLICATION);
        assertTrue(recovery.deadlineNs() < Long.MAX_VALUE);
    }

    @Test
    void anAcknowledgedProbeLeavesNothingInFlight() {
        long probe = sendProbe();
        fixture.nowNs += 100 * MS;
        fixture.ack(APPLICATION, probe, probe);
        assertEquals(label(APPLICATION, SentFrame.MTU_PROBE, probe), fixture.acked.getLast());
        assertEquals(0, recovery.bytesInFlight());
        assertEquals(0, recovery.sent(APPLICATION).ackElicitingInFlight());
        assertEquals(Long.MAX_VALUE, recovery.deadlineNs());
    }

    @Test
    void aProbeTimeoutDoesNotRepeatAProbe() {
        sendProbe();
        long data = fixture.send(APPLICATION);
        fixture.fire();
        assertEquals(2, recovery.pendingProbes(APPLICATION));
        assertEquals(List.of(label(APPLICATION, SentFrame.STREAM, data)), fixture.lost);
    }

    @Test
    void lostProbesEstablishNoPersistentCongestion() {
        fixture.nowNs += MS;
        sendProbe();
        fixture.nowNs += 5000 * MS;
        sendProbe();
        fixture.nowNs += 50 * MS;
        long arrived = fixture.send(APPLICATION);
        fixture.nowNs += 200 * MS;
        fixture.ack(APPLICATION, arrived, arrived);
        assertEquals(2, fixture.lost.size());
        assertEquals(0, recovery.persistentCongestions());
    }

    @Test
    void aProbeFoundLaterIsNoSpuriousLoss() {
        long probe = sendProbe();
        long last = 0;
        for (int i = 0; i < 3; i++) {
            last = fixture.send(APPLICATION);
        }
        fixture.ack(APPLICATION, probe + 1, last);
        fixture.ack(APPLICATION, probe, last);
        assertEquals(0, recovery.spuriousLosses());
    }

    @Test
    void aRefusedProbeIsLostAtOnceAndOnlyOnce() {
        long probe = sendProbe();
        recovery.onMtuProbeRefused(probe);
        recovery.onMtuProbeRefused(probe);
        recovery.onMtuProbeRefused(probe + 1000);
        assertEquals(List.of(label(APPLICATION, SentFrame.MTU_PROBE, probe)), fixture.lost);
        assertEquals(0, recovery.bytesInFlight());
    }

    @Test
    void largePacketsLostWhereSmallOnesArriveAreSuspicious() {
        for (int i = 0; i < 3; i++) {
            fixture.send(APPLICATION, 1400);
        }
        ackLater(sendSmall(3));
        assertTrue(recovery.pollBlackHole());
        assertFalse(recovery.pollBlackHole(), "told once");
    }

    @Test
    void twoAreNotEnough() {
        fixture.send(APPLICATION, 1400);
        fixture.send(APPLICATION, 1400);
        ackLater(sendSmall(3));
        assertFalse(recovery.pollBlackHole());
        fixture.send(APPLICATION, 1400);
        ackLater(sendSmall(3));
        assertTrue(recovery.pollBlackHole(), "but they add up");
    }

    @Test
    void aLargePacketThatArrivesLaterClearsThePath() {
        for (int i = 0; i < 5; i++) {
            fixture.send(APPLICATION, 1400);
        }
        long arrived = fixture.send(APPLICATION, 1400);
        long last = sendSmall(3);
        fixture.nowNs += 300 * MS;
        fixture.ack(APPLICATION, last, last, arrived, arrived);
        assertEquals(5, recovery.lostPackets());
        assertFalse(recovery.pollBlackHole());
    }

    @Test
    void theLossOfSmallPacketsTellsNothing() {
        for (int i = 0; i < 10; i++) {
            fixture.send(APPLICATION, 1200);
        }
        ackLater(sendSmall(3));
        assertEquals(10, recovery.lostPackets());
        assertFalse(recovery.pollBlackHole());
    }

    @Test
    void packetsFromBeforeAChangeOfSizeTellNothingAfterIt() {
        for (int i = 0; i < 5; i++) {
            fixture.send(APPLICATION, 1400);
        }
        recovery.onMaxDatagramSize(1200);
        ackLater(sendSmall(3));
        assertEquals(5, recovery.lostPackets());
        assertFalse(recovery.pollBlackHole());
    }

    @Test
    void theSmallestWindowFollowsTheSize() {
        recovery.onMaxDatagramSize(65_487);
        assertEquals(65_487, recovery.maxDatagramBytes());
        assertTrue(recovery.controller().windowBytes() >= 2 * 65_487);
    }

    private long sendProbe() {
        SentPackets sent = recovery.sent(APPLICATION);
        long number = sent.nextPacketNumber();
        sent.addFrame(SentFrame.MTU_PROBE, number, 0, 0);
        recovery.onPacketSent(APPLICATION, number, fixture.nowNs, PROBE_BYTES, true, true);
        recovery.onMtuProbeSent(number);
        return number;
    }

    private long sendSmall(int packets) {
        long last = 0;
        for (int i = 0; i < packets; i++) {
            last = fixture.send(APPLICATION, 100);
        }
        return last;
    }

    private void ackLater(long last) {
        fixture.nowNs += 300 * MS;
        fixture.ack(APPLICATION, last, last);
    }
}
