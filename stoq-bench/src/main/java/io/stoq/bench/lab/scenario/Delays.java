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
import io.stoq.bench.lab.Write;
import io.stoq.sim.Jitter;
import io.stoq.sim.Reorder;
import java.util.List;

/** Round-trip times: keeping them short, and measuring how short they can be. */
final class Delays {

    private static final String DRAFT = "draft-ietf-ccwg-bbr, ProbeRTT";

    private Delays() {}

    static List<Scenario> all() {
        return List.of(bufferbloat(), probeRtt(), probeRttSkipped(), probeRttInStartup(), reordering(), jitter());
    }

    private static Scenario bufferbloat() {
        return Scenario.named(
                        "bufferbloat",
                        "20 Mbit/s, 30 ms, 10 BDP of buffer, 60 s: who fills it?",
                        "Cardwell et al. 2016: BBR is made to keep the queue short; the thresholds are own")
                .on(LinkPlan.of(mbit(20), ms(30)).bufferBdp(10))
                .flow(FlowPlan.bulk())
                .lasting(seconds(60))
                .expect(Scenario.BBR, meanRtt(seconds(2)).atMost(1.3))
                .expect(
                        Scenario.BBR,
                        that(
                                        "99th percentile of the round trip",
                                        "x base",
                                        outcome -> outcome.flow().rttMs(0.99, seconds(2), outcome.endNs())
                                                / States.baseRttMs(outcome))
                                .atMost(2.3))
                .expect(Scenario.CUBIC, meanRtt(seconds(2)).atLeast(3))
                .expect(that("goodput", "Mbit/s", outcome -> outcome.flow().goodputMbit(seconds(2), outcome.endNs()))
                        .atLeast(18));
    }

    private static Check meanRtt(long fromNs) {
        return that(
                "mean round trip",
                "x base",
                outcome -> outcome.flow().meanRttMs(fromNs, outcome.endNs()) / States.baseRttMs(outcome));
    }

    private static Scenario probeRtt() {
        return Scenario.named(
                        "probe-rtt", "20 Mbit/s, 40 ms, 30 s without a break: the queue is emptied now and then", DRAFT)
                .on(LinkPlan.of(mbit(20), ms(40)))
                .flow(FlowPlan.bulk())
                .lasting(seconds(30))
                .expect(
                        Scenario.BBR,
                        that("first ProbeRTT", "s", outcome -> outcome.flow().enteredNs(States.PROBE_RTT, 0) / 1e9)
                                .between(4.9, 11))
                .expect(
                        Scenario.BBR,
                        that("length of each ProbeRTT", "ms", Delays::shortestProbeRttMs)
                                .between(200, 400))
                .expect(
                        Scenario.BBR,
                        that(
                                        "ProbeRTT",
                                        "times",
                                        outcome -> outcome.flow().visits(States.PROBE_RTT, 0, outcome.endNs()))
                                .between(2, 6))
                .expect(
                        Scenario.BBR,
                        that("in flight in the middle of the first", "BDP", Delays::inFlightWithin)
                                .atMost(0.65))
                .expect(
                        Scenario.BBR,
                        that("goodput", "Mbit/s", outcome -> outcome.flow().goodputMbit(seconds(2), outcome.endNs()))
                                .atLeast(18.4));
    }

    private static double shortestProbeRttMs(Outcome outcome) {
        return outcome.flow().phases().stream()
                .filter(phase -> phase.state().equals(States.PROBE_RTT) && phase.untilNs() < outcome.endNs())
                .mapToDouble(phase -> phase.lengthNs() / 1e6)
                .min()
                .orElse(0);
    }

    private static double inFlightWithin(Outcome outcome) {
        long middleNs = outcome.flow().enteredNs(States.PROBE_RTT, 0) + ms(150);
        return (double) outcome.flow().at(middleNs).bytesInFlight()
                / outcome.link().bdpBytes();
    }

    private static Scenario probeRttSkipped() {
        return Scenario.named(
                        "probe-rtt-idle",
                        "20 Mbit/s, 40 ms: 100 kB once a second; silence measures the path, no ProbeRTT is needed",
                        DRAFT)
                .on(LinkPlan.of(mbit(20), ms(40)))
                .flow(FlowPlan.bulk(megabytes(3)).then(Write.bursts(seconds(3), seconds(1), 27, 100_000)))
                .lasting(seconds(30))
                .expect(
                        Scenario.BBR,
                        that(
                                        "ProbeRTT after the bulk",
                                        "times",
                                        outcome -> outcome.flow().visits(States.PROBE_RTT, seconds(3), outcome.endNs()))
                                .atMost(2));
    }

    private static Scenario probeRttInStartup() {
        return Scenario.named(
                        "probe-rtt-startup",
                        "100 Mbit/s, 40 ms, an application of 20 kB per 10 ms in a path whose round trip grows: from Startup"
                                + " ProbeRTT leads back to Startup",
                        DRAFT)
                .on(LinkPlan.of(mbit(100), ms(40)).after(GrowingDelay::new))
                .flow(FlowPlan.writing(Write.bursts(0, ms(10), 1500, 20_000)))
                .lasting(seconds(15))
                .expect(
                        Scenario.BBR,
                        that(
                                        "ProbeRTT",
                                        "times",
                                        outcome -> outcome.flow().visits(States.PROBE_RTT, 0, outcome.endNs()))
                                .atLeast(1))
                .expect(
                        Scenario.BBR,
                        that(
                                        "Startup again",
                                        "times",
                                        outcome -> outcome.flow().visits(States.STARTUP, 0, outcome.endNs()))
                                .atLeast(2))
                .expect(
                        Scenario.BBR,
                        that("Drain", "times", outcome -> outcome.flow().visits(States.DRAIN, 0, outcome.endNs()))
                                .atMost(0));
    }

    private static Scenario reordering() {
        return Scenario.named(
                        "reordering",
                        "20 Mbit/s, 40 ms: one packet in a hundred comes 20 ms late, so that losses are found that were none",
                        "draft-ietf-ccwg-bbr, spurious loss; the thresholds are own")
                .on(LinkPlan.of(mbit(20), ms(40)).bufferBdp(2).after(() -> new Reorder(0.01, ms(20))))
                .flow(FlowPlan.bulk())
                .lasting(seconds(20))
                .expect(that(
                                "losses that were none",
                                "packets",
                                outcome -> outcome.flow().last().spuriousLosses())
                        .atLeast(20))
                .expect(
                        Scenario.BBR,
                        that("goodput", "Mbit/s", outcome -> outcome.flow().goodputMbit(seconds(2), outcome.endNs()))
                                .atLeast(18))
                .expect(
                        Scenario.BBR,
                        that(
                                        "bandwidth off the link's at the end",
                                        "%",
                                        outcome -> States.bandwidthErrorPercent(outcome, outcome.endNs()))
                                .atMost(5));
    }

    private static Scenario jitter() {
        return Scenario.named(
                        "radio-jitter",
                        "20 Mbit/s, 40 ms, each datagram held up for 4 ms on average, at most 30 ms, both ways",
                        "own")
                .on(LinkPlan.of(mbit(20), ms(40))
                        .bufferBdp(2)
                        .after(() -> new Jitter(ms(4), ms(30)))
                        .back(() -> new Jitter(ms(4), ms(30))))
                .flow(FlowPlan.bulk())
                .lasting(seconds(20))
                .expect(
                        Scenario.BBR,
                        that("goodput", "Mbit/s", outcome -> outcome.flow().goodputMbit(seconds(2), outcome.endNs()))
                                .atLeast(17));
    }
}
