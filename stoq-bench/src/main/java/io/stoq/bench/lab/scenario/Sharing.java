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

/** Several flows on one link. */
final class Sharing {

    private static final String GOOGLE = "google/quiche, bbr2_simulator_test: multiple senders";

    private Sharing() {}

    static List<Scenario> all() {
        return List.of(
                twoFlows(),
                twoFlowsLate(),
                sixFlows(),
                besideCubic(),
                besideNewReno(),
                differentRtts("rtt-unfairness-shallow", 0.5)
                        .expect(Scenario.BBR2, ratio().atMost(3))
                        .expect(
                                Scenario.BBR3,
                                ratio().atMost(3).tolerating(3.8, "it is 2.6 to 3.5 by the seed, 2.8 in the middle")),
                differentRtts("rtt-unfairness", 1).expect(Scenario.BBR, ratio().atMost(3)));
    }

    private static Scenario twoFlows() {
        double singleS = 20;
        return Scenario.named(
                        "two-flows",
                        "4 Mbit/s, 64 ms, 2 BDP of buffer: 10 MB each, the second begins when a tenth of the first is done",
                        GOOGLE)
                .on(LinkPlan.of(mbit(4), ms(64)).bufferBdp(2))
                .flow(FlowPlan.bulk(megabytes(10)))
                .flow(FlowPlan.bulk(megabytes(10)).startingAt(seconds(2)))
                .lasting(seconds(80))
                .expect(
                        Scenario.BBR,
                        that("both complete", "s", Outcome::completionSeconds).atMost(3 * singleS));
    }

    private static Scenario twoFlowsLate() {
        return Scenario.named(
                        "two-flows-late",
                        "20 Mbit/s, 40 ms, 2 BDP of buffer, 60 s: the second begins after 10 s",
                        "Jain et al. 1984 for the index; the threshold is own")
                .on(LinkPlan.of(mbit(20), ms(40)).bufferBdp(2))
                .flow(FlowPlan.bulk())
                .flow(FlowPlan.bulk().startingAt(seconds(10)))
                .lasting(seconds(60))
                .expect(
                        Scenario.BBR,
                        that("fairness in the last half", "", outcome -> outcome.fairness(seconds(30), outcome.endNs()))
                                .atLeast(0.9))
                .expect(
                        Scenario.BBR,
                        that("goodput of both", "Mbit/s", outcome -> sum(outcome, seconds(30)))
                                .atLeast(18));
    }

    private static double sum(Outcome outcome, long fromNs) {
        return outcome.flows().stream()
                .mapToDouble(flow -> flow.goodputMbit(fromNs, outcome.endNs()))
                .sum();
    }

    private static Scenario sixFlows() {
        double singleS = 4.15; // 40 Mbit, headers and the handshake
        Scenario scenario = Scenario.named(
                        "six-flows", "10 Mbit/s, 64 ms, 2 BDP of buffer: six flows of 5 MB, started 2 s apart", GOOGLE)
                .on(LinkPlan.of(mbit(10), ms(64)).bufferBdp(2))
                .lasting(seconds(60));
        for (int i = 0; i < 6; i++) {
            scenario = scenario.flow(FlowPlan.bulk(megabytes(5)).startingAt(seconds(2 * i)));
        }
        return scenario.expect(
                Scenario.BBR,
                that("all complete", "s", Outcome::completionSeconds).atMost(1.1 * 6 * singleS));
    }

    private static Scenario besideCubic() {
        double singleS = 20;
        return Scenario.named(
                        "beside-cubic",
                        "20 Mbit/s, 40 ms, 2 BDP of buffer: 50 MB beside a CUBIC flow with as much to send",
                        GOOGLE + "; no side starves: picoquic")
                .on(LinkPlan.of(mbit(20), ms(40)).bufferBdp(2))
                .flow(FlowPlan.bulk(megabytes(50)))
                .flow(FlowPlan.bulk(megabytes(50)).controller("cubic"))
                .lasting(seconds(70))
                .expect(Scenario.BBR, share().between(25, 80))
                .expect(
                        Scenario.BBR,
                        that("both complete", "s", Outcome::completionSeconds).atMost(3 * singleS));
    }

    private static Scenario besideNewReno() {
        return Scenario.named(
                        "beside-newreno",
                        "20 Mbit/s, 40 ms, 2 BDP of buffer: beside a NewReno flow, 30 s",
                        "as beside CUBIC; a record, and no side starves")
                .on(LinkPlan.of(mbit(20), ms(40)).bufferBdp(2))
                .flow(FlowPlan.bulk())
                .flow(FlowPlan.bulk().controller("newreno"))
                .lasting(seconds(30))
                .expect(Scenario.BBR, share().between(20, 90));
    }

    /** While both had something to send. */
    private static Check share() {
        return that("share", "%", outcome -> 100 * outcome.share(seconds(2), firstCompletionNs(outcome)));
    }

    private static long firstCompletionNs(Outcome outcome) {
        return outcome.flows().stream()
                .mapToLong(flow -> flow.completedNs() < 0 ? outcome.endNs() : flow.completedNs())
                .min()
                .orElseThrow();
    }

    private static Scenario differentRtts(String name, double bufferBdp) {
        return Scenario.named(
                        name,
                        "20 Mbit/s, " + bufferBdp + " BDP of buffer: a flow of 10 ms beside one of 50 ms, 60 s",
                        "known weakness of BBRv1 (10:1 and more); the threshold is own")
                .on(LinkPlan.of(mbit(20), ms(50)).bufferBdp(bufferBdp))
                .flow(FlowPlan.bulk().rtt(ms(10)))
                .flow(FlowPlan.bulk().rtt(ms(50)))
                .lasting(seconds(60));
    }

    private static Check ratio() {
        return that("larger goodput to smaller", ": 1", outcome -> {
            double first = outcome.flow(0).goodputMbit(seconds(20), outcome.endNs());
            double second = outcome.flow(1).goodputMbit(seconds(20), outcome.endNs());
            return Math.max(first, second) / Math.min(first, second);
        });
    }
}
