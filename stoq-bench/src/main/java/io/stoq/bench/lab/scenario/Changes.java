package io.stoq.bench.lab.scenario;

import static io.stoq.bench.lab.Check.that;
import static io.stoq.bench.lab.Quantities.kbit;
import static io.stoq.bench.lab.Quantities.mbit;
import static io.stoq.bench.lab.Quantities.megabytes;
import static io.stoq.bench.lab.Quantities.ms;
import static io.stoq.bench.lab.Quantities.seconds;

import io.stoq.bench.lab.Check;
import io.stoq.bench.lab.FlowPlan;
import io.stoq.bench.lab.LinkPlan;
import io.stoq.bench.lab.Sample;
import io.stoq.bench.lab.Scenario;
import io.stoq.sim.AckAggregation;
import io.stoq.sim.CrossTraffic;
import io.stoq.sim.Policer;
import io.stoq.sim.VariableRate;
import java.util.List;

/** Links whose bandwidth changes, or is less than it seems. */
final class Changes {

    private static final String GOOGLE = "google/quiche, bbr2_simulator_test: bandwidth increase, decrease and policer";

    private static final String PROBE_RTT =
            "the queue of 12 s outlasts ProbeRTT's interval, so that all samples are its own, which"
                    + " do not let the maximum of the bandwidth age";

    private Changes() {}

    static List<Scenario> all() {
        return List.of(
                up100(),
                up100WithAggregation(),
                up10(),
                down100(),
                down10(),
                down10Shallow(),
                outage(),
                deadLink(),
                policer(),
                crossTraffic(),
                subPacketBdp());
    }

    private static LinkPlan changing(LinkPlan link, long atNs, long bitsPerSecond) {
        return link.queue(plan -> new VariableRate(plan.bitsPerSecond(), plan.queueBytes()).at(atNs, bitsPerSecond));
    }

    private static Scenario up100() {
        return Scenario.named("bandwidth-x100", "100 kbit/s becomes 10 Mbit/s after 20 s; 60 ms; 10 MB", GOOGLE)
                .on(changing(LinkPlan.of(kbit(100), ms(60)).bufferBytes(150_000), seconds(20), mbit(10)))
                .flow(FlowPlan.bulk(megabytes(10)))
                .lasting(seconds(80))
                .expect(
                        Scenario.BBR,
                        that("time", "s", outcome -> outcome.flow().completionSeconds())
                                .atMost(50))
                .expect(
                        Scenario.BBR,
                        that(
                                        "bandwidth off the new one at the end",
                                        "%",
                                        outcome -> States.bandwidthErrorPercent(outcome, outcome.endNs(), mbit(10)))
                                .atMost(2));
    }

    private static Scenario up100WithAggregation() {
        return Scenario.named(
                        "bandwidth-x100-aggregated",
                        "the same with acknowledgments that wait for two round trips, for 60 s",
                        GOOGLE)
                .on(changing(LinkPlan.of(kbit(100), ms(60)).bufferBytes(150_000), seconds(20), mbit(10))
                        .back(() -> new AckAggregation(10_240, ms(120))))
                .flow(FlowPlan.bulk())
                .lasting(seconds(60))
                .expect(
                        Scenario.BBR,
                        that(
                                        "bandwidth at the end",
                                        "% of the new one",
                                        outcome -> 100 * outcome.flow().bandwidthMbit(outcome.endNs()) / 10)
                                .atLeast(10));
    }

    private static Scenario up10() {
        return Scenario.named(
                        "bandwidth-x10",
                        "4 Mbit/s becomes 40 Mbit/s after 5 s; 40 ms: found by one probe",
                        "draft-ietf-ccwg-bbr: within O(log BDP) rounds of probing")
                .on(changing(LinkPlan.of(mbit(4), ms(40)).bufferBytes(200_000), seconds(5), mbit(40)))
                .flow(FlowPlan.bulk())
                .lasting(seconds(15))
                .expect(
                        Scenario.BBR,
                        that(
                                        "time until 90 % of the new one is known",
                                        "s",
                                        outcome -> outcome.flow().between(seconds(5), outcome.endNs()).stream()
                                                .filter(sample ->
                                                        sample.bandwidthBytesPerSecond() * 8 >= 0.9 * mbit(40))
                                                .mapToDouble(sample -> sample.atNs() / 1e9 - 5)
                                                .findFirst()
                                                .orElse(Double.POSITIVE_INFINITY))
                                .atMost(5));
    }

