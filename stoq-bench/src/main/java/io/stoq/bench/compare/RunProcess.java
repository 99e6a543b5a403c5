package io.stoq.bench.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stoq.bench.perf.PerfReport;
import io.stoq.bench.perf.SiblingJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Does one run in fresh JVMs: a client, which starts its server, both warmed up by nothing but this run. */
public final class RunProcess {

    /** Beyond the time measured: the start of two JVMs on a busy machine, and their end. */
    private static final int GRACE_S = 60;

    private static final String FAILURE_PREFIX = "stoq: ";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Comparison comparison;
    private final Class<?> mainClass;

    /** @param mainClass the {@code stoq} command */
    public RunProcess(Comparison comparison, Class<?> mainClass) {
        this.comparison = comparison;
        this.mainClass = mainClass;
    }

    /** Takes a little longer than the warm-up and the measurement; interrupting it ends the processes. */
    public Outcome execute(Run run) throws IOException, InterruptedException {
        String obstacle = run.stack().obstacle(run.payloadBytes());
        if (obstacle != null) {
            return new Outcome.Skipped(run, obstacle);
        }
        List<String> command = SiblingJvm.command(run.stack().jvmFlags(), mainClass, comparison.arguments(run));
        Process process = new ProcessBuilder(command).start();
        Thread onExit = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(onExit);
        try {
            return outcome(run, process);
        } finally {
            process.destroy();
            Runtime.getRuntime().removeShutdownHook(onExit);
        }
    }

    private Outcome outcome(Run run, Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        CompletableFuture<List<String>> out = linesOf(process.getInputStream());
        CompletableFuture<List<String>> err = linesOf(process.getErrorStream());
        int limitS = comparison.warmupSeconds() + comparison.seconds() + GRACE_S;
        if (!process.waitFor(limitS, TimeUnit.SECONDS)) {
            return new Outcome.Failed(run, "it did not end within " + limitS + " s");
        }
        if (process.exitValue() != 0) {
            return new Outcome.Failed(run, reason(err.join(), process.exitValue()));
        }
        try {
            return new Outcome.Measured(run, JSON.readValue(String.join("", out.join()), PerfReport.class));
        } catch (JsonProcessingException e) {
            return new Outcome.Failed(run, "its report cannot be read: " + e.getOriginalMessage());
        }
    }

    private static String reason(List<String> err, int exitValue) {
        String said = err.stream()
                .filter(line -> line.startsWith(FAILURE_PREFIX))
                .map(line -> line.substring(FAILURE_PREFIX.length()))
                .collect(Collectors.joining(" "));
        return said.isEmpty() ? "its process ended with code " + exitValue : said;
    }

    private static CompletableFuture<List<String>> linesOf(InputStream in) {
        CompletableFuture<List<String>> lines = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                lines.complete(reader.lines().toList());
            } catch (IOException | RuntimeException e) {
                lines.complete(List.of());
            }
        });
        return lines;
    }
}
