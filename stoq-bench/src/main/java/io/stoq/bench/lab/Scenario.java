package io.stoq.bench.lab;

import io.stoq.sim.CrossTraffic;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Which flows meet on which link, for how long, and what has to come out. Immutable; each method gives a changed copy.
 *
 * @param what happens, in a sentence
 * @param source where the numbers come from
 * @param durationNs it ends then, or when all flows are complete
 * @param crossTraffic somebody else's datagrams in the same queue; null for none
 */
public record Scenario(
        String name,
        String what,
        String source,
        LinkPlan link,
        List<FlowPlan> flows,
        long durationNs,
        BiFunction<InetSocketAddress, InetSocketAddress, CrossTraffic> crossTraffic,
        List<Check> checks) {

    public static final Set<String> BBR = Set.of("bbr2", "bbr3");
    public static final Set<String> BBR2 = Set.of("bbr2");
    public static final Set<String> BBR3 = Set.of("bbr3");
    public static final Set<String> CUBIC = Set.of("cubic");

    public static Scenario named(String name, String what, String source) {
        return new Scenario(name, what, source, null, List.of(), 0, null, List.of());
    }

    public Scenario on(LinkPlan plan) {
        return new Scenario(name, what, source, plan, flows, durationNs, crossTraffic, checks);
    }

    public Scenario flow(FlowPlan plan) {
        List<FlowPlan> more = new ArrayList<>(flows);
        more.add(plan);
        return new Scenario(name, what, source, link, List.copyOf(more), durationNs, crossTraffic, checks);
    }

    public Scenario lasting(long ns) {
        return new Scenario(name, what, source, link, flows, ns, crossTraffic, checks);
    }

    /** @param maker makes the source, given its own address and that of its sink */
    public Scenario beside(BiFunction<InetSocketAddress, InetSocketAddress, CrossTraffic> maker) {
        return new Scenario(name, what, source, link, flows, durationNs, maker, checks);
    }

    /** Everybody has to pass this. */
    public Scenario expect(Check check) {
        List<Check> more = new ArrayList<>(checks);
        more.add(check);
        return new Scenario(name, what, source, link, flows, durationNs, crossTraffic, List.copyOf(more));
    }

    /** These controllers have to pass this. */
    public Scenario expect(Set<String> controllers, Check check) {
        return expect(check.by(controllers));
    }

    public List<Check> checksFor(String controller) {
        return checks.stream().filter(check -> check.isFor(controller)).toList();
    }
}
