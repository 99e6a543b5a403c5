package io.stoq.bench.files;

import io.stoq.bench.terminal.Screen;
import io.stoq.bench.terminal.Units;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The files on their way, shown as one progress line while there are any, and one line for each that is done.
 * Thread-safe.
 */
public final class Transfers implements AutoCloseable {

    private static final long REDRAW_MS = 200;
    private static final int MAX_NAME_CHARS = 120;
    private static final long UNKNOWN = -1;

    private final Screen screen;
    private final Set<Transfer> active = ConcurrentHashMap.newKeySet();
    private final Thread painter;

    public Transfers(Screen screen) {
        this.screen = screen;
        this.painter = Thread.ofVirtual().unstarted(this::paint);
        if (screen.isLive()) {
            painter.start();
        }
    }

    /** @param totalBytes -1 where the length is not known beforehand */
    Transfer begin(String name, long totalBytes) {
        Transfer transfer = new Transfer(printable(name), totalBytes);
        active.add(transfer);
        return transfer;
    }

    /** Says something that is no progress. */
    void note(String text) {
        screen.line(printable(text));
    }

    @Override
    public void close() {
        painter.interrupt();
        screen.clearStatus();
    }

    /** One file on its way; its bytes are counted by one thread. */
    final class Transfer {

        private final String name;
        private final long totalBytes;
        private final long startNs = System.nanoTime();
        private final AtomicLong doneBytes = new AtomicLong();

        private Transfer(String name, long totalBytes) {
            this.name = name;
            this.totalBytes = totalBytes;
        }

        void add(long bytes) {
            doneBytes.lazySet(doneBytes.getPlain() + bytes);
        }

        /** All bytes went over. */
        void done() {
            end();
            long ns = System.nanoTime() - startNs;
            screen.line(name + "  " + Units.bytes(doneBytes.get()) + " in " + Units.duration(ns) + ", "
                    + Units.bytesPerSecond(doneBytes.get(), ns));
        }

        void failed(String why) {
            end();
            screen.line(printable(name + "  failed after " + Units.bytes(doneBytes.get()) + ": " + why));
        }

        /** It is over, well or not; ending twice does nothing. */
        void end() {
            if (active.remove(this) && active.isEmpty()) {
                screen.clearStatus();
            }
        }
    }

    private void paint() {
        long lastBytes = 0;
        double rate = 0;
        try {
            for (long step = 0; ; step++) {
                Thread.sleep(REDRAW_MS);
                long done = 0;
                long total = 0;
                for (Transfer transfer : active) {
                    done += transfer.doneBytes.get();
                    total = transfer.totalBytes == UNKNOWN || total == UNKNOWN ? UNKNOWN : total + transfer.totalBytes;
                }
                // Files that begin or end make the sum jump; the rate is smoothed over about a second.
                double current = Math.max(0, done - lastBytes) * 1000.0 / REDRAW_MS;
                rate = rate == 0 ? current : 0.8 * rate + 0.2 * current;
                lastBytes = done;
                if (!active.isEmpty()) {
                    screen.status(line(step, done, total, rate));
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private String line(long step, long done, long total, double rate) {
        String what = active.size() == 1 ? active.iterator().next().name : Units.plural(active.size(), "file");
        String left = (what.length() > 24 ? "…" + what.substring(what.length() - 23) : what) + "  ";
        String right = "  " + Units.bytes(done) + (total == UNKNOWN ? "" : " of " + Units.bytes(total)) + "  "
                + Units.bytes(rate) + "/s";
        int others = left.length() + right.length();
        return left
                + (total > 0 ? screen.bar((double) done / total, others) : screen.wanderingBar(step, others))
                + right;
    }

    /** Peers choose names: nothing of theirs may move the cursor. */
    private static String printable(String text) {
        String shown = text.length() <= MAX_NAME_CHARS ? text : text.substring(0, MAX_NAME_CHARS) + "...";
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
