package io.stoq.bench.terminal;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where progress goes: standard error. On a terminal the last line is redrawn in place and other lines go above it;
 * elsewhere there are plain lines only. Thread-safe.
 */
public final class Screen {

    private static final int DEFAULT_COLUMNS = 80;
    private static final int MIN_COLUMNS = 40;
    private static final String ERASE_LINE = "\r\u001b[2K";

    private final PrintWriter out;
    private final boolean terminal;
    private final boolean unicode;
    private final boolean quiet;
    private String status = "";

    private Screen(PrintWriter out, boolean terminal, boolean unicode, boolean quiet) {
        this.out = out;
        this.terminal = terminal;
        this.unicode = unicode;
        this.quiet = quiet;
    }

    /**
     * @param live whether {@code out} is a terminal
     * @param quiet whether nothing is to be shown at all
     */
    public static Screen of(PrintWriter out, boolean live, boolean quiet) {
        Charset charset = Charset.forName(System.getProperty("stderr.encoding", "US-ASCII"), StandardCharsets.US_ASCII);
        return new Screen(out, live && !quiet, charset.equals(StandardCharsets.UTF_8), quiet);
    }

    /** Whether the last line can be redrawn. */
    public boolean isLive() {
        return terminal;
    }

    /** Shows a line that stays. */
    public synchronized void line(String text) {
        if (quiet) {
            return;
        }
        out.print(erase() + text + System.lineSeparator() + status);
        out.flush();
    }

    /** Redraws the last line; without a terminal nothing happens. */
    public synchronized void status(String text) {
        if (!terminal || text.equals(status)) {
            return;
        }
        String shown = text.length() < columns() ? text : text.substring(0, columns() - 1);
        out.print(erase() + shown);
        out.flush();
        status = shown;
    }

    /** Removes the last line. */
    public void clearStatus() {
        status("");
    }

    /** How much is done, as wide as is left beside {@code otherColumns} of text. */
    public String bar(double fraction, int otherColumns) {
        return ProgressBar.of(fraction, barCells(otherColumns), unicode);
    }

    /** As {@link #bar}, where the end is not known. */
    public String wanderingBar(long step, int otherColumns) {
        return ProgressBar.wandering(step, barCells(otherColumns), unicode);
    }

    private String erase() {
        return status.isEmpty() ? "" : ERASE_LINE;
    }

    private static int barCells(int otherColumns) {
        return Math.max(8, Math.min(40, columns() - otherColumns - 3));
    }

    private static int columns() {
        String columns = System.getenv("COLUMNS");
        if (columns == null || !columns.matches("[1-9][0-9]{1,3}")) {
            return DEFAULT_COLUMNS;
        }
        return Math.max(MIN_COLUMNS, Integer.parseInt(columns));
    }

    /**
     * Whether this process's standard error is a terminal that can redraw a line. Java tells only whether both standard
     * input and output are one.
     */
    public static boolean isStandardErrorLive() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null && System.console().isTerminal();
        }
    }
}
