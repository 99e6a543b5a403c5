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
import io.stoq.sim.AckAggregation;
import io.stoq.sim.AckThinning;
import java.util.List;

/** Acknowledgments that come late, in heaps, or seldom. */
final class Acknowledgments {

    private static final String GOOGLE =
            "google/quiche, bbr2_simulator_test: transfers with aggregation and decimation";

    private Acknowledgments() {}

    static List<Scenario> all() {
        return List.of(aggregation(), thinning());
    }

    private static Scenario aggregation() {
        return Scenario.named(
                        "ack-aggregation",
                        "4 Mbit/s, 64 ms, 8 BDP of buffer; acknowledgments wait for 10 kB of them or two round trips",
                        GOOGLE)
                .on(LinkPlan.of(mbit(4), ms(64)).bufferBdp(8).back(() -> new AckAggregation(10_240, ms(128))))
                .flow(FlowPlan.bulk(megabytes(12)))
                .lasting(seconds(60))
                .expect(
                        Scenario.BBR,
                        that(
                                        "bandwidth off the link's at the end",
                                        "%",
                                        outcome -> States.bandwidthErrorPercent(outcome, outcome.endNs()))
                                .atMost(1)
                                .tolerating(3, "45 packets come in one heap; one more or less is 2.2 %"))
                .expect(
                        Scenario.BBR,
                        that("lost", "%", outcome -> 100 * outcome.dropShare(0, outcome.endNs()))
                                .atMost(0))
                .expect(Scenario.BBR, smoothedRtt(5))
                .expect(
                        Scenario.BBR,
                        that(
                                        "mean window",
                                        "BDP",
                                        outcome -> outcome.flow()
                                                        .mean(
                                                                seconds(10),
                                                                outcome.endNs(),
                                                                sample -> sample.windowBytes())
                                                / outcome.link().bdpBytes())
                                .atLeast(2))
                .expect(
                        Scenario.BBR,
                        that("time", "s", outcome -> outcome.flow().completionSeconds())
                                .atMost(30));
    }

    private static Scenario thinning() {
        return Scenario.named(
                        "ack-thinning",
                        "4 Mbit/s, 64 ms, 2 BDP of buffer; of eight acknowledgments one gets through",
                        GOOGLE)
                .on(LinkPlan.of(mbit(4), ms(64)).bufferBdp(2).back(() -> new AckThinning(8, ms(32))))
                .flow(FlowPlan.bulk(megabytes(12)))
                .lasting(seconds(60))
                .expect(
                        Scenario.BBR,
                        that("lost", "%", outcome -> 100 * outcome.dropShare(0, outcome.endNs()))
                                .atMost(0.1))
                .expect(Scenario.BBR, smoothedRtt(3))
                .expect(
                        Scenario.BBR,
                        that(
                                        "least round trip",
                                        "x base",
                                        outcome ->
                                                outcome.flow().rttMs(0, 0, outcome.endNs()) / States.baseRttMs(outcome))
                                .between(0.9, 1.1))
                .expect(that("time", "s", outcome -> outcome.flow().completionSeconds())
                        .atMost(30));
    }

    private static Check smoothedRtt(double rounds) {
        return that("smoothed round trip at the end", "x base", Acknowledgments::smoothedRttAtEnd)
                .atMost(rounds);
    }

    private static double smoothedRttAtEnd(Outcome outcome) {
        return outcome.flow().last().smoothedRttNs() / 1e6 / States.baseRttMs(outcome);
    }
}
