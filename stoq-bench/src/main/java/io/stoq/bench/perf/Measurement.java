package io.stoq.bench.perf;

import io.stoq.bench.terminal.Screen;
import io.stoq.bench.terminal.Units;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Watches a running load: first a warm-up that is shown and not counted, then the window, with a snapshot of both sides
 * each second.
 */
public final class Measurement {

    private static final long SECOND_NS = 1_000_000_000;
    private static final long REDRAW_NS = SECOND_NS / 5;

    /** Where one side's counters come from. */
    @FunctionalInterface
    public interface Side {
        Snapshot snapshot() throws IOException, InterruptedException;
    }

    /**
     * One moment of both sides.
     *
     * @param server null where the server is out of reach
     */
    record Moment(Snapshot client, Snapshot server) {}

    /** What is shown of the time between two moments. */
    @FunctionalInterface
    interface Gauge {
        String text(Moment from, Moment to);
    }

    private final Side client;
    private final Side server;
    private final Direction direction;
    private final Screen screen;
    private final Gauge gauge;
    private String lastText = "";

    /** @param server null where its counters are out of reach */
    public Measurement(Side client, Side server, Direction direction, Screen screen) {
        this(client, server, direction, screen, (from, to) -> Units.gbits(Window.gbps(from, to, direction)));
    }

    Measurement(Side client, Side server, Direction direction, Screen screen, Gauge gauge) {
        this.client = client;
        this.server = server;
        this.direction = direction;
        this.screen = screen;
        this.gauge = gauge;
    }

    /** Takes {@code warmup + seconds} seconds. */
    public Window run(int warmupSeconds, int seconds) throws IOException, InterruptedException {
        return run(warmupSeconds, seconds, () -> {});
    }

    /** @param onWarm called between the warm-up and the window */
    Window run(int warmupSeconds, int seconds, Runnable onWarm) throws IOException, InterruptedException {
        List<Moment> warmup = watch(warmupSeconds, "warm-up", now());
        onWarm.run();
        CpuTimes before = CpuTimes.read();
        List<Moment> window = watch(seconds, "", warmup.getLast());
        CpuTimes after = CpuTimes.read();
        screen.clearStatus();
        return new Window(
                List.copyOf(window),
                direction,
                CpuTimes.stolenPercent(before, after),
                CpuTimes.busyPercent(before, after));
    }

    private List<Moment> watch(int seconds, String label, Moment first) throws IOException, InterruptedException {
        List<Moment> moments = new ArrayList<>();
        moments.add(first);
        long startNs = System.nanoTime();
        for (int second = 1; second <= seconds; second++) {
            waitUntil(startNs, second, seconds, label);
            Moment moment = now();
            lastText = gauge.text(moments.getLast(), moment);
            moments.add(moment);
            screen.line(String.format("%8s %4d s  %12s", label, second, lastText));
        }
        return moments;
    }

    private void waitUntil(long startNs, int second, int seconds, String label) throws InterruptedException {
        long endNs = second * SECOND_NS;
        for (long elapsedNs = System.nanoTime() - startNs; elapsedNs < endNs; elapsedNs = System.nanoTime() - startNs) {
            if (screen.isLive()) {
                String left = String.format("%8s %4.1f s  ", label, elapsedNs / 1e9);
                String right = String.format("  %d s  %s", seconds, lastText);
                double done = (double) elapsedNs / (seconds * SECOND_NS);
                screen.status(left + screen.bar(done, left.length() + right.length()) + right);
            }
            long pauseNs = Math.min(endNs - elapsedNs, screen.isLive() ? REDRAW_NS : SECOND_NS);
            TimeUnit.NANOSECONDS.sleep(pauseNs);
        }
    }

    private Moment now() throws IOException, InterruptedException {
        Snapshot mine = client.snapshot();
        return new Moment(mine, server == null ? null : server.snapshot());
    }
}
