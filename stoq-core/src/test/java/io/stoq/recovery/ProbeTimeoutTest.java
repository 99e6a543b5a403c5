package io.stoq.recovery;

import static io.stoq.recovery.RecoveryFixture.APPLICATION;
import static io.stoq.recovery.RecoveryFixture.HANDSHAKE;
import static io.stoq.recovery.RecoveryFixture.INITIAL;
import static io.stoq.recovery.RecoveryFixture.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeTimeoutTest {

    /** 100 + 4 * 50 ms after the first sample, and 25 ms of ack delay. */
    private static final long PTO = 300 * MS;

    private static final long MAX_ACK_DELAY = 25 * MS;

    @Test
    void firesAfterThePtoWithTheAckDelayInTheApplicationSpace() {
        RecoveryFixture fixture = RecoveryFixture.established(true, 100 * MS);
        assertEquals(Long.MAX_VALUE, fixture.recovery.deadlineNs(), "nothing is out");
        fixture.send(APPLICATION);
        assertEquals(fixture.nowNs + PTO + MAX_ACK_DELAY, fixture.recovery.deadlineNs());
        assertEquals(PTO + MAX_ACK_DELAY, fixture.recovery.ptoNs());
    }

    @Test
    void runsFromTheLastAckElicitingPacket() {
        RecoveryFixture fixture = RecoveryFixture.established(true, 100 * MS);
        fixture.send(APPLICATION);
        fixture.nowNs += 50 * MS;
        fixture.send(APPLICATION);
        long deadlineNs = fixture.recovery.deadlineNs();
        assertEquals(fixture.nowNs + PTO + MAX_ACK_DELAY, deadlineNs);
        fixture.nowNs += 50 * MS;
        fixture.sendAckOnly(APPLICATION);
        assertEquals(deadlineNs, fixture.recovery.deadlineNs());
    }

    @Test
    void doublesEachTimeAndStartsOverWithAnAcknowledgment() {
        RecoveryFixture fixture = RecoveryFixture.established(true, 100 * MS);
        fixture.send(APPLICATION);
        long number = 0;
        for (int i = 0; i < 6; i++) {
            assertEquals(i, fixture.recovery.ptoCount());
            assertEquals(fixture.nowNs + (PTO + MAX_ACK_DELAY << i), fixture.recovery.deadlineNs());
            fixture.fire();
            number = fixture.send(APPLICATION);
        }
        assertEquals(6, fixture.recovery.probeTimeouts());
        fixture.ack(APPLICATION, number, number);
        assertEquals(0, fixture.recovery.ptoCount());
    }

    @Test
    void isLaterEachTimeEvenIfNoProbeCouldBeSent() {
        RecoveryFixture fixture = RecoveryFixture.established(true, 100 * MS);
        fixture.send(APPLICATION);
        for (int i = 0; i < 100; i++) {
            fixture.fire();
            assertTrue(fixture.recovery.deadlineNs() > fixture.nowNs, "after " + i);
        }
        fixture.nowNs += 3_600_000 * MS * 100;
        fixture.recovery.onTimeout(fixture.nowNs);
        assertTrue(fixture.recovery.deadlineNs() > fixture.nowNs);
    }

    @Test
    void asksForTwoProbesWithTheContentOfTheOldestPackets() {
        RecoveryFixture fixture = RecoveryFixture.established(true, 100 * MS);
        long first = fixture.send(APPLICATION);
        long second = fixture.send(APPLICATION);
        fixture.send(APPLICATION);
        long inFlight = fixture.recovery.bytesInFlight();
        fixture.fire();
        assertEquals(2, fixture.recovery.pendingProbes(APPLICATION));
        assertEquals(List.of(stream(first), stream(second)), fixture.lost);
        assertEquals(0, fixture.recovery.lostPackets(), "a probe timeout is no loss");
        assertEquals(inFlight, fixture.recovery.bytesInFlight());
        fixture.sendAckOnly(APPLICATION);
        assertEquals(2, fixture.recovery.pendingProbes(APPLICATION));
        fixture.send(APPLICATION);
        fixture.send(APPLICATION);
        assertEquals(0, fixture.recovery.pendingProbes(APPLICATION));
    }

    @Test
    void passesOverPacketsWhoseContentIsNotRepeated() {
        RecoveryFixture fixture = RecoveryFixture.established(true, 100 * MS);
        fixture.sendFrame(APPLICATION, SentFrame.PING);
        fixture.sendFrame(APPLICATION, SentFrame.DATAGRAM);
        fixture.sendFrame(APPLICATION, SentFrame.PATH_CHALLENGE);
        fixture.sendAckOnly(APPLICATION);
        long data = fixture.send(APPLICATION);
        fixture.fire();
        assertEquals(List.of(stream(data)), fixture.lost);
        assertEquals(2, fixture.recovery.pendingProbes(APPLICATION));
    }

    @Test
    void isNotArmedForApplicationPacketsBeforeTheHandshakeIsConfirmed() {
        RecoveryFixture server = new RecoveryFixture(true);
        server.send(APPLICATION);
        assertEquals(Long.MAX_VALUE, server.recovery.deadlineNs());
        server.recovery.onHandshakeConfirmed(server.nowNs);
        assertTrue(server.recovery.deadlineNs() < Long.MAX_VALUE);
    }

    @Test
    void belongsToTheSpaceThatIsDueFirst() {
        RecoveryFixture server = new RecoveryFixture(true);
        server.send(INITIAL);
        server.nowNs += MS;
        server.send(HANDSHAKE);
        server.fire();
        assertEquals(2, server.recovery.pendingProbes(INITIAL));
        assertEquals(1, server.recovery.pendingProbes(HANDSHAKE), "rides along");
        assertEquals(2, server.lost.size());
    }

    @Test
    void aServerThatMayNotSendHasNone() {
        RecoveryFixture server = new RecoveryFixture(true);
        server.send(INITIAL);
        server.recovery.amplificationLimited(true, server.nowNs);
        assertEquals(Long.MAX_VALUE, server.recovery.deadlineNs());
        server.recovery.amplificationLimited(false, server.nowNs);
        assertTrue(server.recovery.deadlineNs() < Long.MAX_VALUE);
        server.recovery.amplificationLimited(true, server.nowNs);
        server.recovery.onPeerAddressValidated(server.nowNs);
        assertTrue(server.recovery.deadlineNs() < Long.MAX_VALUE);
    }

    @Test
    void aClientKeepsProbingUntilTheServerHasValidatedItsAddress() {
        RecoveryFixture client = new RecoveryFixture(false);
        long hello = client.send(INITIAL);
        client.nowNs += 100 * MS;
        client.ack(INITIAL, hello, hello);
        assertEquals(client.nowNs + PTO, client.recovery.deadlineNs(), "nothing is out, but the server may be stuck");
        client.fire();
        assertEquals(1, client.recovery.pendingProbes(INITIAL));
        assertEquals(0, client.recovery.pendingProbes(HANDSHAKE));
        client.recovery.onSpaceDiscarded(INITIAL, client.nowNs);
        client.recovery.handshakeKeysAvailable();
        client.fire();
        assertEquals(1, client.recovery.pendingProbes(HANDSHAKE));
        long finished = client.send(HANDSHAKE);
        client.ack(HANDSHAKE, finished, finished);
        assertEquals(Long.MAX_VALUE, client.recovery.deadlineNs());
    }

    @Test
    void aClientWithOnlyApplicationPacketsOutStillBreaksTheDeadlock() {
        RecoveryFixture client = new RecoveryFixture(false);
        client.send(APPLICATION);
        client.fire();
        assertEquals(1, client.recovery.pendingProbes(INITIAL));
    }

    @Test
    void aClientKeepsItsBackOffUntilTheServerHasValidatedItsAddress() {
        RecoveryFixture client = new RecoveryFixture(false);
        client.send(INITIAL);
        client.fire();
        long number = client.send(INITIAL);
        client.ack(INITIAL, number, number);
        assertEquals(1, client.recovery.ptoCount());
        client.recovery.onPeerAddressValidated(client.nowNs);
        number = client.send(INITIAL);
        client.ack(INITIAL, number, number);
        assertEquals(0, client.recovery.ptoCount());
    }

    @Test
    void discardingASpaceEndsItsProbesAndTheBackOff() {
        RecoveryFixture client = new RecoveryFixture(false);
        client.send(INITIAL);
        client.fire();
        client.send(HANDSHAKE);
        client.recovery.onSpaceDiscarded(INITIAL, client.nowNs);
        assertEquals(0, client.recovery.pendingProbes(INITIAL));
        assertEquals(0, client.recovery.ptoCount());
        assertEquals(client.nowNs + 999 * MS, client.recovery.deadlineNs(), 4);
    }

    @Test
    void doesNothingBeforeItsTime() {
        RecoveryFixture fixture = RecoveryFixture.established(true, 100 * MS);
        fixture.send(APPLICATION);
        fixture.recovery.onTimeout(fixture.recovery.deadlineNs() - 1);
        assertEquals(0, fixture.recovery.probeTimeouts());
        assertEquals(0, fixture.recovery.pendingProbes(APPLICATION));
    }

    private static String stream(long number) {
        return RecoveryFixture.label(APPLICATION, SentFrame.STREAM, number);
    }
}
