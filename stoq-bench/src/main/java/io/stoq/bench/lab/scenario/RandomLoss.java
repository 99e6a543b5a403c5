package io.stoq.bench.lab.scenario;

import static io.stoq.bench.lab.Check.that;
import static io.stoq.bench.lab.Quantities.mbit;
import static io.stoq.bench.lab.Quantities.ms;
import static io.stoq.bench.lab.Quantities.seconds;

import io.stoq.bench.lab.Check;
import io.stoq.bench.lab.FlowPlan;
import io.stoq.bench.lab.LinkPlan;
import io.stoq.bench.lab.Scenario;
import io.stoq.sim.Loss;
import java.util.List;

/** Losses that have nothing to do with congestion, as on radio links. */
final class RandomLoss {

    private static final String SOURCE = "draft-ietf-ccwg-bbr: made to sustain 1 % of loss per round;"
            + " Mathis et al. 1997 for CUBIC's Reno-like model, 1.22 MSS / (RTT sqrt p)";

    private static final String HEADERS =
            "of a datagram 97.3 % are the application's, the pacing margin leaves 1 % of the"
                    + " rate free, and ProbeRTT costs another";

    private RandomLoss() {}

    static List<Scenario> all() {
        return List.of(
                with("loss-0.1", 0.001)
                        .expect(Scenario.BBR, throughput().atLeast(95))
                        .expect(Scenario.BBR2, goodput().atLeast(95))
                        .expect(Scenario.BBR3, goodput().atLeast(95).tolerating(93.5, HEADERS))
                        .expect(Scenario.CUBIC, goodput().atMost(60)),
                with("loss-1", 0.01)
                        .expect(Scenario.BBR, goodput().atLeast(85))
                        .expect(Scenario.CUBIC, goodput().atMost(10)),
                with("loss-2", 0.02).expect(Scenario.BBR, goodput().atLeast(10)),
                with("loss-5", 0.05).expect(Scenario.BBR, goodput().atLeast(1.6)));
    }

    private static Scenario with(String name, double probability) {
        return Scenario.named(
                        name,
                        "100 Mbit/s, 40 ms, 1 BDP of buffer; " + 100 * probability + " % of all packets vanish",
                        SOURCE)
                .on(LinkPlan.of(mbit(100), ms(40)).after(() -> new Loss(probability)))
                .flow(FlowPlan.bulk())
                .lasting(seconds(20));
    }

    private static Check throughput() {
        return that(
                "received, with headers",
                "Mbit/s",
                outcome -> outcome.flow().throughputMbit(seconds(2), outcome.endNs()));
    }

    private static Check goodput() {
        return that("goodput", "Mbit/s", outcome -> outcome.flow().goodputMbit(seconds(2), outcome.endNs()));
    }
}
