package io.stoq.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.bench.lab.scenario.Scenarios;
import io.stoq.sim.Element;
import io.stoq.sim.Loss;
import io.stoq.sim.SimDatagram;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExperimentTest {

    private static final long MS = 1_000_000;
    private static final long SECOND = 1000 * MS;

    private static final Scenario LOSSY = scenario()
            .on(LinkPlan.of(Quantities.mbit(10), 20 * MS).after(() -> new Loss(0.01)))
            .flow(FlowPlan.bulk())
            .lasting(2 * SECOND);

    @Test
    void theSameSeedGivesTheSameRun() {
        Outcome first = Experiment.run(LOSSY, "cubic", 1);
        Outcome again = Experiment.run(LOSSY, "cubic", 1);
        assertEquals(first.flow().samples(), again.flow().samples());
        assertEquals(first.queue(), again.queue());
        assertNotEquals(
                first.flow().samples(), Experiment.run(LOSSY, "cubic", 2).flow().samples());
    }

    @Test
    void whatIsNotedAddsUp() {
        Outcome outcome = Experiment.run(LOSSY, "newreno", 1);
        FlowTrace flow = outcome.flow();
        Sample last = flow.last();
        assertEquals(2 * SECOND, outcome.endNs());
        assertEquals("newreno", flow.controller());
        assertTrue(flow.establishedNs() >= 20 * MS, flow.establishedNs() + " ns");
        assertTrue(last.receivedBytes() > last.deliveredBytes());
        assertTrue(last.lostPackets() > 0 && last.lostPackets() < last.sentPackets() / 10, last.toString());
        assertEquals(
                flow.goodputMbit(0, 2 * SECOND),
                (flow.goodputMbit(0, SECOND) + flow.goodputMbit(SECOND, 2 * SECOND)) / 2,
                0.001);
        assertTrue(flow.rttMs(0, 0, outcome.endNs()) >= 20);
        assertTrue(flow.meanRttMs(0, outcome.endNs()) <= flow.rttMs(1, 0, outcome.endNs()));
        assertTrue(Double.isNaN(flow.meanRttMs(5 * SECOND, 6 * SECOND)));
        long covered = flow.phases().stream().mapToLong(Phase::lengthNs).sum();
        assertEquals(flow.last().atNs() - flow.samples().getFirst().atNs(), covered);
    }

    @Test
    void aRunEndsWhenAllFlowsAreComplete() {
        Scenario scenario = scenario()
                .on(LinkPlan.of(Quantities.mbit(10), 20 * MS))
                .flow(FlowPlan.bulk(100_000))
                .flow(FlowPlan.bulk(50_000).startingAt(SECOND).downloading())
                .lasting(60 * SECOND);
        Outcome outcome = Experiment.run(scenario, "cubic", 1);
        assertEquals(100_000, outcome.flow(0).last().deliveredBytes());
        assertEquals(50_000, outcome.flow(1).last().deliveredBytes());
        assertTrue(outcome.endNs() > SECOND && outcome.endNs() < 2 * SECOND, outcome.endNs() + " ns");
        assertEquals(outcome.endNs(), outcome.flow(1).completedNs());
        assertTrue(outcome.flow(0).completionSeconds() < 1);
    }

    @Test
    void flowsOfSeveralControllersShareTheQueue() {
        Scenario scenario = scenario()
                .on(LinkPlan.of(Quantities.mbit(10), 20 * MS))
                .flow(FlowPlan.bulk())
                .flow(FlowPlan.bulk().controller("newreno").rtt(30 * MS))
                .lasting(4 * SECOND);
        Outcome outcome = Experiment.run(scenario, "cubic", 1);
        assertEquals("newreno", outcome.flow(1).controller());
        double both = outcome.flow(0).throughputMbit(2 * SECOND, outcome.endNs())
                + outcome.flow(1).throughputMbit(2 * SECOND, outcome.endNs());
        assertTrue(both > 9 && both < 10.2, both + " Mbit/s");
        assertTrue(outcome.flow(1).rttMs(0, 0, outcome.endNs()) >= 30);
        assertTrue(outcome.fairness(0, outcome.endNs()) > 0.5 && outcome.fairness(0, outcome.endNs()) <= 1);
    }

    @Test
    void aBrokenNetworkFailsWithTheSeed() {
        Scenario scenario = scenario()
                .on(LinkPlan.of(Quantities.mbit(10), 20 * MS).after(() -> new Element() {
                    @Override
                    public void onDatagram(long nowNs, SimDatagram datagram) {
                        throw new AssertionError("the cable burns");
                    }
                }))
                .flow(FlowPlan.bulk())
                .lasting(SECOND);
        AssertionError e = assertThrows(AssertionError.class, () -> Experiment.run(scenario, "cubic", 7));
        assertTrue(e.getMessage().contains("burns"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Experiment.run(LOSSY, "vegas", 7));
    }

    @Test
    void checksSayWhatTheyWantAndWhatTheyFound() {
        Outcome outcome = Experiment.run(LOSSY, "cubic", 1);
        Check atLeast = Check.that("goodput", "Mbit/s", o -> 7.25).atLeast(8);
        assertEquals(
                "goodput 7.25 Mbit/s, wanted ≥ 8 Mbit/s",
                atLeast.verdict(outcome).toString());
        assertFalse(atLeast.verdict(outcome).tolerated());
        Verdict tolerated = atLeast.tolerating(7, "reasons").verdict(outcome);
        assertTrue(tolerated.tolerated());
        assertFalse(tolerated.passed());
        assertEquals("goodput 7.25 Mbit/s, wanted ≥ 8 Mbit/s (7 Mbit/s tolerated: reasons)", tolerated.toString());
        assertFalse(atLeast.tolerating(7.5, "reasons").verdict(outcome).tolerated());
        assertTrue(atLeast.atMost(9).atLeast(6).verdict(outcome).passed());
        assertEquals("6 to 9 Mbit/s", atLeast.between(6, 9).bound());
        assertFalse(
                Check.that("x", "", o -> Double.NaN).atMost(1).verdict(outcome).passed());
        assertEquals("never", Check.that("x", "", o -> 0).text(Double.POSITIVE_INFINITY));
    }

    @Test
    void checksAreForTheirControllersOnly() {
        Scenario scenario = LOSSY.expect(
                        Set.of("newreno"), Check.that("a", "", o -> 0).atMost(0))
                .expect(Check.that("b", "", o -> 0).atMost(0));
        assertEquals(1, scenario.checksFor("cubic").size());
        assertEquals(2, scenario.checksFor("newreno").size());
    }

    @Test
    void scenariosHaveNamesOfTheirOwnSourcesAndChecks() {
        Set<String> names = new HashSet<>();
        for (Scenario scenario : Scenarios.all()) {
            assertTrue(names.add(scenario.name()), scenario.name());
            assertTrue(scenario.name().matches("[a-z0-9.-]+"), scenario.name());
            assertFalse(scenario.what().isBlank() || scenario.source().isBlank(), scenario.name());
            assertFalse(scenario.checks().isEmpty(), scenario.name());
            assertTrue(scenario.checks().stream().allMatch(ExperimentTest::isBounded), scenario.name());
        }
    }

    private static boolean isBounded(Check check) {
        return check.atLeast() > Double.NEGATIVE_INFINITY || check.atMost() < Double.POSITIVE_INFINITY;
    }

    private static Scenario scenario() {
        return Scenario.named("test", "a test", "own");
    }
}
