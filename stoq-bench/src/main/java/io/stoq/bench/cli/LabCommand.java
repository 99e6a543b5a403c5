package io.stoq.bench.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The network laboratory. */
@Command(
        name = "lab",
        description = "Puts congestion controllers on links that are slow, long, lossy or shared.",
        subcommands = {LabListCommand.class, LabRunCommand.class, LabRelayCommand.class, LabRealCommand.class},
        synopsisSubcommandLabel = "COMMAND")
final class LabCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing; give "
                        + String.join(" or ", spec.subcommands().keySet()));
    }
}