    private static Scenario down100() {
        return Scenario.named("bandwidth-div100", "10 Mbit/s becomes 100 kbit/s after 10 s; 60 ms; 20 MB", GOOGLE)
                .on(changing(LinkPlan.of(mbit(10), ms(60)).bufferBdp(2), seconds(10), kbit(100)))
                .flow(FlowPlan.bulk(megabytes(20)))
                .lasting(seconds(900))
                .expect(that("time", "s", outcome -> outcome.flow().completionSeconds())
                        .atMost(810))
                .expect(Scenario.BBR2, probesUntil100())
                .expect(Scenario.BBR2, bandwidthAfter100())
                .expect(Scenario.BBR3, probesUntil100().tolerating(Double.POSITIVE_INFINITY, PROBE_RTT))
                .expect(Scenario.BBR3, bandwidthAfter100().tolerating(Double.POSITIVE_INFINITY, PROBE_RTT));
    }

    private static Check probesUntil100() {
        return cyclesUntilLearnt(seconds(10), kbit(100)).atMost(2);
    }

    private static Check bandwidthAfter100() {
        return that(
                        "bandwidth at the end",
                        "% of the new one",
                        outcome -> 100 * outcome.flow().bandwidthMbit(outcome.endNs()) / 0.1)
                .between(90, 102);
    }

    /** A loss-based bound cannot help here: the buffer takes what is too much. */
    private static Scenario down10() {
        return Scenario.named("bandwidth-div10", "40 Mbit/s becomes 4 Mbit/s after 5 s; 40 ms, 2 BDP of buffer", GOOGLE)
                .on(changing(LinkPlan.of(mbit(40), ms(40)).bufferBdp(2), seconds(5), mbit(4)))
                .flow(FlowPlan.bulk())
                .lasting(seconds(25))
                .expect(Scenario.BBR, cyclesUntilLearnt(seconds(5), mbit(4)).atMost(2))
                .expect(
                        Scenario.BBR,
                        that(
                                        "bandwidth at the end",
                                        "Mbit/s",
                                        outcome -> outcome.flow().bandwidthMbit(outcome.endNs()))
                                .between(3.8, 4.1))
                .expect(that(
                                "goodput from 10 s on",
                                "Mbit/s",
                                outcome -> outcome.flow().goodputMbit(seconds(10), outcome.endNs()))
                        .atLeast(3.5));
    }

    private static Scenario down10Shallow() {
        return Scenario.named(
                        "bandwidth-div10-shallow",
                        "40 Mbit/s becomes 4 Mbit/s after 5 s; 40 ms, 0.25 BDP of buffer: the losses say so",
                        "draft-ietf-ccwg-bbr: bw_shortterm reacts at once")
                .on(changing(LinkPlan.of(mbit(40), ms(40)).bufferBdp(0.25), seconds(5), mbit(4)))
                .flow(FlowPlan.bulk())
                .lasting(seconds(15))
                .expect(
                        Scenario.BBR,
                        that(
                                        "bandwidth two seconds later",
                                        "Mbit/s",
                                        outcome -> outcome.flow().bandwidthMbit(seconds(7)))
                                .atMost(8))
                .expect(
                        Scenario.BBR,
                        that(
                                        "lost from two seconds later on",
                                        "%",
                                        outcome -> 100 * outcome.dropShare(seconds(7), outcome.endNs()))
                                .atMost(5))
                .expect(that(
                                "goodput from two seconds later on",
                                "Mbit/s",
                                outcome -> outcome.flow().goodputMbit(seconds(7), outcome.endNs()))
                        .atLeast(3.2));
    }

    /** How many times the controller probed for more before it believed in no more than 5 % above the new rate. */
    private static Check cyclesUntilLearnt(long changedNs, long bitsPerSecond) {
        return that("probes for bandwidth until the new one is learnt", "", outcome -> {
            long learntNs = outcome.flow().between(changedNs, outcome.endNs()).stream()
                    .filter(sample -> sample.bandwidthBytesPerSecond() * 8 <= bitsPerSecond * 1.05)
                    .mapToLong(Sample::atNs)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
            return learntNs == Long.MAX_VALUE
                    ? Double.POSITIVE_INFINITY
                    : outcome.flow().visits(States.UP, changedNs, learntNs);
        });
    }

