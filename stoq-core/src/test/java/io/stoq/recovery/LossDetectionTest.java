package io.stoq.recovery;

import static io.stoq.recovery.RecoveryFixture.APPLICATION;
import static io.stoq.recovery.RecoveryFixture.HANDSHAKE;
import static io.stoq.recovery.RecoveryFixture.INITIAL;
import static io.stoq.recovery.RecoveryFixture.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LossDetectionTest {

    private final RecoveryFixture fixture = RecoveryFixture.established(true, 80 * MS);
    private final Recovery recovery = fixture.recovery;

    @Test
    void acknowledgedFramesAreReportedAndLeaveTheFlight() {
        long first = fixture.send(APPLICATION);
        long second = fixture.send(APPLICATION);
        assertEquals(2400, recovery.bytesInFlight());
        fixture.acked.clear();
        fixture.ack(APPLICATION, first, second);
        assertEquals(List.of(stream(first), stream(second)), fixture.acked);
        assertEquals(0, recovery.bytesInFlight());
        assertEquals(second, recovery.sent(APPLICATION).largestAcked());
    }

    @Test
    void acknowledgingTwiceReportsOnce() {
        long number = fixture.send(APPLICATION);
        fixture.ack(APPLICATION, number, number);
        fixture.acked.clear();
        fixture.ack(APPLICATION, 0, number);
        assertEquals(List.of(), fixture.acked);
        assertEquals(0, recovery.bytesInFlight());
    }

    @Test
    void aPacketThreeBelowTheLargestIsLost() {
        long[] sent = sendMany(4);
        fixture.ack(APPLICATION, sent[2], sent[2]);
        assertEquals(List.of(), fixture.lost);
        fixture.ack(APPLICATION, sent[3], sent[3]);
        assertEquals(List.of(stream(sent[0])), fixture.lost);
        assertEquals(1, recovery.lostPackets());
        assertEquals(1200, recovery.lostBytes());
        assertEquals(1200, recovery.bytesInFlight(), "the second one is still out");
    }

    @Test
    void aPacketBelowTheLargestIsLostAfterNineEighthsOfTheRtt() {
        long first = fixture.send(APPLICATION);
        fixture.nowNs += MS;
        long second = fixture.send(APPLICATION);
        fixture.nowNs += 80 * MS;
        fixture.ack(APPLICATION, second, second);
        long dueNs = fixture.nowNs - 81 * MS + recovery.rtt().lossDelayNs();
        assertEquals(dueNs, recovery.deadlineNs());
        recovery.onTimeout(dueNs - 1);
        assertEquals(List.of(), fixture.lost);
        recovery.onTimeout(dueNs);
        assertEquals(List.of(stream(first)), fixture.lost);
        assertEquals(0, recovery.probeTimeouts());
        assertEquals(Long.MAX_VALUE, recovery.deadlineNs());
    }

    @Test
    void anOldPacketIsLostByTimeAsSoonAsALaterOneIsAcknowledged() {
        long first = fixture.send(APPLICATION);
        fixture.nowNs += 50 * MS;
        long second = fixture.send(APPLICATION);
        fixture.nowNs += 80 * MS;
        fixture.ack(APPLICATION, second, second);
        assertEquals(List.of(stream(first)), fixture.lost);
    }

    @Test
    void packetsOfOneTrainHaveOneTimeAndAreLostTogether() {
        long[] sent = sendMany(3);
        fixture.nowNs += 80 * MS;
        fixture.ack(APPLICATION, sent[2], sent[2]);
        assertEquals(List.of(), fixture.lost);
        fixture.fire();
        assertEquals(List.of(stream(sent[0]), stream(sent[1])), fixture.lost);
    }

    @Test
    void aLateAcknowledgmentOfALostPacketIsCountedAndReported() {
        long[] sent = sendMany(6);
        fixture.ack(APPLICATION, sent[5], sent[5]);
        assertEquals(3, recovery.lostPackets());
        fixture.acked.clear();
        long inFlight = recovery.bytesInFlight();
        fixture.ack(APPLICATION, sent[5], sent[5], sent[0], sent[1]);
        assertEquals(List.of(stream(sent[0]), stream(sent[1])), fixture.acked);
        assertEquals(2, recovery.spuriousLosses());
        assertEquals(inFlight, recovery.bytesInFlight(), "it had left the flight already");
        fixture.ack(APPLICATION, sent[5], sent[5], sent[0], sent[1]);
        assertEquals(2, recovery.spuriousLosses());
    }

    @Test
    void lostPacketsAreForgottenAfterAnotherFlight() {
        long[] sent = sendMany(10);
        fixture.ack(APPLICATION, sent[9], sent[9]);
        SentPackets packets = recovery.sent(APPLICATION);
        assertEquals(sent[0], packets.tail());
        for (int i = 0; i < 3000; i++) {
            long number = fixture.send(APPLICATION);
            fixture.ack(APPLICATION, number, number);
        }
        assertEquals(packets.nextPacketNumber(), packets.tail());
        assertTrue(packets.capacity() <= 2048, "capacity " + packets.capacity());
    }

    @Test
    void acknowledgingWhatWasNeverSentIsAViolationInEachSpace() {
        RecoveryFixture fresh = new RecoveryFixture(false);
        for (int space : new int[] {INITIAL, HANDSHAKE, APPLICATION}) {
            assertViolation(fresh, space, 0, 0);
            long number = fresh.send(space);
            assertViolation(fresh, space, number, number + 1);
            fresh.ack(space, number, number);
        }
    }

    @Test
    void acknowledgingASkippedNumberIsAViolationAndChangesNothing() {
        Set<Long> used = new TreeSet<>();
        for (int i = 0; i < 2000; i++) {
            used.add(fixture.send(APPLICATION));
        }
        long last = recovery.sent(APPLICATION).nextPacketNumber() - 1;
        List<Long> skipped = new ArrayList<>();
        for (long number = 1; number <= last; number++) {
            if (!used.contains(number)) {
                skipped.add(number);
            }
        }
        assertTrue(skipped.size() >= 3, "skipped " + skipped);
        fixture.acked.clear();
        long window = recovery.controller().windowBytes();
        long inFlight = recovery.bytesInFlight();
        for (long number : skipped) {
            assertViolation(fixture, APPLICATION, number, number);
            assertViolation(fixture, APPLICATION, number - 1, number + 1);
        }
        assertViolation(fixture, APPLICATION, 0, last);
        assertEquals(window, recovery.controller().windowBytes());
        assertEquals(inFlight, recovery.bytesInFlight());
        assertEquals(List.of(), fixture.acked);
    }

    @Test
    void anHonestPeerNeverTouchesASkippedNumberEvenWhenItIsSettled() {
        long before = 0;
        List<long[]> ranges = new ArrayList<>();
        long start = recovery.sent(APPLICATION).nextPacketNumber();
        for (int i = 0; i < 1500; i++) {
            long number = fixture.send(APPLICATION);
            if (i > 0 && number != before + 1) {
                ranges.addFirst(new long[] {start, before});
                start = number;
            }
            before = number;
        }
        ranges.addFirst(new long[] {start, before});
        fixture.ack(
                APPLICATION,
                ranges.stream().flatMapToLong(java.util.Arrays::stream).toArray());
        assertEquals(0, recovery.bytesInFlight());
        assertEquals(0, recovery.lostPackets());
        assertViolation(fixture, APPLICATION, ranges.getLast()[0], before);
    }

    @Test
    void aDiscardedSpaceLeavesTheFlightAndReportsNothing() {
        RecoveryFixture client = new RecoveryFixture(false);
        client.send(INITIAL);
        client.send(HANDSHAKE);
        client.recovery.onSpaceDiscarded(INITIAL, client.nowNs);
        assertEquals(1200, client.recovery.bytesInFlight());
        assertEquals(List.of(), client.lost);
        assertEquals(0, client.recovery.sent(INITIAL).ackElicitingInFlight());
    }

    @Test
    void retryReportsAllAsLostAndKeepsCountingPackets() {
        RecoveryFixture client = new RecoveryFixture(false);
        long first = client.send(INITIAL);
        client.recovery.onRetry(client.nowNs);
        assertEquals(List.of(RecoveryFixture.label(INITIAL, SentFrame.CRYPTO, first)), client.lost);
        assertEquals(0, client.recovery.bytesInFlight());
        assertEquals(first + 1, client.recovery.sent(INITIAL).nextPacketNumber());
    }

    @Test
    void packetsOfAnOldPathNoLongerCountForCongestionControlOrRtt() {
        long[] old = sendMany(4);
        recovery.onPathChanged(fixture.nowNs);
        assertEquals(0, recovery.bytesInFlight());
        assertFalse(recovery.rtt().hasSample());
        long window = recovery.controller().windowBytes();
        fixture.nowNs += 80 * MS;
        fixture.acked.clear();
        fixture.ack(APPLICATION, old[3], old[3]);
        assertEquals(List.of(stream(old[3])), fixture.acked);
        assertEquals(List.of(stream(old[0])), fixture.lost);
        assertFalse(recovery.rtt().hasSample());
        assertEquals(0, recovery.bytesInFlight());
        assertEquals(window, recovery.controller().windowBytes());
        fixture.send(APPLICATION);
        assertEquals(1200, recovery.bytesInFlight());
    }

    @Test
    void aClockThatStepsBackLosesNothingAndRecovers() {
        long[] sent = sendMany(3);
        fixture.nowNs -= 3_600_000 * MS;
        fixture.nowNs = Math.max(0, fixture.nowNs);
        long later = fixture.send(APPLICATION);
        fixture.ack(APPLICATION, sent[2], sent[2]);
        assertEquals(List.of(), fixture.lost);
        fixture.ack(APPLICATION, later, later);
        assertEquals(List.of(stream(sent[0])), fixture.lost);
        fixture.nowNs += 3_600_000 * MS;
        fixture.fire();
        assertEquals(0, recovery.bytesInFlight());
    }

    @Test
    void sendingAnotherNumberThanTheNextIsRefused() {
        assertThrows(
                IllegalStateException.class,
                () -> recovery.onPacketSent(APPLICATION, 99, fixture.nowNs, 100, true, true));
    }

    private long[] sendMany(int count) {
        long[] sent = new long[count];
        for (int i = 0; i < count; i++) {
            sent[i] = fixture.send(APPLICATION);
        }
        return sent;
    }

    private static String stream(long number) {
        return RecoveryFixture.label(APPLICATION, SentFrame.STREAM, number);
    }

    private static void assertViolation(RecoveryFixture fixture, int space, long smallest, long largest) {
        TransportException violation =
                assertThrows(TransportException.class, () -> fixture.ack(space, smallest, largest));
        assertEquals(TransportErrorCode.PROTOCOL_VIOLATION, violation.code());
    }
}
