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
import io.stoq.sim.Loss;
import java.util.List;

/** Senders that are held back by their application, or by their peer, instead of the network. */
final class Applications {

    private static final String GOOGLE = "google/quiche, bbr2_simulator_test: application-limited transfers";
    private static final String DRAFT =
            "draft-ietf-ccwg-bbr, application-limited sampling; s2n-quic #1532, lsquic #544";

    private static final LinkPlan LINK = LinkPlan.of(mbit(4), ms(64)).bufferBdp(2);

    private Applications() {}

    static List<Scenario> all() {
        return List.of(
                burstsAfterBulk(),
                burstsBeforeBulk(),
                startupGoesOn(),
                startupEndsByLoss(),
                idleRestart(),
                flowControl(),
                neverReads());
    }

    private static Scenario burstsAfterBulk() {
        long bulkEndsNs = seconds(8);
        return Scenario.named(
                        "app-bursts-after",
                        "4 Mbit/s, 64 ms: a bulk, then 20 times 512 bytes, one every 3 s; what was learnt is kept",
                        GOOGLE)
                .on(LINK)
                .flow(FlowPlan.bulk(megabytes(3)).then(Write.bursts(seconds(10), seconds(3), 20, 512)))
                .lasting(seconds(72))
                .expect(
                        Scenario.BBR,
                        that(
                                        "bandwidth against that of the bulk",
                                        "%",
                                        outcome -> 100
                                                * outcome.flow().bandwidthMbit(outcome.endNs())
                                                / outcome.flow().bandwidthMbit(Math.min(bulkEndsNs, outcome.endNs())))
                                .between(99, 101));
    }

    private static Scenario burstsBeforeBulk() {
        return Scenario.named(
                        "app-bursts-before", "4 Mbit/s, 64 ms: 40 times 512 bytes, one every 3 s, then a bulk", GOOGLE)
                .on(LINK)
                .flow(FlowPlan.writing(Write.bursts(0, seconds(3), 40, 512))
                        .then(List.of(new Write(seconds(120), megabytes(6)))))
                .lasting(seconds(150))
                .expect(
                        Scenario.BBR,
                        that(
                                        "bandwidth off the link's at the end",
                                        "%",
                                        outcome -> States.bandwidthErrorPercent(outcome, outcome.endNs()))
                                .atMost(1))
                .expect(
                        Scenario.BBR,
                        that("time for the bulk", "s", outcome -> outcome.flow().completionSeconds() - 120)
                                .atMost(15));
    }

    private static Scenario startupGoesOn() {
        return Scenario.named(
                        "app-limited-startup",
                        "100 Mbit/s, 40 ms: an application that never has more than 20 kB per 10 ms; nothing was learnt of the"
                                + " link",
                        DRAFT)
                .on(LinkPlan.of(mbit(100), ms(40)))
                .flow(FlowPlan.writing(Write.bursts(0, ms(10), 1000, 20_000)))
                .lasting(seconds(10))
                .expect(
                        Scenario.BBR,
                        that("Drain", "times", outcome -> outcome.flow().visits(States.DRAIN, 0, outcome.endNs()))
                                .atMost(0))
                .expect(that("goodput", "Mbit/s", outcome -> outcome.flow().goodputMbit(seconds(1), outcome.endNs()))
                        .atLeast(15.5));
    }

    private static Scenario startupEndsByLoss() {
        return Scenario.named(
                        "app-limited-loss",
                        "100 Mbit/s, 40 ms, 20 % of all packets vanish: the same application; loss ends Startup all the same",
                        DRAFT)
                .on(LinkPlan.of(mbit(100), ms(40)).after(() -> new Loss(0.2)))
                .flow(FlowPlan.writing(Write.bursts(0, ms(10), 1000, 20_000)))
                .lasting(seconds(10))
                .expect(
                        Scenario.BBR,
                        that("Drain begins", "s", outcome -> outcome.flow().enteredNs(States.DRAIN, 0) / 1e9)
                                .atMost(5));
    }

    private static Scenario idleRestart() {
        return Scenario.named(
                        "idle-restart",
                        "20 Mbit/s, 40 ms: a bulk, 3 s of silence, another bulk; it starts at the old rate without a burst",
                        "draft-ietf-ccwg-bbr, restart from idle")
                .on(LinkPlan.of(mbit(20), ms(40)))
                .flow(FlowPlan.bulk(megabytes(10)).then(List.of(new Write(seconds(8), megabytes(10)))))
                .lasting(seconds(20))
                .expect(
                        Scenario.BBR,
                        that("second bulk", "s", outcome -> outcome.flow().completionSeconds() - 8)
                                .atMost(4.6))
                .expect(
                        Scenario.BBR,
                        that(
                                        "queue in its first two rounds",
                                        "BDP",
                                        outcome -> outcome.maxQueueBytes(seconds(8), seconds(8) + ms(80))
                                                / outcome.link().bdpBytes())
                                .atMost(0.5));
    }

    private static Scenario flowControl() {
        long readsNs = seconds(5);
        return Scenario.named(
                        "flow-control",
                        "20 Mbit/s, 40 ms: from 3 s to 5 s the peer reads nothing of its 256 kB window",
                        "RFC 9002 §7.8; lsquic #544, hysteria #1105")
                .on(LinkPlan.of(mbit(20), ms(40)))
                .flow(FlowPlan.bulk()
                        .readingNothing(seconds(3), readsNs)
                        .configured(config -> config.streamWindowBytes(256 << 10, 256 << 10)))
                .lasting(seconds(8))
                .expect(goodputAfterwards().atLeast(10))
                .expect(Scenario.BBR, goodputAfterwards().atLeast(16))
                .expect(
                        Scenario.BBR,
                        that(
                                        "bandwidth against that before",
                                        "%",
                                        outcome -> 100
                                                * outcome.flow().bandwidthMbit(readsNs + ms(100))
                                                / outcome.flow().bandwidthMbit(seconds(3)))
                                .between(98, 102));
    }

    private static Check goodputAfterwards() {
        return that("goodput in the two rounds after the second", "Mbit/s", outcome -> {
            long rttNs = outcome.link().rttNs();
            return outcome.flow().goodputMbit(seconds(5) + 2 * rttNs, seconds(5) + 4 * rttNs);
        });
    }

    private static Scenario neverReads() {
        return Scenario.named(
                        "never-reads",
                        "20 Mbit/s, 40 ms: the peer reads nothing at all",
                        "what must not happen: a spinning or failing sender")
                .on(LinkPlan.of(mbit(20), ms(40)))
                .flow(FlowPlan.bulk()
                        .readingNothing(0, seconds(100))
                        .configured(config -> config.streamWindowBytes(256 << 10, 256 << 10)))
                .lasting(seconds(20))
                .expect(that("packets sent", "packets", Applications::sentPackets)
                        .between(180, 400))
                .expect(that(
                                "in flight at the end",
                                "B",
                                outcome -> outcome.flow().last().bytesInFlight())
                        .atMost(3000));
    }

    private static double sentPackets(Outcome outcome) {
        return outcome.flow().last().sentPackets();
    }
}
