package io.stoq.bench.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The certificate authority. */
@Command(
        name = "ca",
        description = "A small certificate authority for the nodes of a fleet: a folder with keys and a log.",
        subcommands = {
            CaInitCommand.class,
            CaIssueCommand.class,
            CaRenewCommand.class,
            CaRevokeCommand.class,
            CaListCommand.class,
            CaCheckCommand.class,
            CaAuditCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
final class CaCommand implements Runnable {

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
