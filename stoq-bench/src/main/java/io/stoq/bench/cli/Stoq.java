package io.stoq.bench.cli;

import io.stoq.bench.terminal.Screen;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code stoq} command. */
@Command(
        name = "stoq",
        description = "QUIC over IPv6: measure it, serve and fetch files with it, certify who may.",
        subcommands = {
            PerfCommand.class,
            ServeCommand.class,
            GetCommand.class,
            CompareCommand.class,
            BaselineCommand.class,
            LabCommand.class,
            CaCommand.class,
            HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:it failed; standard error says why",
            "2:the command line is wrong, or a file that it names"
        })
public final class Stoq implements Runnable {

    static final int FAILED = 1;
    static final int USAGE = 2;

    private final boolean live;

    @Spec
    private CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of a failure.")
    private boolean debug;

    private Stoq(boolean live) {
        this.live = live;
    }

    public static void main(String[] arguments) {
        System.exit(commandLine(Screen.isStandardErrorLive()).execute(arguments));
    }

    /** @param live whether standard error, or what a test puts in its place, is a terminal */
    static CommandLine commandLine(boolean live) {
        return new CommandLine(new Stoq(live))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Stoq::usageError)
                .setExecutionExceptionHandler(Stoq::failure);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing; give perf, compare, lab, ca, serve or get");
    }

    /** Where a command shows its progress. */
    static Screen screen(CommandSpec command, boolean quiet) {
        return Screen.of(command.commandLine().getErr(), ((Stoq) command.root().userObject()).live, quiet);
    }

    private static int usageError(ParameterException error, String[] arguments) {
        CommandLine command = error.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("stoq: " + sentence(error.getMessage()));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(error, err)) {
            err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        err.flush();
        return USAGE;
    }

    /** The parser's words without what only programmers care for, such as indexes. */
    private static String sentence(String message) {
        return message.replaceFirst("^Error: ", "")
                .replaceFirst("^Invalid value for option '([^']+)'[^:]*: ", "$1: ")
                .replaceFirst("^Invalid value for positional parameter at index [^:]*\\([^)]*\\): ", "")
                .replaceFirst("^Unmatched arguments? (at|from) index \\d+: ", "unknown here: ")
                .replaceFirst(" is not an? (int|long)$", " is no whole number");
    }

    private static int failure(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        FailureText.of(failure).lines().forEach(line -> err.println("stoq: " + line));
        if (((Stoq) command.getCommandSpec().root().userObject()).debug) {
            failure.printStackTrace(err);
        }
        err.flush();
        return command.getCommandSpec().exitCodeOnExecutionException();
    }
}
