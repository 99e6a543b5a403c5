package io.stoq.bench.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Bounds of option values. */
final class Range {

    private Range() {}

    /** @return the value, which is within the bounds */
    static int check(CommandSpec spec, String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + value + "; give a number within " + min + ".." + max);
        }
        return value;
    }
}
