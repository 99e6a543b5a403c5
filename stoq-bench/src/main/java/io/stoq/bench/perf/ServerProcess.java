package io.stoq.bench.perf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stoq.EndpointStatistics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A perf server in a JVM of its own, with this one's binary, flags and class path. It answers each line on its standard
 * input with one line of JSON, and ends when its input does, so that it never outlives the process that started it.
 */
public final class ServerProcess implements AutoCloseable {

    /** The line that asks for a {@link Snapshot}. */
    public static final String SNAPSHOT_REQUEST = "snapshot";

    /** The line that asks for {@link HandshakeCounts}. */
    public static final String HANDSHAKES_REQUEST = "handshakes";

    /** The line that asks for the {@link EndpointStatistics}. */
    public static final String STATISTICS_REQUEST = "statistics";

    private static final int PAGE_BYTES = 4096;
    private static final long ANSWER_TIMEOUT_S = 20;
    private static final long EXIT_TIMEOUT_S = 5;
    private static final String END = "";

    /** How a command's last words begin; they become the exception's. */
    private static final String FAILURE_PREFIX = "stoq: ";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What a server says first.
     *
     * @param fingerprint SHA-256 of its certificate
     */
    public record Greeting(int port, String fingerprint) {}

    private final Process process;
    private final PrintStream requests;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Greeting greeting;
    private volatile String lastComplaint = "";

    private ServerProcess(Process process, Consumer<String> complaints) throws IOException, InterruptedException {
        this.process = process;
        this.requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread.ofVirtual().start(() -> readLines(process.getInputStream(), answers::add, END));
        Thread.ofVirtual().start(() -> readLines(process.getErrorStream(), line -> complain(line, complaints), null));
        try {
            this.greeting = JSON.readValue(nextAnswer(), Greeting.class);
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    /**
     * @param mainClass that takes {@code arguments}
     * @param complaints hears what the server says on its standard error, but for why it failed
     */
    public static ServerProcess start(Class<?> mainClass, List<String> arguments, Consumer<String> complaints)
            throws IOException, InterruptedException {
        return start(List.of(), mainClass, arguments, complaints);
    }

    /** @param flags of the JVM, beside those of this one */
    public static ServerProcess start(
            List<String> flags, Class<?> mainClass, List<String> arguments, Consumer<String> complaints)
            throws IOException, InterruptedException {
        List<String> command = SiblingJvm.command(flags, mainClass, arguments);
        return new ServerProcess(new ProcessBuilder(command).start(), complaints);
    }

    /** What the server said first. */
    public Greeting greeting() {
        return greeting;
    }

    /** Asks for the server's counters as of now. */
    public Snapshot snapshot() throws IOException, InterruptedException {
        return ask(SNAPSHOT_REQUEST, Snapshot.class);
    }

    /** Asks for the handshakes that the server has completed so far. */
    public HandshakeCounts handshakes() throws IOException, InterruptedException {
        return ask(HANDSHAKES_REQUEST, HandshakeCounts.class);
    }

    /** Asks for what the server's endpoint has done so far. */
    public EndpointStatistics statistics() throws IOException, InterruptedException {
        return ask(STATISTICS_REQUEST, EndpointStatistics.class);
    }

    /** Memory of the machine that the server's process occupies. Linux only. */
    public long residentBytes() throws IOException {
        String[] pages =
                Files.readString(Path.of("/proc/" + process.pid() + "/statm")).split(" ");
        return Long.parseLong(pages[1]) * PAGE_BYTES;
    }

    /**
     * Asks for something else that the server knows of.
     *
     * @throws IOException where the server does not answer
     */
    public <T> T ask(String request, Class<T> answer) throws IOException, InterruptedException {
        requests.println(request);
        return JSON.readValue(nextAnswer(), answer);
    }

    /** Ends the server. */
    @Override
    public void close() {
        requests.close();
        try {
            if (!process.waitFor(EXIT_TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** How a server answers what the process that started it asks. */
    @FunctionalInterface
    public interface Answers {

        /** What becomes a line of JSON, or null where the request is unknown. */
        Object answer(String request) throws IOException, InterruptedException;
    }

    /**
     * The other end, in the server's process: says the greeting, then answers requests on standard input until that ends.
     */
    public static void obey(PrintWriter out, Greeting greeting, Answers answers)
            throws IOException, InterruptedException {
        out.println(line(greeting));
        out.flush();
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String request = requests.readLine(); request != null; request = requests.readLine()) {
            Object answer = answers.answer(request);
            if (answer != null) {
                out.println(line(answer));
                out.flush();
            }
        }
    }

    /** The line of JSON that stands for {@code answer}. */
    private static String line(Object answer) {
        try {
            return JSON.writeValueAsString(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no JSON for " + answer, e);
        }
    }

    private String nextAnswer() throws IOException, InterruptedException {
        String answer = answers.poll(ANSWER_TIMEOUT_S, TimeUnit.SECONDS);
        if (answer == null) {
            throw new IOException("the server process did not answer within " + ANSWER_TIMEOUT_S
                    + " s; this machine may be too busy, try again");
        }
        if (answer.equals(END)) {
            process.waitFor(EXIT_TIMEOUT_S, TimeUnit.SECONDS);
            String why = lastComplaint.startsWith(FAILURE_PREFIX)
                    ? lastComplaint.substring(FAILURE_PREFIX.length())
                    : lastComplaint;
            throw new IOException("the server process ended" + (why.isEmpty() ? "" : ": " + why));
        }
        return answer;
    }

    private void complain(String line, Consumer<String> complaints) {
        lastComplaint = line;
        if (!line.startsWith(FAILURE_PREFIX)) {
            complaints.accept(line);
        }
    }

    private static void readLines(InputStream in, Consumer<String> lines, String end) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            // The process is gone, as at the end of its output.
        }
        if (end != null) {
            lines.accept(end);
        }
    }
}
