package io.stoq.bench.hold;

import io.stoq.bench.perf.SiblingJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The client's JVM, which is another than the command's: one made as {@link HoldJvm} says, with nothing else in it. */
public final class HoldProcess {

    private static final long EXIT_TIMEOUT_S = 10;

    private HoldProcess() {}

    /**
     * Runs the same command there, with an option more, to its end.
     *
     * @param out gets the lines of its standard output, {@code err} those of its standard error
     * @return its exit code
     */
    public static int run(Class<?> mainClass, List<String> arguments, Consumer<String> out, Consumer<String> err)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(SiblingJvm.command(HoldJvm.FLAGS, mainClass, arguments)).start();
        try {
            Thread complaints = Thread.ofVirtual().start(() -> readLines(process.getErrorStream(), err));
            Thread results = Thread.ofVirtual().start(() -> readLines(process.getInputStream(), out));
            int exit = process.waitFor();
            results.join();
            complaints.join();
            return exit;
        } finally {
            process.getOutputStream().close(); // the word to end
            if (!process.waitFor(EXIT_TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    /** In that JVM: ends it together with the command that started it. */
    public static void endWithParent() {
        Thread.ofPlatform().daemon().name("stoq-parent").start(() -> {
            readLines(System.in, line -> {});
            System.exit(1);
        });
    }

    private static void readLines(InputStream in, Consumer<String> lines) {
        try {
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.accept(line);
            }
        } catch (IOException | UncheckedIOException e) {
            // The process is gone, as at the end of its output.
        }
    }
}
