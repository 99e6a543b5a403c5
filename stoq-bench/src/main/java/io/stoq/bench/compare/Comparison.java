package io.stoq.bench.compare;

import io.stoq.bench.baseline.Tuning;
import io.stoq.bench.perf.LoadShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is compared, and how.
 *
 * @param shape the load that all stacks get
 * @param io the way to do input and output; so for the congestion control
 * @param aead the arguments of {@code stoq} that choose what seals
 * @param tuning settings by the stack's name, each {@code name=value}
 */
public record Comparison(
        List<Stack> stacks,
        List<Integer> payloads,
        int rounds,
        LoadShape shape,
        String io,
        String congestion,
        List<String> aead,
        int seconds,
        int warmupSeconds,
        Map<String, List<String>> tuning) {

    /** In turn, A B C A B C: what drifts on the machine reaches all stacks alike. */
    public List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        for (int payload : payloads) {
            for (int round = 1; round <= rounds; round++) {
                for (Stack stack : stacks) {
                    runs.add(new Run(stack, payload, round));
                }
            }
        }
        return runs;
    }

    /** @throws IllegalArgumentException where a stack does not know a setting or a name that it is given */
    public void requireValid() {
        for (Stack stack : stacks) {
            if (!stack.isStoq()) {
                stack.baseline().requireValid(Tuning.of(tuning.getOrDefault(stack.name(), List.of())), congestion);
            }
        }
    }

    /** The arguments of {@code stoq} that measure one run. */
    List<String> arguments(Run run) {
        List<String> arguments = new ArrayList<>(run.stack().command());
        arguments.addAll(List.of("--json", "--quiet", "--payload", Integer.toString(run.payloadBytes())));
        arguments.addAll(List.of(
                "--io", io, "--cc", congestion, "--direction", shape.direction().toString()));
        arguments.addAll(List.of("--connections", Integer.toString(shape.connections())));
        arguments.addAll(List.of("--seconds", Integer.toString(seconds), "--warmup", Integer.toString(warmupSeconds)));
        arguments.addAll(aead);
        if (shape.verify()) {
            arguments.add("--verify");
        }
        tuning.getOrDefault(run.stack().name(), List.of())
                .forEach(setting -> arguments.addAll(List.of("--tune", setting)));
        return arguments;
    }
}
