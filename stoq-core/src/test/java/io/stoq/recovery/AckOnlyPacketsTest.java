package io.stoq.recovery;

import static io.stoq.recovery.RecoveryFixture.APPLICATION;
import static io.stoq.recovery.RecoveryFixture.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Packets with nothing to acknowledge, and a peer that leaves them unacknowledged for ever. */
class AckOnlyPacketsTest {

    private final RecoveryFixture fixture = RecoveryFixture.established(true, 10 * MS);
    private final Recovery recovery = fixture.recovery;

    @Test
    void doNotCountAsInFlightAndSetNoTimer() {
        fixture.sendAckOnly(APPLICATION);
        assertEquals(0, recovery.bytesInFlight());
        assertEquals(Long.MAX_VALUE, recovery.deadlineNs());
    }

    @Test
    void aPingIsWantedAfterThirtyTwoOfThem() {
        for (int i = 0; i < 32; i++) {
            assertFalse(recovery.wantsPing(APPLICATION), "after " + i);
            fixture.sendAckOnly(APPLICATION);
        }
        assertTrue(recovery.wantsPing(APPLICATION));
        fixture.sendFrame(APPLICATION, SentFrame.PING);
        assertFalse(recovery.wantsPing(APPLICATION));
    }

    @Test
    void noPingIsWantedWhereTheWindowIsFull() {
        while (recovery.sendAllowanceBytes() > 0) {
            fixture.send(APPLICATION);
        }
        for (int i = 0; i < 100; i++) {
            fixture.sendAckOnly(APPLICATION);
        }
        assertFalse(recovery.wantsPing(APPLICATION));
    }

    @Test
    void theirLossIsNoLoss() {
        for (int i = 0; i < 10; i++) {
            fixture.sendAckOnly(APPLICATION);
        }
        long number = fixture.sendFrame(APPLICATION, SentFrame.PING);
        long window = recovery.controller().windowBytes();
        fixture.ack(APPLICATION, number, number);
        assertEquals(0, recovery.lostPackets());
        assertTrue(fixture.lost.isEmpty());
        assertTrue(recovery.controller().windowBytes() >= window);
        assertEquals(Long.MAX_VALUE, recovery.deadlineNs());
    }

    @Test
    void theAcknowledgmentOfAnAcknowledgmentIsReported() {
        long number = fixture.sendAckOnly(APPLICATION);
        fixture.acked.clear();
        fixture.ack(APPLICATION, number, number);
        assertEquals(RecoveryFixture.label(APPLICATION, SentFrame.ACK, 1), fixture.acked.getFirst());
    }

    @Test
    void memoryStaysBoundedWithAPeerThatNeverAcknowledges() {
        SentPackets sent = recovery.sent(APPLICATION);
        for (int i = 0; i < 1_000_000; i++) {
            fixture.nowNs += 10_000;
            if (recovery.wantsPing(APPLICATION)) {
                fixture.sendFrame(APPLICATION, SentFrame.PING);
            } else {
                fixture.sendAckOnly(APPLICATION);
            }
            if (fixture.nowNs >= recovery.deadlineNs()) {
                recovery.onTimeout(fixture.nowNs);
            }
        }
        assertTrue(sent.capacity() <= 4 * SentPackets.MAX_ACK_ONLY_PACKETS, "capacity " + sent.capacity());
        assertTrue(recovery.bytesInFlight() <= recovery.controller().windowBytes());
    }
}
