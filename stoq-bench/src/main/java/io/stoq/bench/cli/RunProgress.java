package io.stoq.bench.cli;

import io.stoq.bench.compare.Comparison;
import io.stoq.bench.compare.Outcome;
import io.stoq.bench.compare.Run;
import io.stoq.bench.compare.SummaryText;
import io.stoq.bench.terminal.Screen;
import io.stoq.bench.terminal.Units;
import java.util.concurrent.TimeUnit;

/** Shows each figure as it comes, and on a terminal how far a comparison is. */
final class RunProgress implements AutoCloseable {

    private static final long REDRAW_MS = 200;

    /** How long two JVMs take to start and to end, at a guess. */
    private static final double START_S = 2;

    private final Comparison comparison;
    private final Screen screen;
    private final int total;
    private final Thread redrawing;
    private int payloadShown;
    private int done;
    private volatile Status status;

    /** What the last line shows. */
    private record Status(Run run, int number, long startedNs) {}

    RunProgress(Comparison comparison, Screen screen) {
        this.comparison = comparison;
        this.screen = screen;
        this.total = comparison.runs().size();
        screen.line(Units.plural(comparison.stacks().size(), "stack") + ", "
                + Units.plural(comparison.payloads().size(), "payload size") + ", "
                + Units.plural(comparison.rounds(), "round") + ": " + Units.plural(total, "run") + ", about "
                + minutes(total * secondsOfRun()));
        redrawing = screen.isLive() ? Thread.ofVirtual().start(this::redraw) : null;
    }

    void onStart(Run run) {
        if (payloadShown != run.payloadBytes()) {
            payloadShown = run.payloadBytes();
            screen.line(SummaryText.title(comparison, payloadShown));
        }
        status = new Status(run, done + 1, System.nanoTime());
    }

    void onEnd(Outcome outcome) {
        done++;
        status = null;
        screen.clearStatus();
        screen.line(String.format(
                "  round %d  %-12s %s",
                outcome.run().round(), outcome.run().stack().name(), describe(outcome)));
    }

    private static String describe(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Measured measured ->
                String.format("%12s", Units.gbits(measured.report().gbps()))
                        + (measured.loss() == null ? "" : "  ! " + measured.loss())
                        + (measured.disturbance() == null ? "" : "  ! " + measured.disturbance());
            case Outcome.Skipped skipped -> skipped.reason();
            case Outcome.Failed failed -> "failed: " + failed.reason();
        };
    }

    private void redraw() {
        try {
            while (!Thread.interrupted()) {
                Status now = status;
                if (now != null) {
                    screen.status(line(now));
                }
                TimeUnit.MILLISECONDS.sleep(REDRAW_MS);
            }
        } catch (InterruptedException e) {
            // The comparison is over.
        }
    }

    private String line(Status now) {
        double elapsedS = (System.nanoTime() - now.startedNs) / 1e9;
        double ofRun = Math.min(1, elapsedS / secondsOfRun());
        String left = String.format(
                "  round %d  %-12s ", now.run.round(), now.run.stack().name());
        String right = "  run " + now.number + " of " + total + ", "
                + minutes((total - now.number + 1 - ofRun) * secondsOfRun()) + " left";
        return left + screen.bar(ofRun, left.length() + right.length()) + right;
    }

    private double secondsOfRun() {
        return comparison.warmupSeconds() + comparison.seconds() + START_S;
    }

    private static String minutes(double seconds) {
        return seconds < 90 ? Math.round(seconds) + " s" : Math.round(seconds / 60) + " min";
    }

    @Override
    public void close() {
        if (redrawing != null) {
            redrawing.interrupt();
            awaitEnd(redrawing);
        }
        screen.clearStatus();
    }

    private static void awaitEnd(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
