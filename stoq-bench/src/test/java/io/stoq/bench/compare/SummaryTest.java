package io.stoq.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.bench.compare.Summary.Row;
import io.stoq.bench.perf.PerfReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private static final List<Stack> STACKS = List.of(Reports.STOQ, Reports.NETTY, Reports.CEILING);

    private final List<Outcome> outcomes = new ArrayList<>();

    private Row row(Stack stack) {
        List<Summary> summaries = Summary.of(Reports.comparison(3, STACKS, 1452), outcomes);
        assertEquals(1, summaries.size());
        return summaries.getFirst().rows().get(STACKS.indexOf(stack));
    }

    @Test
    void theMedianIsTheMiddleOfTheRounds() {
        outcomes.addAll(Reports.rounds(Reports.STOQ, 1452, 9, 30, 10));
        assertEquals(new Spread(10, 9, 30), row(Reports.STOQ).gbps());
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
        assertEquals(new Spread(2.5, 1, 10), Spread.of(List.of(10.0, 1.0, 2.0, 3.0)));
        assertEquals(new Spread(4, 4, 4), Spread.of(List.of(4.0)));
        assertNull(Spread.of(List.of()));
    }

    @Test
    void theAdvantageIsTheRatioOfMediansAndItsRangeThatOfTheRounds() {
        outcomes.addAll(Reports.rounds(Reports.STOQ, 1452, 10, 12, 20));
        outcomes.addAll(Reports.rounds(Reports.NETTY, 1452, 5, 4, 5));
        assertEquals(new Spread(12.0 / 5, 2, 4), row(Reports.NETTY).advantage());
        assertNull(row(Reports.STOQ).advantage());
    }

    @Test
    void roundsInWhichOneOfTheTwoFailedDoNotCountForTheRange() {
        outcomes.addAll(Reports.rounds(Reports.STOQ, 1452, 10, 12, 20));
        outcomes.add(Reports.measured(Reports.CEILING, 1452, 1, 20, Map.of()));
        outcomes.add(new Outcome.Failed(new Run(Reports.CEILING, 1452, 2), "it broke"));
        outcomes.add(Reports.measured(Reports.CEILING, 1452, 3, 40, Map.of()));
        assertEquals(new Spread(12.0 / 30, 0.5, 0.5), row(Reports.CEILING).advantage());
        assertEquals("failed: it broke", row(Reports.CEILING).obstacle());
        assertEquals(
                List.of("ceiling, round 2: failed: it broke"),
                row(Reports.CEILING).remarks());
    }

    @Test
    void withoutStoqThereAreNoRatios() {
        outcomes.addAll(Reports.rounds(Reports.CEILING, 1452, 30, 31, 32));
        assertNull(row(Reports.CEILING).advantage());
        assertEquals(31, row(Reports.CEILING).gbps().median());
    }

    @Test
    void whatAStackCannotDoIsItsObstacle() {
        outcomes.add(new Outcome.Skipped(new Run(Reports.NETTY, 1452, 1), "cannot: too long"));
        Row row = row(Reports.NETTY);
        assertNull(row.gbps());
        assertNull(row.spread(PerfReport::cpuSPerGbClient));
        assertEquals("cannot: too long", row.obstacle());
        assertTrue(row.remarks().isEmpty());
    }

    @Test
    void valuesThatSomeRoundsLackAreLeftOut() {
        outcomes.add(Reports.measured(Reports.STOQ, 1452, 1, 9, Map.of("gc_ms_client", 4)));
        outcomes.add(Reports.measured(Reports.STOQ, 1452, 2, 9, Map.of()));
        outcomes.add(Reports.measured(Reports.STOQ, 1452, 3, 9, Map.of("gc_ms_client", 8)));
        assertEquals(new Spread(6, 4, 8), row(Reports.STOQ).spread(PerfReport::gcMsClient));
    }

    @Test
    void lossIsToldOfWithoutWhatWasDeclaredLostTooEarly() {
        outcomes.add(Reports.measured(
                Reports.STOQ, 1452, 1, 9, Map.of("lost_packets", 1200, "spuriously_lost_packets", 1200)));
        outcomes.add(Reports.measured(
                Reports.STOQ, 1452, 2, 9, Map.of("lost_packets", 3, "spuriously_lost_packets", 2, "kernel_drops", 40)));
        assertEquals(
                List.of("stoq, round 2: 1 packet of 12,345 lost, 40 arrivals dropped on full receive buffers"),
                row(Reports.STOQ).remarks());
    }

    @Test
    void whatDisturbedARunIsToldOf() {
        outcomes.add(
                Reports.measured(Reports.STOQ, 1452, 1, 9, Map.of("stolen_percent", 2.34, "other_cpu_percent", 31.2)));
        outcomes.add(
                Reports.measured(Reports.STOQ, 1452, 2, 9, Map.of("stolen_percent", 0.9, "other_cpu_percent", 4.9)));
        assertEquals(
                List.of("stoq, round 1: 2.3 % of the machine's time went to other guests, "
                        + "31 % of this machine's time went to other processes"),
                row(Reports.STOQ).remarks());
    }

    @Test
    void sizesOfWhichNothingIsKnownYetAreLeftOut() {
        outcomes.addAll(Reports.rounds(Reports.STOQ, 8952, 20));
        List<Summary> summaries = Summary.of(Reports.comparison(1, STACKS, 1452, 8952), outcomes);
        assertEquals(
                List.of(8952), summaries.stream().map(Summary::payloadBytes).toList());
    }
}