    private static Scenario outage() {
        return Scenario.named("outage", "20 Mbit/s, 40 ms: from 4 s to 6 s the link carries 0 bit/s", "own")
                .on(LinkPlan.of(mbit(20), ms(40))
                        .queue(plan -> new VariableRate(plan.bitsPerSecond(), plan.queueBytes())
                                .at(seconds(4), 0)
                                .at(seconds(6), plan.bitsPerSecond())))
                .flow(FlowPlan.bulk())
                .lasting(seconds(14))
                .expect(
                        Scenario.BBR,
                        that(
                                        "goodput from three seconds after it on",
                                        "Mbit/s",
                                        outcome -> outcome.flow().goodputMbit(seconds(9), outcome.endNs()))
                                .atLeast(17))
                .expect(that(
                                "goodput from three seconds after it on",
                                "Mbit/s",
                                outcome -> outcome.flow().goodputMbit(seconds(9), outcome.endNs()))
                        .atLeast(10));
    }

    private static Scenario deadLink() {
        return Scenario.named("dead-link", "20 Mbit/s, 40 ms: from 4 s on the link carries 0 bit/s", "own")
                .on(changing(LinkPlan.of(mbit(20), ms(40)), seconds(4), 0))
                .flow(FlowPlan.bulk())
                .lasting(seconds(60))
                .expect(that(
                                "packets sent after 6 s",
                                "packets",
                                outcome -> outcome.flow().last().sentPackets()
                                        - outcome.flow().at(seconds(6)).sentPackets())
                        .between(1, 40));
    }

    private static Scenario policer() {
        return Scenario.named(
                        "policer",
                        "10 Mbit/s, 40 ms, but a policer lets 2.5 Mbit/s and bursts of 50 kB through; 3 MB",
                        GOOGLE + "; stricter: loss")
                .on(LinkPlan.of(mbit(10), ms(40)).bufferBdp(2).before(() -> new Policer(kbit(2500), 50_000)))
                .flow(FlowPlan.bulk(megabytes(3)))
                .lasting(seconds(60))
                .expect(
                        Scenario.BBR,
                        that("time", "s", outcome -> outcome.flow().completionSeconds())
                                .atMost(30))
                .expect(
                        Scenario.BBR,
                        that("lost", "%", outcome -> 100 * outcome.flow().lossShare(0, outcome.endNs()))
                                .atMost(30))
                .expect(
                        Scenario.BBR,
                        that(
                                        "lost after the first 2 s",
                                        "%",
                                        outcome -> 100 * outcome.flow().lossShare(seconds(2), outcome.endNs()))
                                .atMost(15));
    }

    private static Scenario crossTraffic() {
        return Scenario.named(
                        "cross-traffic",
                        "20 Mbit/s, 40 ms, 2 BDP of buffer, beside a source of 10 Mbit/s that is on and off for 2 s",
                        "own")
                .on(LinkPlan.of(mbit(20), ms(40)).bufferBdp(2))
                .flow(FlowPlan.bulk())
                .beside((from, to) -> new CrossTraffic(from, to, mbit(10), 1200)
                        .during(seconds(2), seconds(60))
                        .inTurns(seconds(2), seconds(2)))
                .lasting(seconds(22))
                .expect(
                        Scenario.BBR,
                        that("goodput", "Mbit/s", outcome -> outcome.flow().goodputMbit(seconds(2), outcome.endNs()))
                                .atLeast(11))
                .expect(
                        Scenario.BBR,
                        that(
                                        "mean round trip",
                                        "x base",
                                        outcome -> outcome.flow().meanRttMs(seconds(2), outcome.endNs())
                                                / States.baseRttMs(outcome))
                                .atMost(2));
    }

    private static Scenario subPacketBdp() {
        return Scenario.named(
                        "tiny-bdp",
                        "100 kbit/s, 10 ms: less than a packet fits on the path",
                        "draft-ietf-ccwg-bbr: a window of at least four packets")
                .on(LinkPlan.of(kbit(100), ms(10)).bufferBytes(30_000))
                .flow(FlowPlan.bulk())
                .lasting(seconds(60))
                .expect(
                        Scenario.BBR,
                        that(
                                        "least window",
                                        "packets",
                                        outcome -> outcome.flow()
                                                        .min(
                                                                seconds(5),
                                                                outcome.endNs(),
                                                                sample -> sample.windowBytes())
                                                / 1424)
                                .atLeast(4))
                .expect(
                        Scenario.BBR,
                        that(
                                        "mean pacing rate",
                                        "kbit/s",
                                        outcome -> outcome.flow()
                                                        .mean(
                                                                seconds(20),
                                                                outcome.endNs(),
                                                                sample -> sample.pacingBytesPerSecond())
                                                * 8e-3)
                                .between(85, 115))
                .expect(that(
                                "goodput",
                                "kbit/s",
                                outcome -> 1000 * outcome.flow().goodputMbit(seconds(10), outcome.endNs()))
                        .atLeast(90));
    }
}
