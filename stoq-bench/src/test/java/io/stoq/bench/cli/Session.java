package io.stoq.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** A stoq command in this process: run to its end, or in the background until it is closed. */
final class Session implements AutoCloseable {

    private static final long TIMEOUT_S = 180;

    private final StringWriter out = new StringWriter();
    private final Lines err = new Lines();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Thread thread;

    private Session(String... arguments) {
        CommandLine command =
                Stoq.commandLine(false).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        thread = Thread.ofVirtual().start(() -> exit.complete(command.execute(arguments)));
    }

    /** Runs a command to its end. */
    static Session run(String... arguments) throws Exception {
        Session session = start(arguments);
        session.exit();
        return session;
    }

    /** Starts a command. */
    static Session start(String... arguments) {
        return new Session(arguments);
    }

    int exit() throws Exception {
        return exit.get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    boolean isOver() {
        return exit.isDone();
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.text.toString();
    }

    /** Waits for a line of standard error that has the pattern, and returns what its first group matched. */
    String awaitLine(String pattern) throws InterruptedException {
        Pattern wanted = Pattern.compile(pattern);
        for (String line = err.next(); line != null; line = err.next()) {
            Matcher matcher = wanted.matcher(line);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        throw new AssertionError("no line with " + pattern + " within " + TIMEOUT_S + " s; there was:\n" + err());
    }

    /** As Ctrl-C would. */
    @Override
    public void close() {
        thread.interrupt();
        assertEquals(0, exit.orTimeout(TIMEOUT_S, TimeUnit.SECONDS).join(), this::err);
    }

    /** Standard error: the whole of it, and line by line. */
    private static final class Lines extends Writer {

        private final StringBuffer text = new StringBuffer();
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private int lineStart;

        @Override
        public void write(char[] chars, int at, int length) {
            text.append(chars, at, length);
            for (int end = text.indexOf("\n", lineStart); end >= 0; end = text.indexOf("\n", lineStart)) {
                lines.add(text.substring(lineStart, end));
                lineStart = end + 1;
            }
        }

        String next() throws InterruptedException {
            return lines.poll(TIMEOUT_S, TimeUnit.SECONDS);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
