package io.stoq.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NewRenoTest {

    private static final int DATAGRAM = 1200;
    private static final long RTT = 50_000_000;

    private final Flow flow = new Flow(new NewReno(CongestionParameters.of(DATAGRAM, 0, 333_000_000)), DATAGRAM, RTT);

    @Test
    void startsWithTheRecommendedWindow() {
        assertEquals(12_000, flow.window());
        assertEquals(14_520, CongestionParameters.recommendedWindowBytes(1452));
        assertEquals(14_720, CongestionParameters.recommendedWindowBytes(1500));
        assertEquals(17_904, CongestionParameters.recommendedWindowBytes(8952));
        assertEquals(130_974, CongestionParameters.recommendedWindowBytes(65_487));
    }

    @Test
    void theInitialWindowCanBeSetInPackets() {
        assertEquals(32 * 1452, CongestionParameters.of(1452, 32, 1).initialWindowBytes());
        assertThrows(IllegalArgumentException.class, () -> CongestionParameters.of(1452, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> CongestionParameters.of(1199, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> CongestionParameters.of(1200, 0, 0));
    }

    @Test
    void slowStartDoublesTheWindowEachRound() {
        for (int round = 1; round <= 10; round++) {
            flow.round();
            assertEquals(12_000L << round, flow.window());
        }
    }

    @Test
    void slowStartReachesSixtyFourMebibytes() {
        for (int round = 0; round < 13; round++) {
            flow.round();
        }
        assertTrue(flow.window() >= 64L << 20, "window " + flow.window());
    }

    @Test
    void congestionAvoidanceAddsOneDatagramEachRound() {
        flow.lose();
        assertEquals(6_000, flow.window());
        long window = flow.window();
        for (int round = 1; round <= 20; round++) {
            flow.round();
            assertEquals(window + (long) round * DATAGRAM, flow.window(), DATAGRAM);
        }
    }

    @Test
    void lossesOfOneRoundHalveTheWindowOnce() {
        flow.controller.onPacketsLost(100, 5, 50, DATAGRAM, false);
        assertEquals(6_000, flow.window());
        flow.controller.onPacketsLost(120, 6, 60, DATAGRAM, false);
        flow.controller.onPacketsLost(130, 7, 100, DATAGRAM, false);
        assertEquals(6_000, flow.window());
        flow.controller.onPacketsLost(200, 9, 101, DATAGRAM, false);
        assertEquals(3_000, flow.window());
    }

    @Test
    void packetsSentBeforeTheRecoveryPeriodDoNotGrowTheWindow() {
        flow.controller.onPacketsLost(100, 5, 50, DATAGRAM, false);
        flow.ackOne(200, 90);
        flow.ackOne(200, 100);
        assertEquals(6_000, flow.window());
        for (int i = 0; i < 5; i++) {
            flow.ackOne(300, 101);
        }
        assertEquals(7_200, flow.window());
    }

    @Test
    void neverFallsBelowTwoDatagramsHoweverLarge() {
        for (int datagram : new int[] {1200, 1452, 65_487}) {
            Flow large = new Flow(new NewReno(CongestionParameters.of(datagram, 0, 1)), datagram, RTT);
            for (int i = 1; i < 20; i++) {
                large.controller.onPacketsLost(i * 100, i, i * 100 - 1, datagram, false);
            }
            assertEquals(2L * datagram, large.window());
        }
    }

    @Test
    void persistentCongestionLeavesTwoDatagramsAndStartsSlowly() {
        flow.round();
        flow.controller.onPacketsLost(flow.nowNs, 5, flow.nowNs - 1, DATAGRAM, true);
        assertEquals(2 * DATAGRAM, flow.window());
        flow.round();
        assertEquals(4 * DATAGRAM, flow.window());
    }

    @Test
    void markedPacketsHalveTheWindowToo() {
        flow.controller.onCongestionExperienced(100, 50, 1);
        assertEquals(6_000, flow.window());
    }

    @Test
    void aWindowThatIsNotUsedDoesNotGrow() {
        for (int round = 0; round < 10; round++) {
            flow.idleRound(DATAGRAM);
        }
        assertEquals(12_000, flow.window());
        flow.lose();
        for (int round = 0; round < 50; round++) {
            flow.idleRound(DATAGRAM);
        }
        assertEquals(6_000, flow.window());
    }

    @Test
    void aHalfUsedWindowStillGrowsInSlowStart() {
        flow.idleRound(6_000);
        assertEquals(13_200, flow.window(), "as long as half of it is in flight");
    }

    @Test
    void aLargerDatagramSizeRaisesAnUntouchedWindowOnly() {
        flow.controller.onMaxDatagramSize(1452);
        assertEquals(14_520, flow.window());
        flow.round();
        long window = flow.window();
        flow.controller.onMaxDatagramSize(1472);
        assertEquals(window, flow.window());
    }

    @Test
    void theWindowNeverFallsBelowTwoDatagramsWhenTheyGrow() {
        flow.lose();
        flow.controller.onMaxDatagramSize(65_487);
        assertEquals(2 * 65_487, flow.window());
    }

    @Test
    void aClockThatStepsBackDoesNotFreezeTheWindow() {
        flow.controller.onPacketsLost(3_600_000_000_000L, 5, 3_599_000_000_000L, DATAGRAM, false);
        flow.ackOne(2_000, 1_000);
        for (int i = 0; i < 20; i++) {
            flow.ackOne(3_000 + i, 2_500 + i);
        }
        assertTrue(flow.window() > 6_000);
    }

    @Test
    void theNamesAreThoseOfTheConfiguration() {
        for (CongestionAlgorithm algorithm : CongestionAlgorithm.values()) {
            CongestionController controller = algorithm.factory().create(CongestionParameters.of(1452, 0, 1));
            assertEquals(algorithm.label(), controller.name());
        }
    }
}
