package io.stoq.recovery;

import static io.stoq.recovery.RecoveryFixture.APPLICATION;
import static io.stoq.recovery.RecoveryFixture.HANDSHAKE;
import static io.stoq.recovery.RecoveryFixture.INITIAL;
import static io.stoq.recovery.RecoveryFixture.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.EcnState;
import io.stoq.wire.frame.AckBlock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 9000 §13.4 and §A.4, from the sender's side. */
class EcnTest {

    private static final int ECT0 = 2;
    private static final int NOT_ECT = 0;

    private final RecoveryFixture fixture = RecoveryFixture.established(true, 50 * MS);
    private final Recovery recovery = fixture.recovery;
    private final Ecn ecn = recovery.ecn();
    private long first;

    @BeforeEach
    void nothingWasMarkedSoFar() {
        assertEquals(EcnState.TESTING, ecn.state());
        assertEquals(0, ecn.packetsSent());
        first = recovery.sent(APPLICATION).nextPacketNumber();
    }

    @Test
    void aPathIsTestedWithTenPacketsAndCapableWhenOneOfThemIsReported() {
        for (int i = 0; i < 10; i++) {
            assertEquals(ECT0, send());
        }
        assertEquals(NOT_ECT, send());
        assertEquals(EcnState.UNKNOWN, ecn.state());
        ack(first, first + 1, 2, 0, 0);
        assertEquals(EcnState.CAPABLE, ecn.state());
        assertEquals(ECT0, send());
        assertEquals(11, ecn.packetsSent());
    }

    @Test
    void theTestEndsAfterThreeProbeTimeouts() {
        assertEquals(ECT0, send());
        fixture.nowNs += 3 * recovery.ptoNs() - 1;
        assertEquals(ECT0, send());
        fixture.nowNs += 1;
        assertEquals(NOT_ECT, send());
        assertEquals(EcnState.UNKNOWN, ecn.state());
    }

    @Test
    void countsThatAreMissingFailThePath() {
        send();
        fixture.ack(APPLICATION, first, first);
        assertEquals(EcnState.FAILED, ecn.state());
        assertEquals(NOT_ECT, send());
    }

    @Test
    void countsMayBeMissingWhereNothingMarkedIsAcknowledged() {
        recovery.beginPlain();
        long number = fixture.send(APPLICATION);
        fixture.ack(APPLICATION, number, number);
        assertEquals(EcnState.TESTING, ecn.state());
    }

    @Test
    void countsThatAreTooSmallFailThePath() {
        capable(4);
        send(3);
        ack(first + 4, first + 6, 6, 0, 0);
        assertEquals(EcnState.FAILED, ecn.state());
    }

    @Test
    void countsThatAreTooLargeFailThePath() {
        capable(4);
        send(3);
        ack(first + 4, first + 6, 8, 0, 0);
        assertEquals(EcnState.FAILED, ecn.state());
    }

    @Test
    void countsThatRunBackwardsFailThePath() {
        capable(4);
        send(3);
        ack(first + 4, first + 6, 3, 0, 4);
        assertEquals(EcnState.FAILED, ecn.state());
    }

    @Test
    void ect1FailsThePath() {
        capable(4);
        send(3);
        ack(first + 4, first + 6, 7, 1, 0);
        assertEquals(EcnState.FAILED, ecn.state());
    }

    @Test
    void hugeCountsFailThePathAndDoNoMore() {
        long most = (1L << 62) - 1;
        capable(4);
        long window = recovery.controller().windowBytes();
        send(1);
        ack(first + 4, first + 4, most, 0, most);
        assertEquals(EcnState.FAILED, ecn.state());
        assertEquals(0, ecn.marksReported());
        assertTrue(recovery.controller().windowBytes() >= window);
    }

    @Test
    void anAckThatWasOvertakenIsNotChecked() {
        capable(4);
        send(6);
        ack(first + 8, first + 9, 9, 0, 0); // the peer has the other four as well, and its ranges had no room for them
        ack(first + 4, first + 6, 7, 0, 0); // sent before that one
        assertEquals(EcnState.CAPABLE, ecn.state());
        send(1);
        ack(first + 4, first + 10, 11, 0, 0);
        assertEquals(EcnState.CAPABLE, ecn.state());
    }

