package io.stoq.bench.lab.scenario;

import static io.stoq.bench.lab.Check.that;
import static io.stoq.bench.lab.Quantities.mbit;
import static io.stoq.bench.lab.Quantities.megabytes;
import static io.stoq.bench.lab.Quantities.ms;
import static io.stoq.bench.lab.Quantities.seconds;

import io.stoq.bench.lab.Check;
import io.stoq.bench.lab.FlowPlan;
import io.stoq.bench.lab.LinkPlan;
import io.stoq.bench.lab.Outcome;
import io.stoq.bench.lab.Scenario;
import java.util.List;

/** How a flow finds out what a path carries. */
final class Startup {

    private static final String DRAFT = "draft-ietf-ccwg-bbr, example test cases of Startup and Drain";
    private static final String GOOGLE = "google/quiche, bbr2_simulator_test";

    private Startup() {}

    static List<Scenario> all() {
        return List.of(plateau(), queue(), shallow(), longTransfer());
    }

    private static Scenario plateau() {
        return Scenario.named("startup", "40 Mbit/s, 40 ms, 2 BDP of buffer: the pipe is found to be full", DRAFT)
                .on(LinkPlan.of(mbit(40), ms(40)).bufferBdp(2))
                .flow(FlowPlan.bulk())
                .lasting(seconds(4))
                .expect(Scenario.BBR, bandwidthAfterStartup().atMost(2))
                .expect(
                        Scenario.BBR,
                        that(
                                        "plateau before the end of Startup",
                                        "rounds",
                                        outcome -> States.roundsFromShare(outcome, 0.95))
                                .between(2, 4.5))
                .expect(
                        Scenario.BBR,
                        that(
                                        "Drain follows Startup",
                                        "times",
                                        outcome -> outcome.flow().visits(States.DRAIN, 0, outcome.endNs()))
                                .atLeast(1))
                .expect(
                        Scenario.BBR,
                        that(
                                        "lost in Startup",
                                        "%",
                                        outcome -> 100 * outcome.dropShare(0, States.endOfDrainNs(outcome)))
                                .atMost(0));
    }

    private static Scenario queue() {
        return Scenario.named(
                        "startup-queue", "40 Mbit/s, 40 ms, 4 BDP of buffer: the queue of Startup goes away", DRAFT)
                .on(LinkPlan.of(mbit(40), ms(40)).bufferBdp(4))
                .flow(FlowPlan.bulk())
                .lasting(seconds(4))
                .expect(
                        Scenario.BBR,
                        that(
                                        "queue at the end of Startup",
                                        "BDP",
                                        outcome -> queueBdp(
                                                outcome,
                                                States.endOfStartupNs(outcome),
                                                States.endOfStartupNs(outcome)))
                                .between(0.4, 1.6))
                .expect(
                        Scenario.BBR,
                        that(
                                        "longest queue after Drain",
                                        "BDP",
                                        outcome -> queueBdp(outcome, States.endOfDrainNs(outcome), outcome.endNs()))
                                .atMost(1))
                .expect(
                        Scenario.BBR,
                        that("round trip four rounds later", "x base", Startup::rttAfterDrain)
                                .between(0.9, 1.1));
    }

    private static double rttAfterDrain(Outcome outcome) {
        long fromNs = States.endOfDrainNs(outcome) + 4 * outcome.link().rttNs();
        return outcome.flow().meanRttMs(fromNs, fromNs + outcome.link().rttNs()) / States.baseRttMs(outcome);
    }

    private static double queueBdp(Outcome outcome, long fromNs, long untilNs) {
        return outcome.maxQueueBytes(fromNs, untilNs) / outcome.link().bdpBytes();
    }

    private static Scenario shallow() {
        return Scenario.named("startup-shallow", "40 Mbit/s, 40 ms, 0.5 BDP of buffer: Startup overflows it", DRAFT)
                .on(LinkPlan.of(mbit(40), ms(40)).bufferBdp(0.5))
                .flow(FlowPlan.bulk())
                .lasting(seconds(5))
                .expect(
                        Scenario.BBR,
                        that(
                                        "lost in Startup",
                                        "%",
                                        outcome -> 100 * outcome.dropShare(0, States.endOfStartupNs(outcome)))
                                .atMost(5))
                .expect(
                        Scenario.BBR,
                        that(
                                        "end of Startup after the full rate",
                                        "rounds",
                                        outcome -> States.roundsFromShare(outcome, 0.95))
                                .atMost(3))
                .expect(Scenario.BBR, bandwidthAfterStartup().atMost(2))
                .expect(Scenario.BBR, goodput(seconds(2)).atLeast(36));
    }

    private static Scenario longTransfer() {
        return Scenario.named(
                        "long-transfer", "12 MB at 4 Mbit/s, 64 ms, 2 BDP of buffer", GOOGLE + ", simple transfers")
                .on(LinkPlan.of(mbit(4), ms(64)).bufferBdp(2))
                .flow(FlowPlan.bulk(megabytes(12)))
                .lasting(seconds(60))
                .expect(that("time", "s", outcome -> outcome.flow().completionSeconds())
                        .atMost(30))
                .expect(
                        Scenario.BBR,
                        that("lost", "%", outcome -> 100 * outcome.dropShare(0, outcome.endNs()))
                                .atMost(0))
                .expect(
                        Scenario.BBR,
                        that(
                                        "smoothed round trip at the end",
                                        "x base",
                                        outcome ->
                                                outcome.flow().last().smoothedRttNs() / 1e6 / States.baseRttMs(outcome))
                                .atMost(2));
    }

    static Check bandwidthAfterStartup() {
        return that(
                "bandwidth off the link's after Drain",
                "%",
                outcome -> States.bandwidthErrorPercent(outcome, States.endOfDrainNs(outcome)));
    }

    static Check goodput(long fromNs) {
        return that("goodput", "Mbit/s", outcome -> outcome.flow().goodputMbit(fromNs, outcome.endNs()));
    }
}
