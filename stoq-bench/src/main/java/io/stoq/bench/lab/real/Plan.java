package io.stoq.bench.lab.real;

import java.util.ArrayList;
import java.util.List;

/**
 * What is run.
 *
 * @param seconds measured, of each trial
 * @param warmupSeconds before that; of two flows, the time that the first has for itself
 */
public record Plan(List<Scenario> scenarios, List<Contender> contenders, int rounds, int warmupSeconds, int seconds) {

    /** In turn, so that what drifts on the machine reaches all alike. */
    public List<Trial> trials() {
        List<Trial> trials = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            for (int round = 1; round <= rounds; round++) {
                for (List<Contender> flows : flows(scenario)) {
                    trials.add(new Trial(scenario, flows, round));
                }
            }
        }
        return trials;
    }

    /** Who is together on the link: each alone; or each with itself, and STOQ's BBR with the other's CUBIC. */
    List<List<Contender>> flows(Scenario scenario) {
        if (scenario.flows() == 1) {
            return contenders.stream().map(List::of).toList();
        }
        List<List<Contender>> pairs = new ArrayList<>();
        contenders.forEach(contender -> pairs.add(List.of(contender, contender)));
        for (Contender bbr : contenders) {
            for (Contender cubic : contenders) {
                if (bbr.isStoq()
                        && bbr.isBbr()
                        && !cubic.isStoq()
                        && cubic.congestion().equals("cubic")) {
                    pairs.add(List.of(bbr, cubic));
                }
            }
        }
        return pairs;
    }
}
