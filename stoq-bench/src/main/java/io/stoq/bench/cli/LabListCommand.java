package io.stoq.bench.cli;

import io.stoq.bench.lab.Check;
import io.stoq.bench.lab.Scenario;
import io.stoq.bench.lab.scenario.Scenarios;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says which scenarios there are. */
@Command(
        name = "list",
        description = "Lists the scenarios: name, what happens, what is wanted, and where that comes from.")
final class LabListCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        int width = Scenarios.all().stream()
                .mapToInt(scenario -> scenario.name().length())
                .max()
                .orElse(0);
        String indent = " ".repeat(width + 2);
        for (Scenario scenario : Scenarios.all()) {
            out.println(scenario.name() + " ".repeat(width + 2 - scenario.name().length()) + scenario.what());
            for (Check check : scenario.checks()) {
                String whom = check.controllers().isEmpty()
                        ? "all"
                        : String.join(
                                ", ", check.controllers().stream().sorted().toList());
                out.println(indent + "- " + check.what() + " " + check.bound() + " (" + whom + ")"
                        + (check.shortfall() == null ? "" : "; " + check.tolerance()));
            }
            out.println(indent + "  " + scenario.source());
        }
        out.flush();
    }
}
