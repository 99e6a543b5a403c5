package io.stoq.bench.lab;

import io.stoq.sim.CrossTraffic;
import io.stoq.sim.Delay;
import io.stoq.sim.Queue;
import io.stoq.sim.Shared;
import io.stoq.sim.Simulation;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** One run of a scenario, in virtual time. Everything follows from the scenario, the controller and the seed. */
public final class Experiment {

    private static final int SAMPLES = 1000;
    private static final InetSocketAddress AGENDA = new InetSocketAddress("2001:db8:a::1", 1);
    private static final InetSocketAddress CROSS_FROM = new InetSocketAddress("2001:db8:c::c", 9);
    private static final InetSocketAddress CROSS_TO = new InetSocketAddress("2001:db8:5::c", 9);

    private final Scenario scenario;
    private final String controller;
    private final Simulation network;
    private final Agenda agenda = new Agenda();
    private final Shared<Queue> bottleneck;
    private final List<Flow> flows = new ArrayList<>();
    private final List<QueueSample> queueSamples = new ArrayList<>();
    private boolean over;

    private Experiment(Scenario scenario, String controller, long seed) {
        this.scenario = scenario;
        this.controller = controller;
        network = new Simulation(seed);
        network.node(AGENDA, agenda);
        LinkPlan link = scenario.link();
        bottleneck = new Shared<>(link.queue().apply(link));
        for (FlowPlan plan : scenario.flows()) {
            String name = plan.controller() == null ? controller : plan.controller();
            Flow flow = new Flow(plan, flows.size(), name, network, this::sample);
            flows.add(flow);
            flow.join(link, bottleneck.port(), agenda);
        }
        if (scenario.crossTraffic() != null) {
            addCrossTraffic(link);
        }
    }

    /**
     * Runs the scenario to its end.
     *
     * @param controller what the flows use that do not name another
     * @throws AssertionError naming the seed, where a connection fails or the network comes to a standstill
     */
    public static Outcome run(Scenario scenario, String controller, long seed) {
        return new Experiment(scenario, controller, seed).run();
    }

    private void addCrossTraffic(LinkPlan link) {
        network.node(CROSS_FROM, scenario.crossTraffic().apply(CROSS_FROM, CROSS_TO));
        network.node(CROSS_TO, new CrossTraffic.Sink());
        network.link(CROSS_FROM, CROSS_TO, List.of(bottleneck.port(), new Delay(link.rttNs() / 2)), List.of());
    }

    private Outcome run() {
        agenda.every(Math.max(1, scenario.durationNs() / SAMPLES), 0, this::sample);
        agenda.at(scenario.durationNs(), () -> over = true);
        network.run(this::isOver, scenario.durationNs() + 1);
        sample();
        return new Outcome(
                scenario,
                controller,
                network.seed(),
                network.nowNs(),
                flows.stream().map(Flow::trace).toList(),
                List.copyOf(queueSamples));
    }

    private boolean isOver() {
        boolean allComplete = true;
        for (Flow flow : flows) {
            if (flow.trouble() != null) {
                throw network.failure(scenario.name() + " with " + controller + ": " + flow.trouble());
            }
            allComplete &= flow.isComplete();
        }
        return over || allComplete;
    }

    private void sample() {
        long nowNs = network.nowNs();
        flows.forEach(flow -> flow.sample(nowNs));
        queueSamples.add(QueueSample.of(nowNs, bottleneck.element()));
    }
}
