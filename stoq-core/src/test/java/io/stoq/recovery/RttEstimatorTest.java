package io.stoq.recovery;

import static io.stoq.recovery.RecoveryFixture.APPLICATION;
import static io.stoq.recovery.RecoveryFixture.INITIAL;
import static io.stoq.recovery.RecoveryFixture.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RttEstimatorTest {

    private final RttEstimator rtt = new RttEstimator(333 * MS);

    @Test
    void startsWithTheInitialRtt() {
        assertFalse(rtt.hasSample());
        assertEquals(333 * MS, rtt.smoothedNs());
        assertEquals(333 * MS / 2, rtt.varianceNs());
        assertEquals(999 * MS, rtt.ptoNs(0), 4, "333 ms + 4 * 166.5 ms");
    }

    @Test
    void theFirstSampleReplacesTheInitialRtt() {
        rtt.onSample(0, 10 * MS, 100 * MS);
        assertTrue(rtt.hasSample());
        assertEquals(100 * MS, rtt.latestNs());
        assertEquals(100 * MS, rtt.smoothedNs());
        assertEquals(50 * MS, rtt.varianceNs());
        assertEquals(100 * MS, rtt.minNs());
    }

    @Test
    void laterSamplesAreSmoothed() {
        rtt.onSample(0, 0, 100 * MS);
        rtt.onSample(0, 0, 180 * MS);
        assertEquals(110 * MS, rtt.smoothedNs(), "7/8 * 100 + 1/8 * 180");
        assertEquals(57_500_000, rtt.varianceNs(), "3/4 * 50 + 1/4 * 80");
        assertEquals(100 * MS, rtt.minNs());
    }

    @Test
    void theAckDelayIsTakenOff() {
        rtt.onSample(0, 0, 100 * MS);
        rtt.onSample(0, 20 * MS, 200 * MS);
        assertEquals(200 * MS, rtt.latestNs());
        assertEquals(110 * MS, rtt.smoothedNs(), "1/8 * 180");
    }

    @Test
    void anAckDelayThatWouldUndercutTheMinimumIsNotBelieved() {
        rtt.onSample(0, 0, 100 * MS);
        rtt.onSample(0, 90 * MS, 180 * MS);
        assertEquals(110 * MS, rtt.smoothedNs());
        assertEquals(100 * MS, rtt.minNs());
    }

    @Test
    void theMinimumIgnoresTheAckDelay() {
        rtt.onSample(0, 0, 100 * MS);
        rtt.onSample(0, 30 * MS, 90 * MS);
        assertEquals(90 * MS, rtt.minNs());
    }

    @Test
    void theMinimumStartsOverAfterPersistentCongestion() {
        rtt.onSample(0, 0, 10 * MS);
        rtt.onPersistentCongestion();
        rtt.onSample(0, 0, 100 * MS);
        assertEquals(100 * MS, rtt.minNs());
        rtt.onSample(0, 0, 120 * MS);
        assertEquals(100 * MS, rtt.minNs());
    }

    @Test
    void theLossDelayIsNineEighthsOfTheLargerRttAndNeverBelowTheGranularity() {
        rtt.onSample(0, 0, 80 * MS);
        assertEquals(90 * MS, rtt.lossDelayNs());
        RttEstimator near = new RttEstimator(333 * MS);
        near.onSample(0, 0, 20_000);
        assertEquals(MS, near.lossDelayNs());
        assertEquals(20_000 + MS, near.ptoNs(0));
    }

    @Test
    void timeThatStandsStillIsASampleOfZeroAndTimeThatStepsBackIsNone() {
        rtt.onSample(50 * MS, 0, 40 * MS);
        assertFalse(rtt.hasSample());
        rtt.onSample(50 * MS, 0, 50 * MS);
        assertTrue(rtt.hasSample());
        assertEquals(0, rtt.smoothedNs());
        assertEquals(MS, rtt.ptoNs(0));
    }

    @Test
    void onlyALargestPacketThatIsNewGivesASample() {
        RecoveryFixture fixture = RecoveryFixture.established(true, 50 * MS);
        long first = fixture.send(APPLICATION);
        long second = fixture.send(APPLICATION);
        fixture.nowNs += 60 * MS;
        fixture.ack(APPLICATION, second, second);
        assertEquals(60 * MS, fixture.recovery.rtt().latestNs());
        fixture.nowNs += 60 * MS;
        fixture.ack(APPLICATION, first, second);
        assertEquals(60 * MS, fixture.recovery.rtt().latestNs());
    }

    @Test
    void packetsThatElicitNothingGiveNoSample() {
        RecoveryFixture fixture = RecoveryFixture.established(true, 50 * MS);
        long number = fixture.sendAckOnly(APPLICATION);
        fixture.nowNs += 500 * MS;
        fixture.ack(APPLICATION, number, number);
        assertEquals(50 * MS, fixture.recovery.rtt().latestNs());
    }

    @Test
    void aDelayBeyondThePeersMaximumIsLimitedOnceTheHandshakeIsConfirmed() {
        RecoveryFixture fixture = RecoveryFixture.established(true, 100 * MS);
        fixture.recovery.peerMaxAckDelay(20 * MS);
        long number = fixture.send(APPLICATION);
        fixture.nowNs += 200 * MS;
        fixture.ackDelayed(APPLICATION, 90 * MS, number, number);
        assertEquals(110 * MS, fixture.recovery.rtt().smoothedNs(), "20 ms taken off, not 90");
    }

    @Test
    void theDelayIsTakenAsItIsBeforeTheHandshakeIsConfirmed() {
        RecoveryFixture fixture = new RecoveryFixture(true);
        long first = fixture.send(APPLICATION);
        fixture.nowNs += 100 * MS;
        fixture.ack(APPLICATION, first, first);
        long second = fixture.send(APPLICATION);
        fixture.nowNs += 260 * MS;
        fixture.ackDelayed(APPLICATION, 80 * MS, second, second);
        assertEquals(110 * MS, fixture.recovery.rtt().smoothedNs());
    }

    @Test
    void theDelayOfInitialPacketsIsIgnored() {
        RecoveryFixture fixture = new RecoveryFixture(false);
        long first = fixture.send(INITIAL);
        fixture.nowNs += 100 * MS;
        fixture.ack(INITIAL, first, first);
        long second = fixture.send(INITIAL);
        fixture.nowNs += 180 * MS;
        fixture.ackDelayed(INITIAL, 80 * MS, second, second);
        assertEquals(110 * MS, fixture.recovery.rtt().smoothedNs());
    }
}
