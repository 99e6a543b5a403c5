package io.stoq.bench.cli;

import io.stoq.bench.hold.HoldShape;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Many connections that are kept, in place of bulk data. */
final class HoldOptions {

    /** What belongs to other measurements. */
    private static final List<String> OTHERS = List.of(
            "--direction", "--verify", "--streams", "--seconds", "--warmup", "--message", "--metrics-port", "--qlog");

    private static final String HERE = "--hold-here";
    private static final int DEFAULT_IDLE_SECONDS = 30;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private int holdSeconds;
    private int idleSeconds;

    @Option(names = HERE, hidden = true, description = "This JVM is made for it.")
    private boolean here;

    @Option(
            names = "--hold",
            paramLabel = "SECONDS",
            description =
                    "Keep --connections open and measure what each costs: memory while idle, then the latency of a"
                            + " request a second on each, for so long.")
    private void hold(int value) {
        holdSeconds = Range.check(spec, "--hold", value, 1, 86_400);
    }

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            description =
                    "With --hold: how long no connection says anything, while processor time is measured. Default: "
                            + DEFAULT_IDLE_SECONDS + ".")
    private void idle(int value) {
        idleSeconds = Range.check(spec, "--idle", value, 1, 86_400);
    }

    /** What to hold, or null where something else is wanted. */
    HoldShape shape(int connections) {
        if (holdSeconds == 0) {
            require(idleSeconds == 0, "--idle needs --hold SECONDS");
            return null;
        }
        for (String option : OTHERS) {
            require(!spec.commandLine().getParseResult().hasMatchedOption(option), option + " does not go with --hold");
        }
        require(
                connections >= HoldShape.MIN_CONNECTIONS,
                "--connections is " + connections + "; --hold measures a slope and needs " + HoldShape.MIN_CONNECTIONS
                        + " or more");
        return new HoldShape(connections, idleSeconds > 0 ? idleSeconds : DEFAULT_IDLE_SECONDS, holdSeconds);
    }

    /** Whether this JVM is the one to measure in. */
    boolean isHere() {
        return here;
    }

    /** The same command line for the JVM to measure in. */
    List<String> argumentsThere() {
        List<String> arguments =
                new ArrayList<>(spec.root().commandLine().getParseResult().originalArgs());
        arguments.add(HERE);
        return arguments;
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
