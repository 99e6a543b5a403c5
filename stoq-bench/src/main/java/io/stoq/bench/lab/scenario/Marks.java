package io.stoq.bench.lab.scenario;

import static io.stoq.bench.lab.Check.that;
import static io.stoq.bench.lab.Quantities.mbit;
import static io.stoq.bench.lab.Quantities.ms;
import static io.stoq.bench.lab.Quantities.seconds;

import io.stoq.bench.lab.Check;
import io.stoq.bench.lab.FlowPlan;
import io.stoq.bench.lab.LinkPlan;
import io.stoq.bench.lab.Scenario;
import io.stoq.sim.CoDel;
import io.stoq.sim.Tap;
import java.util.List;

/** Explicit Congestion Notification, and active queues. */
final class Marks {

    private static final String RFC = "RFC 9000 §13.4.2";

    private static final LinkPlan LINK = LinkPlan.of(mbit(20), ms(40)).bufferBdp(4);

    private Marks() {}

    static List<Scenario> all() {
        return List.of(marking(), coDelMarks(), coDelDrops(), bleached(), mangled());
    }

    private static Scenario marking() {
        return Scenario.named(
                        "ecn-threshold",
                        "20 Mbit/s, 40 ms, 4 BDP of buffer; more than half a BDP of queue gets marked",
                        "draft-ietf-ccwg-bbr: a sender of ECT takes CE for congestion")
                .on(LINK.markingAbove(LINK.bdpBytes() / 2))
                .flow(FlowPlan.bulk())
                .lasting(seconds(20))
                .expect(marked().atLeast(5))
                .expect(dropped().atMost(0))
                .expect(that(
                                "longest queue after 3 s",
                                "BDP",
                                outcome -> outcome.maxQueueBytes(seconds(3), outcome.endNs()) / LINK.bdpBytes())
                        .atMost(1))
                .expect(goodput().atLeast(15));
    }

    private static Scenario coDelMarks() {
        return Scenario.named("ecn-codel", "20 Mbit/s, 40 ms; CoDel marks", "RFC 8289, RFC 3168")
                .on(LINK.queue(plan -> new CoDel(plan.bitsPerSecond(), plan.queueBytes(), true)))
                .flow(FlowPlan.bulk())
                .lasting(seconds(20))
                .expect(marked().atLeast(3))
                .expect(dropped().atMost(0))
                .expect(goodput().atLeast(15));
    }

    private static Scenario coDelDrops() {
        return Scenario.named("codel", "20 Mbit/s, 40 ms; CoDel drops", "RFC 8289")
                .on(LINK.queue(plan -> new CoDel(plan.bitsPerSecond(), plan.queueBytes(), false)))
                .flow(FlowPlan.bulk())
                .lasting(seconds(20))
                .expect(goodput().atLeast(14))
                .expect(Scenario.BBR, goodput().atLeast(17));
    }

    private static Scenario bleached() {
        return broken("ecn-bleached", "a router clears the marks of ECN", 0);
    }

    private static Scenario mangled() {
        return broken("ecn-mangled", "a router turns ECT(0) into ECT(1)", 1);
    }

    private static Scenario broken(String name, String what, int becomes) {
        return Scenario.named(name, "20 Mbit/s, 40 ms; " + what + ": the sender stops using it", RFC)
                .on(LINK.before(() -> new Tap().change(datagram -> datagram.ecn(datagram.ecn() == 0 ? 0 : becomes))))
                .flow(FlowPlan.bulk())
                .lasting(seconds(6))
                .expect(that(
                                "ECN-capable in the first second",
                                "datagrams",
                                outcome -> outcome.flow().ectDatagrams(0, seconds(1)))
                        .between(1, 30))
                .expect(that(
                                "ECN-capable afterwards",
                                "datagrams",
                                outcome -> outcome.flow().ectDatagrams(seconds(1), outcome.endNs()))
                        .atMost(0))
                .expect(that("goodput", "Mbit/s", outcome -> outcome.flow().goodputMbit(seconds(2), outcome.endNs()))
                        .atLeast(15));
    }

    private static Check marked() {
        return that("marked", "datagrams", outcome -> outcome.queue().getLast().markedDatagrams());
    }

    private static Check dropped() {
        return that("dropped", "datagrams", outcome -> outcome.queue().getLast().droppedDatagrams());
    }

    private static Check goodput() {
        return that("goodput", "Mbit/s", outcome -> outcome.flow().goodputMbit(seconds(2), outcome.endNs()));
    }
}
