package io.stoq.bench.lab.real;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stoq.bench.perf.PerfReport;
import io.stoq.bench.perf.SiblingJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A measuring client in a JVM of its own. It writes to files, so that nobody has to read while it runs. */
final class ClientProcess implements AutoCloseable {

    private static final String FAILURE_PREFIX = "stoq: ";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path out = Files.createTempFile("stoq-lab", ".out");
    private final Path err = Files.createTempFile("stoq-lab", ".err");
    private final Process process;
    private final Thread onExit;

    /** @param flags of the JVM, beside those of this one */
    ClientProcess(List<String> flags, Class<?> mainClass, List<String> arguments) throws IOException {
        process = new ProcessBuilder(SiblingJvm.command(flags, mainClass, arguments))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        // Where this process is interrupted, nobody gets to close().
        out.toFile().deleteOnExit();
        err.toFile().deleteOnExit();
        onExit = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    /** @throws IOException where it has ended, and that in failure; the message says why */
    void requireWell() throws IOException {
        if (!process.isAlive() && process.exitValue() != 0) {
            throw new IOException(reason());
        }
    }

    /** What it has measured. */
    PerfReport report(long limitS) throws IOException, InterruptedException {
        if (!process.waitFor(limitS, TimeUnit.SECONDS)) {
            throw new IOException("the client did not end in time");
        }
        requireWell();
        try {
            return JSON.readValue(Files.readString(out), PerfReport.class);
        } catch (JsonProcessingException e) {
            throw new IOException("the client's report cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    private String reason() throws IOException {
        String said = Files.readAllLines(err).stream()
                .filter(line -> line.startsWith(FAILURE_PREFIX))
                .map(line -> line.substring(FAILURE_PREFIX.length()))
                .collect(Collectors.joining(" "));
        return said.isEmpty() ? "the client process ended with code " + process.exitValue() : said;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            // This process is ending, and the hook has run.
        }
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
    }
}
