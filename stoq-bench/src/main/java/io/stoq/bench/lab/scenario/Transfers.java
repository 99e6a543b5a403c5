package io.stoq.bench.lab.scenario;

import static io.stoq.bench.lab.Check.that;
import static io.stoq.bench.lab.Quantities.gbit;
import static io.stoq.bench.lab.Quantities.kbit;
import static io.stoq.bench.lab.Quantities.mbit;
import static io.stoq.bench.lab.Quantities.megabytes;
import static io.stoq.bench.lab.Quantities.ms;
import static io.stoq.bench.lab.Quantities.seconds;

import io.stoq.bench.lab.FlowPlan;
import io.stoq.bench.lab.LinkPlan;
import io.stoq.bench.lab.Scenario;
import io.stoq.sim.Delay;
import io.stoq.sim.Rate;
import java.util.List;

/** Transfers that must be done in time, over links of all kinds. */
final class Transfers {

    private static final String PICOQUIC = "picoquic, picoquictest: bbr tests with a maximum completion time";

    private Transfers() {}

    static List<Scenario> all() {
        return List.of(
                transfer("transfer-jitter", "100 Mbit/s, 20 ms, up to 3 ms of jitter", jittery(mbit(100), ms(20), ms(3)), 1.05),
                transfer("transfer-long", "1 Mbit/s, 600 ms", LinkPlan.of(mbit(1), ms(600)), 81),
                transfer("transfer-satellite", "1 Mbit/s, 2 s", LinkPlan.of(mbit(1), seconds(2)), 90),
                transfer("transfer-gigabit", "1 Gbit/s, 8 ms, up to 2 ms of jitter", jittery(gbit(1), ms(8), ms(2)), 0.25),
                transfer("transfer-asymmetric", "10 Mbit/s down, 100 kbit/s up, 20 ms", asymmetric(mbit(10), kbit(100)), 8.5),
                transfer("transfer-asymmetric-fast", "40 Mbit/s down, 400 kbit/s up, 20 ms", asymmetric(mbit(40), kbit(400)), 2.35));
    }

    private static Scenario transfer(String name, String link, LinkPlan plan, double seconds) {
        return Scenario.named(name, "10 MB over " + link, PICOQUIC)
                .on(plan)
                .flow(FlowPlan.bulk(megabytes(10)).downloading())
                .lasting(seconds(2 * seconds))
                .expect(Scenario.BBR, that("time", "s", outcome -> outcome.flow().completionSeconds())
                        .atMost(seconds));
    }

    private static LinkPlan jittery(long bitsPerSecond, long rttNs, long jitterNs) {
        return LinkPlan.of(bitsPerSecond, rttNs).bufferBdp(2).after(() -> new Delay(0, jitterNs));
    }

    private static LinkPlan asymmetric(long down, long up) {
        return LinkPlan.of(down, ms(20)).bufferBdp(2).back(() -> new Rate(up, 30_000));
    }
}
