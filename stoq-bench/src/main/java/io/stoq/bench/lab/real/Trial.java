package io.stoq.bench.lab.real;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One run.
 *
 * @param flows who is on the link, in the order in which they start
 * @param round from 1
 */
public record Trial(Scenario scenario, List<Contender> flows, int round) {

    public Trial {
        flows = List.copyOf(flows);
    }

    /** {@code stoq-bbr2}, or {@code stoq-bbr2 + netty-cubic}. */
    public String name() {
        return flows.stream().map(Contender::name).collect(Collectors.joining(" + "));
    }
}
