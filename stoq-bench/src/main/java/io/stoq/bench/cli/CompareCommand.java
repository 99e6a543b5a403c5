package io.stoq.bench.cli;

import io.stoq.bench.compare.Comparison;
import io.stoq.bench.compare.Machine;
import io.stoq.bench.compare.Outcome;
import io.stoq.bench.compare.OutcomeJson;
import io.stoq.bench.compare.ReportPage;
import io.stoq.bench.compare.Run;
import io.stoq.bench.compare.RunProcess;
import io.stoq.bench.compare.Summary;
import io.stoq.bench.compare.SummaryText;
import io.stoq.bench.terminal.Screen;
import io.stoq.bench.terminal.Units;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures STOQ beside other stacks and beside what the machine allows, in turn, each in fresh processes. */
@Command(
        name = "compare",
        description = {
            "Moves the same bulk through STOQ, other stacks and the bare machine, in turn; each run has a client and a"
                    + " server JVM of its own, on [::1], with AES-128-GCM.",
            "",
            "  stoq         STOQ, as in 'stoq perf'",
            "  netty-quic   Netty's QUIC codec (quiche), tuned; datagrams of at most 16383 bytes",
            "  tls-tcp      TLS 1.3 over TCP by Netty and BoringSSL; the payload size means nothing to it",
            "  ceiling      STOQ's sockets and ciphers without QUIC: what the machine allows",
            "  ceiling-jca  the same with the Java platform's ciphers",
            ""
        })
final class CompareCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CompareOptions compareOptions;

    @Mixin
    private LoadOptions loadOptions;

    @Mixin
    private AeadOptions aeadOptions;

    @Option(names = "--json", description = "Print an array with one JSON object for each stack, payload and round.")
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
        Comparison comparison = compareOptions.comparison(
                loadOptions.shape(), loadOptions.seconds(), loadOptions.warmupSeconds(), aeadOptions.arguments());
        List<Outcome> outcomes = measure(comparison, Stoq.screen(spec, quiet));
        PrintWriter out = spec.commandLine().getOut();
        List<Summary> summaries = Summary.of(comparison, outcomes);
        if (json) {
            out.println(OutcomeJson.of(outcomes));
        } else {
            for (Summary summary : summaries) {
                out.println();
                SummaryText.lines(comparison, summary).forEach(out::println);
            }
        }
        out.flush();
        if (report != null) {
            ReportPage page = new ReportPage(comparison, outcomes, Machine.here(), Instant.now(), commandLine());
            Files.writeString(report, page.html());
        }
        long failed = outcomes.stream().filter(Outcome.Failed.class::isInstance).count();
        if (failed > 0) {
            throw new UserError(Units.count(failed) + " of " + Units.plural(outcomes.size(), "run")
                    + " failed; the output says why");
        }
        return 0;
    }

    private List<Outcome> measure(Comparison comparison, Screen screen) throws IOException, InterruptedException {
        List<Run> runs = comparison.runs();
        RunProcess process = new RunProcess(comparison, Stoq.class);
        List<Outcome> outcomes = new ArrayList<>();
        try (RunProgress progress = new RunProgress(comparison, screen)) {
            for (Run run : runs) {
                progress.onStart(run);
                Outcome outcome = process.execute(run);
                outcomes.add(outcome);
                progress.onEnd(outcome);
            }
        }
        return outcomes;
    }

    /** As it was given, for who wants to measure again. */
    private String commandLine() {
        return "stoq " + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }
}
