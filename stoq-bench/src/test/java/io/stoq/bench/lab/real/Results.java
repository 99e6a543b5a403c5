package io.stoq.bench.lab.real;

import io.stoq.bench.lab.real.Result.Measured;
import io.stoq.bench.lab.real.Result.Sample;
import java.util.Arrays;
import java.util.List;

/** Results that were never measured. */
final class Results {

    static final Contender CUBIC = Contender.named("stoq-cubic");
    static final Contender NETTY = Contender.named("netty-cubic");

    private Results() {}

    static Measured measured(Scenario scenario, List<Contender> flows, int round, double... mbps) {
        List<Double> goodput = Arrays.stream(mbps).boxed().toList();
        return new Measured(
                new Trial(scenario, flows, round),
                goodput,
                41.5,
                55.25,
                42.0,
                0.125,
                0.03,
                0.01,
                150,
                List.of(new Sample(0.25, goodput, 0.1), new Sample(0.5, goodput, 0.9)));
    }

    static Measured late(Measured of, double p99LateUs) {
        return new Measured(
                of.trial(),
                of.goodputMbps(),
                of.meanRttMs(),
                of.p99RttMs(),
                null,
                of.queueShare(),
                of.droppedShare(),
                of.lostShare(),
                p99LateUs,
                List.of());
    }
}
