package io.stoq.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reductions that were made in vain are taken back by the controllers that have a window. RFC 9438 §4.9.2 */
class SpuriousLossTest {

    private static final int DATAGRAM = 1200;
    private static final long MS = 1_000_000;
    private static final long[] NO_COLUMNS = {};

    enum Kind {
        CUBIC(Cubic::new),
        NEW_RENO(NewReno::new);

        final CongestionControllerFactory factory;

        Kind(CongestionControllerFactory factory) {
            this.factory = factory;
        }
    }

    private Flow flow;
    private CongestionController controller;

    private void grow(Kind kind) {
        controller = kind.factory.create(CongestionParameters.of(DATAGRAM, 0, 333 * MS));
        flow = new Flow(controller, DATAGRAM, 50 * MS);
        for (int i = 0; i < 6; i++) {
            flow.round();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whenAllOfThemHadArrivedTheWindowIsWhatItWas(Kind kind) {
        grow(kind);
        long before = flow.window();
        long sentNs = flow.nowNs;
        lose(3, sentNs);
        assertEquals("recovery", controller.state());
        found(sentNs);
        found(sentNs);
        assertEquals("recovery", controller.state());
        found(sentNs);
        assertEquals(before, flow.window());
        assertEquals("slow start", controller.state());
        flow.round();
        assertEquals(2 * before, flow.window(), "as if nothing had been");
    }

    @ParameterizedTest
    @EnumSource
    void oneThatWasReallyLostKeepsItReduced(Kind kind) {
        grow(kind);
        long sentNs = flow.nowNs;
        lose(2, sentNs);
        long reduced = flow.window();
        found(sentNs);
        assertEquals(reduced, flow.window());
    }

    @ParameterizedTest
    @EnumSource
    void lossesThatJoinTheSamePeriodCountToo(Kind kind) {
        grow(kind);
        long before = flow.window();
        long sentNs = flow.nowNs;
        lose(1, sentNs);
        lose(1, sentNs);
        found(sentNs);
        assertEquals("recovery", controller.state());
        found(sentNs);
        assertEquals(before, flow.window());
    }

    @ParameterizedTest
    @EnumSource
    void aMarkIsNoMistake(Kind kind) {
        grow(kind);
        long sentNs = flow.nowNs;
        lose(1, sentNs);
        long reduced = flow.window();
        controller.onCongestionExperienced(flow.nowNs, sentNs, 1);
        found(sentNs);
        assertEquals(reduced, flow.window());
    }

    @ParameterizedTest
    @EnumSource
    void aPacketOfAnEarlierPeriodDoesNotUndoThisOne(Kind kind) {
        grow(kind);
        long firstNs = flow.nowNs;
        lose(2, firstNs);
        flow.nowNs += MS;
        flow.round();
        long secondNs = flow.nowNs;
        lose(1, secondNs);
        long reduced = flow.window();
        found(firstNs);
        assertEquals(reduced, flow.window());
    }

    @ParameterizedTest
    @EnumSource
    void congestionAvoidanceGoesOnWhereItWas(Kind kind) {
        grow(kind);
        lose(1, flow.nowNs);
        flow.nowNs += MS;
        for (int i = 0; i < 20; i++) {
            flow.round();
        }
        long before = flow.window();
        long sentNs = flow.nowNs;
        lose(1, sentNs);
        found(sentNs);
        assertEquals(before, flow.window());
        assertEquals("congestion avoidance", controller.state());
        flow.round();
        assertEquals(1.02, (double) flow.window() / before, 0.02);
    }

    private void lose(int packets, long sentNs) {
        flow.nowNs += 10;
        for (int i = 0; i < packets; i++) {
            controller.onPacketLost(i, DATAGRAM, sentNs, NO_COLUMNS, 0);
        }
        controller.onPacketsLost(flow.nowNs, packets, sentNs, (long) packets * DATAGRAM, false);
    }

    private void found(long sentNs) {
        controller.onSpuriousLoss(flow.nowNs, 1, DATAGRAM, sentNs);
    }
}
