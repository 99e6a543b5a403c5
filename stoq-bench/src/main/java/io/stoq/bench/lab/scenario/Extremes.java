package io.stoq.bench.lab.scenario;

import static io.stoq.bench.lab.Check.that;
import static io.stoq.bench.lab.Quantities.gbit;
import static io.stoq.bench.lab.Quantities.kbit;
import static io.stoq.bench.lab.Quantities.mbit;
import static io.stoq.bench.lab.Quantities.ms;
import static io.stoq.bench.lab.Quantities.seconds;
import static io.stoq.bench.lab.Quantities.us;

import io.stoq.bench.lab.FlowPlan;
import io.stoq.bench.lab.LinkPlan;
import io.stoq.bench.lab.Scenario;
import java.util.List;

/** Links as fast as a machine's own loopback, and connections that live long. */
final class Extremes {

    private Extremes() {}

    static List<Scenario> all() {
        return List.of(loopback(), manyBytes(), manyPackets(), slow());
    }

    private static Scenario loopback() {
        return Scenario.named(
                        "loopback",
                        "10 Gbit/s, 50 us: a path too short to pace",
                        "picoquic #1758, #2118: windows that stay small, trains that get short")
                .on(LinkPlan.of(gbit(10), us(50)).bufferBytes(1 << 20))
                .flow(FlowPlan.bulk())
                .lasting(ms(200))
                .expect(that("goodput", "Mbit/s", outcome -> outcome.flow().goodputMbit(ms(50), outcome.endNs()))
                        .atLeast(8500))
                .expect(
                        Scenario.BBR,
                        that(
                                        "mean window",
                                        "kB",
                                        outcome -> outcome.flow()
                                                        .mean(ms(50), outcome.endNs(), sample -> sample.windowBytes())
                                                / 1000)
                                .atLeast(128));
    }

    private static Scenario manyBytes() {
        return Scenario.named(
                        "many-bytes",
                        "10 Gbit/s, 5 ms, datagrams of 65,487 bytes: more than 2^32 bytes",
                        "a bug of others: collapse when a counter of 32 bits ran over")
                .on(LinkPlan.of(gbit(10), ms(5)).bufferBdp(2))
                .flow(FlowPlan.bulk().configured(config -> config.maxUdpPayloadBytes(65_487)))
                .lasting(seconds(4.2))
                .expect(that(
                                "delivered",
                                "x 2^32 B",
                                outcome -> outcome.flow().last().deliveredBytes() / (double) (1L << 32))
                        .atLeast(1.05))
                .expect(that(
                                "goodput after 2^32 bytes",
                                "Mbit/s",
                                outcome -> outcome.flow().goodputMbit(seconds(3.9), outcome.endNs()))
                        .atLeast(8000));
    }

    private static Scenario manyPackets() {
        return Scenario.named(
                        "many-packets",
                        "20 Mbit/s, 40 ms: packet 2^31 is sent on the way",
                        "as above, with packet numbers that do not begin at 0")
                .on(LinkPlan.of(mbit(20), ms(40)))
                .flow(FlowPlan.bulk().numbersFrom((1L << 31) - 5000))
                .lasting(seconds(6))
                .expect(that(
                                "packets sent",
                                "packets",
                                outcome -> outcome.flow().last().sentPackets())
                        .atLeast(8000))
                .expect(that(
                                "goodput in the last two seconds",
                                "Mbit/s",
                                outcome -> outcome.flow().goodputMbit(seconds(4), outcome.endNs()))
                        .atLeast(15));
    }

    private static Scenario slow() {
        return Scenario.named("slow", "100 kbit/s, 100 ms, 30 kB of buffer: pacing with few packets a second", "own")
                .on(LinkPlan.of(kbit(100), ms(100)).bufferBytes(30_000))
                .flow(FlowPlan.bulk())
                .lasting(seconds(60))
                .expect(that(
                                "goodput",
                                "kbit/s",
                                outcome -> 1000 * outcome.flow().goodputMbit(seconds(5), outcome.endNs()))
                        .atLeast(85))
                .expect(
                        Scenario.BBR,
                        that(
                                        "bandwidth off the link's at the end",
                                        "%",
                                        outcome -> States.bandwidthErrorPercent(outcome, outcome.endNs()))
                                .atMost(5));
    }
}
