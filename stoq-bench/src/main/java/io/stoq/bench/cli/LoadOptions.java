package io.stoq.bench.cli;

import io.stoq.bench.perf.Direction;
import io.stoq.bench.perf.LoadShape;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What a measurement does, and for how long. */
final class LoadOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--direction",
            paramLabel = "up|down",
            defaultValue = "up",
            converter = Way.class,
            description = "Whether the client sends or receives. Default: ${DEFAULT-VALUE}.")
    private Direction direction;

    @Option(names = "--verify", description = "Compare each byte received with what was sent.")
    private boolean verify;

    private int seconds;
    private int warmupSeconds;
    private int connections;
    private int streams;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "Time measured. Default: ${DEFAULT-VALUE}.")
    private void seconds(int value) {
        seconds = Range.check(spec, "--seconds", value, 1, 86_400);
    }

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "5",
            description = "Seconds before that, shown and not counted. Default: ${DEFAULT-VALUE}.")
    private void warmup(int value) {
        warmupSeconds = Range.check(spec, "--warmup", value, 0, 3600);
    }

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "1",
            description = "Connections at once. Default: ${DEFAULT-VALUE}.")
    private void connections(int value) {
        connections = Range.check(spec, "--connections", value, 1, 100_000);
    }

    @Option(
            names = "--streams",
            paramLabel = "N",
            defaultValue = "1",
            description = "Streams at once on each connection. Default: ${DEFAULT-VALUE}.")
    private void streams(int value) {
        streams = Range.check(spec, "--streams", value, 1, 1000);
    }

    int seconds() {
        return seconds;
    }

    int warmupSeconds() {
        return warmupSeconds;
    }

    LoadShape shape() {
        return new LoadShape(connections, streams, direction, verify);
    }

    /** The same choices, for another process. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--direction", direction.toString()));
        arguments.addAll(List.of("--seconds", Integer.toString(seconds), "--warmup", Integer.toString(warmupSeconds)));
        arguments.addAll(List.of("--connections", Integer.toString(connections)));
        arguments.addAll(List.of("--streams", Integer.toString(streams)));
        if (verify) {
            arguments.add("--verify");
        }
        return arguments;
    }

    private static final class Way implements ITypeConverter<Direction> {

        @Override
        public Direction convert(String value) {
            for (Direction direction : Direction.values()) {
                if (direction.toString().equalsIgnoreCase(value)) {
                    return direction;
                }
            }
            throw new TypeConversionException("unknown direction '" + value + "'; choose up or down");
        }
    }
}
