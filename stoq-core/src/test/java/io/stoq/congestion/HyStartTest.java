package io.stoq.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** HyStart++, as CUBIC uses it. RFC 9406 */
class HyStartTest {

    private static final int DATAGRAM = 1200;
    private static final long MS = 1_000_000;
    private static final long[] NO_COLUMNS = {};

    private Cubic cubic = new Cubic(CongestionParameters.of(DATAGRAM, 0, 333 * MS));
    private long nowNs = 1_000 * MS;
    private long number;

    @Test
    void aSteadyRoundTripLeavesSlowStartAlone() {
        for (int i = 1; i <= 10; i++) {
            round(50 * MS);
            assertEquals(12_000L << i, cubic.windowBytes());
            assertEquals("slow start", cubic.state());
        }
    }

    @Test
    void aGrowingRoundTripEndsItAfterFiveConservativeRounds() {
        rounds(6, 50 * MS);
        long before = cubic.windowBytes();
        round(57 * MS); // 50 / 8 = 6.25 ms more
        assertEquals("conservative slow start", cubic.state());
        assertTrue(cubic.windowBytes() > before && cubic.windowBytes() < 2 * before);
        // The round in which growth became conservative is the first of the five.
        for (int i = 0; i < 4; i++) {
            before = cubic.windowBytes();
            assertEquals("conservative slow start", cubic.state());
            round(57 * MS);
            assertEquals(1.25, (double) cubic.windowBytes() / before, 0.08);
        }
        round(57 * MS);
        assertEquals("congestion avoidance", cubic.state());
        before = cubic.windowBytes();
        round(57 * MS);
        assertTrue(cubic.windowBytes() < before * 1.1, before + " to " + cubic.windowBytes());
    }

    @Test
    void aRoundTripThatFallsBackResumesSlowStart() {
        rounds(6, 50 * MS);
        round(60 * MS);
        round(60 * MS);
        assertEquals("conservative slow start", cubic.state());
        round(52 * MS);
        assertEquals("slow start", cubic.state());
        long before = cubic.windowBytes();
        round(52 * MS);
        assertEquals(2 * before, cubic.windowBytes(), DATAGRAM);
    }

    @Test
    void theThresholdIsAnEighthBetweenFourAndSixteenMilliseconds() {
        assertConservative(8 * MS, 11_900_000, false);
        assertConservative(8 * MS, 12 * MS, true);
        assertConservative(64 * MS, 71_900_000, false);
        assertConservative(64 * MS, 72 * MS, true);
        assertConservative(400 * MS, 415_900_000, false);
        assertConservative(400 * MS, 416 * MS, true);
    }

    @Test
    void sevenSamplesAreTooFew() {
        rounds(6, 50 * MS);
        long sentNs = nowNs;
        nowNs += 90 * MS;
        for (int i = 0; i < 7; i++) {
            ack(sentNs, 90 * MS);
        }
        assertEquals("slow start", cubic.state());
        ack(sentNs, 90 * MS);
        assertEquals("conservative slow start", cubic.state());
    }

    @Test
    void acksWithoutSampleSayNothing() {
        rounds(6, 50 * MS);
        long sentNs = nowNs;
        nowNs += 90 * MS;
        for (int i = 0; i < 50; i++) {
            ack(sentNs, 0);
        }
        assertEquals("slow start", cubic.state());
    }

    @Test
    void aLossEndsItForGood() {
        rounds(6, 50 * MS);
        round(60 * MS);
        assertEquals("conservative slow start", cubic.state());
        long before = cubic.windowBytes();
        cubic.onPacketsLost(nowNs, number, nowNs - 1, DATAGRAM, false);
        assertEquals(before * 0.7, cubic.windowBytes(), 1);
        assertEquals("recovery", cubic.state());
        nowNs += 1;
        round(60 * MS);
        assertEquals("congestion avoidance", cubic.state());
    }

    @Test
    void itCanBeSwitchedOffAndIsForNewReno() {
        cubic = new Cubic(CongestionParameters.of(DATAGRAM, 0, 333 * MS), false);
        rounds(6, 50 * MS);
        rounds(2, 90 * MS);
        assertEquals(12_000L << 8, cubic.windowBytes());
        NewReno reno = new NewReno(CongestionParameters.of(DATAGRAM, 0, 333 * MS));
        assertEquals("slow start", reno.state());
    }

    private void assertConservative(long rttNs, long grownRttNs, boolean expected) {
        cubic = new Cubic(CongestionParameters.of(DATAGRAM, 0, 333 * MS));
        rounds(4, rttNs);
        round(grownRttNs);
        assertEquals(expected ? "conservative slow start" : "slow start", cubic.state(), grownRttNs + " ns");
    }

    private void rounds(int count, long rttNs) {
        for (int i = 0; i < count; i++) {
            round(rttNs);
        }
    }

    /** A window is acknowledged packet by packet, a round trip after it was sent. */
    private void round(long rttNs) {
        long sentNs = nowNs;
        nowNs += rttNs;
        long packets = cubic.windowBytes() / DATAGRAM;
        for (long i = 0; i < packets; i++) {
            ack(sentNs, rttNs);
        }
    }

    private void ack(long sentNs, long sampleNs) {
        cubic.onAckBegin(nowNs, cubic.windowBytes(), false);
        cubic.onPacketAcked(number++, DATAGRAM, sentNs, NO_COLUMNS, 0);
        cubic.onAckEnd(nowNs, 0, sampleNs, 50 * MS, 50 * MS);
    }
}
