package io.stoq.bench.lab.scenario;

import io.stoq.bench.lab.Scenario;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All scenarios, in the order in which they are listed. */
public final class Scenarios {

    private static final List<Scenario> ALL = Stream.of(
                    Startup.all(),
                    RandomLoss.all(),
                    Delays.all(),
                    Sharing.all(),
                    Applications.all(),
                    Changes.all(),
                    Acknowledgments.all(),
                    Marks.all(),
                    Transfers.all(),
                    Extremes.all())
            .flatMap(List::stream)
            .toList();

    private Scenarios() {}

    public static List<Scenario> all() {
        return ALL;
    }

    public static Optional<Scenario> named(String name) {
        return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
    }
}