    @Test
    void aPacketCountedInOneAckMayBeAcknowledgedByTheNext() {
        capable(4);
        send(3);
        ack(first + 6, first + 6, 7, 0, 0);
        send(1);
        ack(first + 4, first + 7, 8, 0, 0);
        assertEquals(EcnState.CAPABLE, ecn.state());
    }

    @Test
    void marksReduceTheWindowOnceARoundTrip() {
        capable(4);
        long window = recovery.controller().windowBytes();
        send(6);
        ack(first + 4, first + 5, 5, 0, 1);
        assertEquals(window / 2, recovery.controller().windowBytes(), 2 * 1200);
        long reduced = recovery.controller().windowBytes();
        ack(first + 4, first + 9, 7, 0, 3);
        assertEquals(reduced, recovery.controller().windowBytes(), "the same round trip");
        assertEquals(3, ecn.marksReported());
        fixture.nowNs += 50 * MS;
        send(2);
        ack(first + 10, first + 11, 8, 0, 4);
        assertEquals(Math.max(reduced / 2, 2400), recovery.controller().windowBytes());
        assertEquals(0, recovery.lostPackets());
    }

    @Test
    void marksOfTheTestAreHeldBackUntilThePathIsKnownToCarryThem() {
        send(10);
        long window = recovery.controller().windowBytes();
        ack(first, first + 1, 0, 0, 2);
        assertEquals(EcnState.TESTING, ecn.state());
        assertTrue(recovery.controller().windowBytes() >= window);
        ack(first, first + 3, 1, 0, 3);
        assertEquals(EcnState.CAPABLE, ecn.state());
        assertEquals(3, ecn.marksReported());
        assertTrue(recovery.controller().windowBytes() < window);
    }

    @Test
    void aPathThatMarksEverythingFails() {
        send(10);
        assertEquals(NOT_ECT, send());
        ack(first, first + 10, 0, 0, 10);
        assertEquals(EcnState.FAILED, ecn.state());
        assertEquals(0, ecn.marksReported());
    }

    @Test
    void aPathThatLosesEverythingMarkedFails() {
        send(10);
        for (int i = 0; i < 4; i++) {
            assertEquals(NOT_ECT, send());
        }
        fixture.ack(APPLICATION, first + 13, first + 13);
        fixture.fire();
        assertEquals(10 + 3, recovery.lostPackets());
        assertEquals(EcnState.FAILED, ecn.state());
    }

    @Test
    void aMarkedPacketThatWasNotLostAfterAllCounts() {
        send(10);
        long last = recovery.sent(APPLICATION).nextPacketNumber() + 3;
        for (int i = 0; i < 4; i++) {
            send();
        }
        ack(first + 9, last, 1, 0, 0);
        assertEquals(EcnState.CAPABLE, ecn.state());
        ack(first, first + 8, 10, 0, 0); // late, so not checked
        send(1);
        ack(last + 1, last + 1, 11, 0, 0);
        assertEquals(EcnState.CAPABLE, ecn.state());
        assertTrue(recovery.spuriousLosses() > 0);
    }

    @Test
    void probesGoUnmarkedAsLongAsNothingMarkedHasArrived() {
        send(1);
        fixture.fire();
        assertEquals(EcnState.UNKNOWN, ecn.state());
        assertEquals(NOT_ECT, send());
        assertEquals(NOT_ECT, send());
        fixture.nowNs += 50 * MS;
        fixture.ack(APPLICATION, first + 1, first + 2);
        assertEquals(EcnState.FAILED, ecn.state(), "the marked one is lost, the others arrived");
    }

    @Test
    void aCapablePathThatFallsSilentIsTestedAgain() {
        capable(4);
        send(2);
        for (int i = 0; i < 2; i++) {
            fixture.fire();
            assertEquals(ECT0, send());
        }
        fixture.fire();
        assertEquals(EcnState.TESTING, ecn.state());
        assertEquals(NOT_ECT, send());
    }

