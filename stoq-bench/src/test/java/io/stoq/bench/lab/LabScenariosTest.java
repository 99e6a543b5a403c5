package io.stoq.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.stoq.bench.lab.scenario.Scenarios;
import io.stoq.sim.Seeds;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every scenario with every controller that something is expected of. */
class LabScenariosTest {

    private static final long SEED = Seeds.one(1);

    @ParameterizedTest(name = "{0} with {1}")
    @MethodSource("expectations")
    void scenarioHolds(String name, String controller) {
        Scenario scenario = Scenarios.named(name).orElseThrow();
        Outcome outcome = Experiment.run(scenario, controller, SEED);
        List<String> failures = outcome.verdicts().stream()
                .filter(verdict -> !verdict.tolerated())
                .map(Verdict::toString)
                .toList();
        assertEquals(
                List.of(),
                failures,
                () -> name + " with " + controller + ", seed " + SEED + "; see it by 'stoq lab run " + name + " --cc "
                        + controller + " --seed " + SEED + " --report FILE.html'");
    }

    static Stream<Arguments> expectations() {
        return Scenarios.all().stream()
                .flatMap(scenario -> Controllers.names().stream()
                        .filter(controller -> !scenario.checksFor(controller).isEmpty())
                        .map(controller -> Arguments.of(scenario.name(), controller)));
    }
}
