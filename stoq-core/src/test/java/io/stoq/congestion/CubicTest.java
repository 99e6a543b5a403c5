package io.stoq.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** RFC 9438, against its formulas. */
class CubicTest {

    private static final int DATAGRAM = 1200;
    private static final double SECOND = 1e9;

    @Test
    void slowStartDoublesTheWindowEachRound() {
        Flow flow = flow(50);
        for (int round = 1; round <= 10; round++) {
            flow.round();
            assertEquals(12_000L << round, flow.window());
        }
    }

    @Test
    void aLossLeavesSevenTenths() {
        Flow flow = grown(50, 8);
        long before = flow.window();
        flow.lose();
        assertEquals(before * 0.7, flow.window(), 1);
    }

    @Test
    void growthAfterALossFollowsTheCubicFunction() {
        Flow flow = grown(100, 9);
        double wMax = (double) flow.window() / DATAGRAM;
        flow.lose();
        double start = (double) flow.window() / DATAGRAM;
        double k = Math.cbrt((wMax - start) / 0.4);
        long epochNs = flow.nowNs + 100_000_000; // the first acknowledgment after the recovery period
        for (int round = 0; round < 200; round++) {
            flow.round();
            double t = (flow.nowNs - epochNs) / SECOND;
            double formula = 0.4 * Math.pow(t - k, 3) + wMax;
            double window = (double) flow.window() / DATAGRAM;
            if (t > 1) {
                // The window of a round is the formula's value of about a round ahead.
                double ahead = 0.4 * Math.pow(t + 0.1 - k, 3) + wMax;
                assertTrue(
                        window >= formula * 0.97 && window <= ahead * 1.03,
                        "t " + t + " window " + window + " formula " + formula + ".." + ahead);
            }
        }
        assertTrue(flow.window() > wMax * DATAGRAM, "it went on behind the plateau");
    }

    @Test
    void anotherDatagramSizeLeavesTheWindowWhereItIs() {
        for (int size : new int[] {1200, 9000, 65_487}) {
            Flow flow = new Flow(new Cubic(CongestionParameters.of(8952, 0, 100_000_000)), 8952, 100_000_000);
            for (int i = 0; i < 8; i++) {
                flow.round();
            }
            flow.lose();
            flow.round();
            flow.round();
            long before = flow.window();
            flow.controller.onMaxDatagramSize(size);
            assertEquals(before, flow.window());
            flow.round();
            assertTrue(
                    flow.window() >= before && flow.window() <= before * 1.05 + 2 * size,
                    size + ": from " + before + " to " + flow.window());
        }
    }

    @Test
    void theWindowIsFlatAroundThePlateau() {
        Flow flow = grown(100, 9);
        long wMax = flow.window();
        flow.lose();
        double k = Math.cbrt((wMax - flow.window()) / (0.4 * DATAGRAM));
        for (int round = 0; round < k / 0.1; round++) {
            flow.round();
        }
        assertEquals(1.0, (double) flow.window() / wMax, 0.01);
    }

    @Test
    void aSecondLossBelowTheOldPlateauLowersItFurther() {
        Flow flow = grown(100, 9);
        flow.lose();
        long second = flow.window();
        flow.nowNs += 1_000;
        flow.lose();
        assertEquals(second * 0.7, flow.window(), 1);
        double plateau = second * 1.7 / 2;
        double k = Math.cbrt((plateau - flow.window()) / (0.4 * DATAGRAM));
        for (int round = 0; round < k / 0.1; round++) {
            flow.round();
        }
        assertEquals(1.0, flow.window() / plateau, 0.02);
    }

    @Test
    void shortRoundTripsGrowAtLeastAsReno() {
        Flow cubic = flow(2);
        Flow reno = new Flow(new NewReno(CongestionParameters.of(DATAGRAM, 0, 1)), DATAGRAM, 2_000_000);
        cubic.lose();
        reno.lose();
        long cubicStart = cubic.window();
        for (int round = 0; round < 100; round++) {
            cubic.round();
            reno.round();
        }
        double perRound = (cubic.window() - cubicStart) / 100.0 / DATAGRAM;
        assertTrue(perRound > 0.5, "per round " + perRound);
        assertTrue(perRound < 1.1, "per round " + perRound);
    }

