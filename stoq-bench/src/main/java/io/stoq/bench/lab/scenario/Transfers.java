package io.stoq.bench.lab.scenario;

import static io.stoq.bench.lab.Check.that;
import static io.stoq.bench.lab.Quantities.bytes;
import static io.stoq.bench.lab.Quantities.gbit;
import static io.stoq.bench.lab.Quantities.kbit;
import static io.stoq.bench.lab.Quantities.mbit;
import static io.stoq.bench.lab.Quantities.megabytes;
import static io.stoq.bench.lab.Quantities.ms;
import static io.stoq.bench.lab.Quantities.seconds;
import static io.stoq.bench.lab.Quantities.us;

import io.stoq.bench.lab.Check;
import io.stoq.bench.lab.FlowPlan;
import io.stoq.bench.lab.LinkPlan;
import io.stoq.bench.lab.Scenario;
import io.stoq.sim.Delay;
import io.stoq.sim.Rate;
import java.util.List;

/** Transfers that must be done in time, over links of all kinds. */
final class Transfers {

    private static final String PICOQUIC = "picoquic, congestion_test.c: performance tests of BBR";

    /** Its own bounds, 81 s and 90 s, are below what 80 Mbit take with our headers; these are those of its comments. */
    private static final String PICOQUIC_LONG = PICOQUIC + ", the bounds of its comments";

    private static final String ACKS =
            "the receiver acknowledges every second packet, and the way back carries no more than"
                    + " 330 acknowledgments per 100 kbit and second";

    private Transfers() {}

    static List<Scenario> all() {
        return List.of(
                transfer("transfer-jitter", "100 Mbit/s, 20 ms, up to 3 ms of jitter each way", PICOQUIC, 3)
                        .on(link(mbit(100), ms(10), ms(3)))
                        .expect(Scenario.BBR, time(1.05)),
                transfer("transfer-gigabit", "1 Gbit/s, 8 ms, up to 2 ms of jitter each way", PICOQUIC, 1)
                        .on(link(gbit(1), ms(4), ms(2)))
                        .expect(Scenario.BBR, time(0.25)),
                transfer("transfer-long", "1 Mbit/s, 600 ms", PICOQUIC_LONG, 200)
                        .on(link(mbit(1), ms(300), ms(3)))
                        .expect(Scenario.BBR, time(100)),
                transfer("transfer-satellite", "1 Mbit/s, 2 s", PICOQUIC_LONG, 200)
                        .on(link(mbit(1), seconds(1), ms(3)))
                        .expect(Scenario.BBR, time(128)),
                transfer(
                                "transfer-asymmetric",
                                "10 Mbit/s, 2 ms, with 100 kbit/s and 50 ms of queue, and a packet more, back",
                                PICOQUIC,
                                20)
                        .on(asymmetric(mbit(10), kbit(100)))
                        .expect(Scenario.BBR, time(8.5).tolerating(11.5, ACKS)),
                transfer(
                                "transfer-asymmetric-fast",
                                "40 Mbit/s, 2 ms, with 400 kbit/s and 50 ms of queue, and a packet more, back",
                                PICOQUIC,
                                6)
                        .on(asymmetric(mbit(40), kbit(400)))
                        .expect(Scenario.BBR, time(2.35).tolerating(2.9, ACKS)));
    }

    private static Scenario transfer(String name, String link, String source, double longest) {
        return Scenario.named(name, "a download of 10 MB over " + link, source)
                .flow(FlowPlan.bulk(megabytes(10)).downloading())
                .lasting(seconds(longest));
    }

    private static Check time(double seconds) {
        return that("time", "s", outcome -> outcome.flow().completionSeconds()).atMost(seconds);
    }

    /** Its queue holds what arrives in twice the one-way delay and jitter. */
    private static LinkPlan link(long bitsPerSecond, long oneWayNs, long jitterNs) {
        return LinkPlan.of(bitsPerSecond, 2 * oneWayNs)
                .bufferBytes(bytes(bitsPerSecond, 2 * (oneWayNs + jitterNs)))
                .after(() -> new Delay(0, jitterNs))
                .back(() -> new Delay(0, jitterNs));
    }

    private static LinkPlan asymmetric(long down, long up) {
        return LinkPlan.of(down, ms(2))
                .bufferBytes(bytes(down, ms(50)))
                .after(() -> new Delay(0, us(750)))
                .back(() -> new Rate(up, bytes(up, ms(50)) + 1500))
                .back(() -> new Delay(0, us(750)));
    }
}