    @Test
    void anotherPathIsTestedAnew() {
        send(1);
        fixture.ack(APPLICATION, first, first);
        assertEquals(EcnState.FAILED, ecn.state());
        recovery.onPathChanged(fixture.nowNs);
        assertEquals(EcnState.TESTING, ecn.state());
        send(3);
        ack(first + 1, first + 3, 3, 0, 0);
        assertEquals(EcnState.CAPABLE, ecn.state());
    }

    @Test
    void anotherPortIsTestedAnewAndKeepsTheWindow() {
        capable(4);
        send(2);
        long window = recovery.controller().windowBytes();
        recovery.onPortChanged();
        assertEquals(EcnState.TESTING, ecn.state());
        assertEquals(window, recovery.controller().windowBytes());
        send(2);
        ack(first + 4, first + 7, 6, 0, 0);
        assertEquals(EcnState.FAILED, ecn.state(), "two of the four are not in the counts");
    }

    @Test
    void packetsOfAPathThatFailedDoNotSpeakAgainstTheNextOne() {
        send(4);
        ack(first, first, 0, 0, 0);
        assertEquals(EcnState.FAILED, ecn.state());
        recovery.onPathChanged(fixture.nowNs);
        send(2);
        ack(first + 1, first + 5, 2, 0, 0);
        assertEquals(EcnState.CAPABLE, ecn.state());
    }

    @Test
    void eachSpaceHasItsOwnCounts() {
        RecoveryFixture handshake = new RecoveryFixture(false);
        mark(handshake);
        handshake.send(INITIAL);
        mark(handshake);
        handshake.send(HANDSHAKE);
        handshake.recovery.onAck(INITIAL, block(0, 0, 1, 0, 0), 0, handshake.nowNs);
        assertEquals(EcnState.CAPABLE, handshake.recovery.ecn().state());
        handshake.recovery.onAck(HANDSHAKE, block(0, 0, 1, 0, 0), 0, handshake.nowNs);
        assertEquals(EcnState.CAPABLE, handshake.recovery.ecn().state());
    }

    @Test
    void packetsThatGoWithTheirKeysLeaveTheTestOpen() {
        RecoveryFixture handshake = new RecoveryFixture(false);
        mark(handshake);
        handshake.send(INITIAL);
        handshake.fire();
        assertEquals(EcnState.UNKNOWN, handshake.recovery.ecn().state());
        handshake.recovery.onSpaceDiscarded(INITIAL, handshake.nowNs);
        assertEquals(EcnState.TESTING, handshake.recovery.ecn().state());
    }

    @Test
    void aSocketThatCannotMarkSwitchesItOff() {
        recovery.onSocketWithoutEcn();
        assertEquals(EcnState.OFF, ecn.state());
        assertEquals(NOT_ECT, send());
        recovery.onPathChanged(fixture.nowNs);
        assertEquals(EcnState.OFF, ecn.state());
        ack(first, first, 0, 0, 1);
        assertEquals(0, ecn.marksReported());
    }

    private void capable(int packets) {
        send(packets);
        ack(first, first + packets - 1, packets, 0, 0);
        assertEquals(EcnState.CAPABLE, ecn.state());
    }

    private int send() {
        int bits = mark(fixture);
        fixture.send(APPLICATION);
        return bits;
    }

    private void send(int packets) {
        for (int i = 0; i < packets; i++) {
            assertEquals(ECT0, send());
        }
    }

    private static int mark(RecoveryFixture at) {
        return at.recovery.beginMarked(at.nowNs);
    }

    private void ack(long smallest, long largest, long ect0, long ect1, long ce) {
        recovery.onAck(APPLICATION, block(smallest, largest, ect0, ect1, ce), 0, fixture.nowNs);
    }

    private static AckBlock block(long smallest, long largest, long ect0, long ect1, long ce) {
        AckBlock block = RecoveryFixture.block(smallest, largest);
        block.ecn = true;
        block.ect0 = ect0;
        block.ect1 = ect1;
        block.ce = ce;
        return block;
    }
}