    @Test
    void growsByHalfARoundAtMost() {
        Flow flow = grown(100, 3);
        flow.lose();
        flow.round();
        flow.nowNs += 3_600_000_000_000L; // a clock that jumps
        long before = flow.window();
        flow.round();
        assertTrue(flow.window() <= before * 1.65, "from " + before + " to " + flow.window());
    }

    @Test
    void timeWithoutUseDoesNotCount() {
        Flow busy = grown(100, 8);
        Flow idle = grown(100, 8);
        busy.lose();
        idle.lose();
        busy.round();
        idle.round();
        for (int round = 0; round < 50; round++) {
            idle.idleRound(DATAGRAM);
        }
        idle.nowNs += (long) (30 * SECOND);
        for (int round = 0; round < 20; round++) {
            busy.round();
            idle.round();
        }
        assertEquals(1.0, (double) idle.window() / busy.window(), 0.03);
    }

    @Test
    void persistentCongestionStartsSlowlyUpToTheThreshold() {
        Flow flow = grown(50, 5);
        long before = flow.window();
        flow.controller.onPacketsLost(flow.nowNs, 1, flow.nowNs - 1, DATAGRAM, true);
        assertEquals(2 * DATAGRAM, flow.window());
        flow.round();
        assertEquals(4 * DATAGRAM, flow.window());
        for (int round = 0; round < 8; round++) {
            flow.round();
        }
        assertEquals(before * 0.7, flow.window(), before * 0.1);
    }

    @Test
    void neverFallsBelowTwoDatagrams() {
        Flow flow = new Flow(new Cubic(CongestionParameters.of(65_487, 0, 1)), 65_487, 1_000_000);
        for (int i = 0; i < 20; i++) {
            flow.nowNs += 10_000_000;
            flow.lose();
        }
        assertEquals(2 * 65_487, flow.window());
        flow.round();
        assertTrue(flow.window() > 2 * 65_487);
    }

    @Test
    void growsBeyondSixtyFourMebibytesAfterLosses() {
        Flow flow = new Flow(new Cubic(CongestionParameters.of(65_487, 0, 1)), 65_487, 20_000_000);
        for (int round = 0; round < 10; round++) {
            flow.round();
        }
        flow.lose();
        long before = flow.window();
        assertTrue(before > 64L << 20, "window " + before);
        for (int round = 0; round < 500; round++) {
            flow.round();
        }
        assertTrue(flow.window() > before);
    }

    @Test
    void aClockThatStandsStillIsHarmless() {
        CongestionController cubic = new Cubic(CongestionParameters.of(DATAGRAM, 0, 1));
        cubic.onPacketsLost(5, 1, 4, DATAGRAM, false);
        for (int i = 0; i < 100; i++) {
            cubic.onAckBegin(5, cubic.windowBytes(), false);
            cubic.onPacketAcked(i, DATAGRAM, 6, new long[0], 0);
            cubic.onAckEnd(5, 0, 0, 0, 0);
        }
        assertTrue(cubic.windowBytes() >= 2 * DATAGRAM && cubic.windowBytes() < 1 << 20);
        assertEquals(CongestionController.UNPACED, cubic.pacingRateBytesPerSecond());
    }

    private static Flow flow(long rttMs) {
        return new Flow(new Cubic(CongestionParameters.of(DATAGRAM, 0, 333_000_000)), DATAGRAM, rttMs * 1_000_000);
    }

    private static Flow grown(long rttMs, int rounds) {
        Flow flow = flow(rttMs);
        for (int round = 0; round < rounds; round++) {
            flow.round();
        }
        return flow;
    }
}
