package io.stoq.bench.cli;

import io.stoq.bench.lab.Controllers;
import io.stoq.bench.lab.Experiment;
import io.stoq.bench.lab.Outcome;
import io.stoq.bench.lab.Scenario;
import io.stoq.bench.lab.Verdict;
import io.stoq.bench.lab.report.LabJson;
import io.stoq.bench.lab.report.LabPage;
import io.stoq.bench.lab.scenario.Scenarios;
import io.stoq.bench.terminal.Units;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a scenario in virtual time, once with each controller. */
@Command(
        name = "run",
        description = {
            "Runs a scenario of 'stoq lab list' in virtual time, once with each controller, and says whether what is wanted came"
                    + " out. The same seed gives the same run.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything wanted came out, or nothing is further off than is known",
            "1:something did not",
            "2:the command line is wrong"
        })
final class LabRunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    private Scenario scenario;

    @Parameters(paramLabel = "NAME", description = "The scenario, as 'stoq lab list' calls it.")
    private void scenario(String name) {
        scenario = Scenarios.named(name)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "unknown scenario '" + name + "'; see 'stoq lab list'"));
    }

    private List<String> controllers = List.of("bbr2", "cubic");

    @Option(
            names = "--cc",
            split = ",",
            paramLabel = "NAME",
            description = "Congestion controllers, with commas between them. Default: bbr2,cubic.")
    private void controllers(List<String> names) {
        for (String name : names) {
            if (!Controllers.names().contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "unknown congestion control '" + name + "'; choose of "
                                + String.join(", ", Controllers.names()));
            }
        }
        controllers = names.stream().distinct().toList();
    }

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--json", description = "Print an array with one JSON object for each controller.")
    private boolean json;

    private Path report;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Write a page with charts over time; it needs nothing but itself.")
    private void report(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--report " + file + " cannot be written; name a file in a folder that exists and may be written");
        }
        report = file;
    }

    @Override
    public Integer call() throws Exception {
        List<Outcome> outcomes = new ArrayList<>();
        for (String controller : controllers) {
            outcomes.add(run(controller));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(LabJson.of(outcomes));
        } else {
            out.println(scenario.name() + ": " + scenario.what());
            outcomes.forEach(outcome -> print(out, outcome));
        }
        out.flush();
        if (report != null) {
            Files.writeString(report, new LabPage(outcomes, commandLine()).html());
        }
        return outcomes.stream().allMatch(Outcome::tolerated) ? 0 : Stoq.FAILED;
    }

    private Outcome run(String controller) throws UserError {
        try {
            return Experiment.run(scenario, controller, seed);
        } catch (AssertionError broken) {
            throw new UserError(
                    scenario.name() + " with " + controller + " came to nothing: " + broken.getMessage(), broken);
        }
    }

    private static void print(PrintWriter out, Outcome outcome) {
        out.printf(
                "%n%s: %s in %s%n",
                outcome.controller(),
                Units.gbits(outcome.flow().goodputMbit() / 1000),
                Units.duration(outcome.endNs()));
        for (Verdict verdict : outcome.verdicts()) {
            out.println("  " + (verdict.passed() ? "ok       " : verdict.tolerated() ? "SHORT    " : "FAILED   ")
                    + verdict);
        }
        if (outcome.verdicts().isEmpty()) {
            out.println("  nothing is expected of " + outcome.controller() + " here");
        }
    }

    /** As it was given, for who wants to see it again. */
    private String commandLine() {
        return "stoq " + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }
}
