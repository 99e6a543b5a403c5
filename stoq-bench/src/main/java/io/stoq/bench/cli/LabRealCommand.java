package io.stoq.bench.cli;

import io.stoq.bench.compare.Machine;
import io.stoq.bench.lab.real.Contender;
import io.stoq.bench.lab.real.Plan;
import io.stoq.bench.lab.real.RealLab;
import io.stoq.bench.lab.real.RealPage;
import io.stoq.bench.lab.real.Result;
import io.stoq.bench.lab.real.ResultJson;
import io.stoq.bench.lab.real.Scenario;
import io.stoq.bench.lab.real.Summary;
import io.stoq.bench.lab.real.SummaryText;
import io.stoq.bench.lab.real.Trial;
import io.stoq.bench.terminal.Screen;
import io.stoq.bench.terminal.Units;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The main scenarios with real sockets, by way of the relay: STOQ beside Netty's codec. */
@Command(
        name = "real",
        description = {
            "Moves bulk through a relay that plays the link, between real sockets; each run has a server and a client JVM"
                    + " of its own, in turn.",
            "",
            "  lossy           100 Mbit/s, 40 ms, 1 BDP of buffer, 1 %% random loss",
            "  deep-buffer     20 Mbit/s, 30 ms, 10 BDP of buffer",
            "  shallow-buffer  100 Mbit/s, 40 ms, 0.5 BDP of buffer",
            "  two-flows       100 Mbit/s, 40 ms, 2 BDP of buffer; the second flow starts late; each stack beside"
                    + " itself, and STOQ's BBR beside netty-cubic",
            ""
        })
final class LabRealCommand implements Callable<Integer> {

    /** What processes take to start and to end, at a guess. */
    private static final double START_S = 4;

    @Spec
    private CommandSpec spec;

    private final List<Scenario> scenarios = new ArrayList<>();
    private final List<Contender> contenders = new ArrayList<>();
    private int rounds;
    private int seconds;
    private int warmupSeconds;

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "all",
            description = "Which, separated by commas: lossy, deep-buffer, shallow-buffer, two-flows or all."
                    + " Default: ${DEFAULT-VALUE}.")
    private void scenarios(List<String> names) {
        LinkedHashSet<Scenario> chosen = new LinkedHashSet<>();
        for (String name : names) {
            if (name.equalsIgnoreCase("all")) {
                chosen.addAll(List.of(Scenario.values()));
            } else {
                chosen.add(checked("--scenario", () -> Scenario.named(name)));
            }
        }
        scenarios.clear();
        scenarios.addAll(chosen);
    }

    @Option(
            names = "--stacks",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "stoq-bbr2,stoq-cubic,netty-bbr2,netty-cubic",
            description = "Stacks with their congestion control, separated by commas. Default: ${DEFAULT-VALUE}.")
    private void stacks(List<String> names) {
        LinkedHashSet<Contender> chosen = new LinkedHashSet<>();
        for (String name : names) {
            chosen.add(checked("--stacks", () -> Contender.named(name)));
        }
        contenders.clear();
        contenders.addAll(chosen);
    }

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often all are run, in turn. Default: ${DEFAULT-VALUE}.")
    private void rounds(int value) {
        rounds = Range.check(spec, "--rounds", value, 1, 1000);
    }

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "Time measured, of each run. Default: ${DEFAULT-VALUE}.")
    private void seconds(int value) {
        seconds = Range.check(spec, "--seconds", value, 1, 3600);
    }

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "3",
            description = "Seconds before that, not counted; of two flows, what the first has for itself. Default:"
                    + " ${DEFAULT-VALUE}.")
    private void warmup(int value) {
        warmupSeconds = Range.check(spec, "--warmup", value, 0, 3600);
    }

    @Option(names = "--json", description = "Print an array with one JSON object for each run.")
    private boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "Show no progress.")
    private boolean quiet;

    private Path report;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Write a page with charts; it needs nothing but itself.")
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
        Plan plan = new Plan(List.copyOf(scenarios), List.copyOf(contenders), rounds, warmupSeconds, seconds);
        List<Result> results = run(plan, Stoq.screen(spec, quiet));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ResultJson.of(results));
        } else {
            for (Summary summary : Summary.of(plan, results)) {
                out.println();
                SummaryText.lines(summary).forEach(out::println);
            }
        }
        out.flush();
        if (report != null) {
            Files.writeString(report, new RealPage(plan, results, Machine.here(), Instant.now(), commandLine()).html());
        }
        long failed = results.stream().filter(Result.Failed.class::isInstance).count();
        if (failed > 0) {
            throw new UserError(Units.count(failed) + " of " + Units.plural(results.size(), "run")
                    + " failed; the output says why");
        }
        return 0;
    }

    private List<Result> run(Plan plan, Screen screen) throws InterruptedException {
        List<Trial> trials = plan.trials();
        double secondsOfTrial = plan.warmupSeconds() + plan.seconds() + START_S;
        screen.line(Units.plural(trials.size(), "run") + ", about " + time(trials.size() * secondsOfTrial));
        RealLab lab = new RealLab(plan, Stoq.class);
        List<Result> results = new ArrayList<>();
        Scenario shown = null;
        for (Trial trial : trials) {
            if (trial.scenario() != shown) {
                shown = trial.scenario();
                screen.line(SummaryText.title(shown));
            }
            String left = String.format("  round %d  %-24s ", trial.round(), trial.name());
            String right = "  run " + (results.size() + 1) + " of " + trials.size() + ", "
                    + time((trials.size() - results.size()) * secondsOfTrial) + " left";
            Result result = lab.run(
                    trial, done -> screen.status(left + screen.bar(done, left.length() + right.length()) + right));
            results.add(result);
            screen.clearStatus();
            screen.line(left + " " + describe(result));
        }
        return results;
    }

    private static String describe(Result result) {
        return switch (result) {
            case Result.Measured measured ->
                measured.goodputMbps().stream()
                                .map(value -> String.format(Locale.ROOT, "%5.1f", value))
                                .collect(Collectors.joining(" + "))
                        + String.format(
                                Locale.ROOT,
                                " Mbit/s  RTT %.0f ms  dropped %.1f %%",
                                measured.meanRttMs(),
                                100 * measured.droppedShare());
            case Result.Failed failed -> "failed: " + failed.reason();
        };
    }

    private static String time(double seconds) {
        return seconds < 90 ? Math.round(seconds) + " s" : Math.round(seconds / 60) + " min";
    }

    private <T> T checked(String option, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
        }
    }

    private String commandLine() {
        return "stoq " + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }
}
