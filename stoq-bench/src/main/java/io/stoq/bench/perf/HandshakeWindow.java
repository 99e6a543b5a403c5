package io.stoq.bench.perf;

import io.stoq.bench.terminal.Screen;
import io.stoq.bench.terminal.Units;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The measured time of a handshake load: moments a second apart. Handshakes are counted, and the clock is read, by the
 * server.
 *
 * @param moments the first and the last at least
 * @param latenciesNs of the connections that were established meanwhile
 * @param failures of connections that were not
 * @param stolenPercent processor time that other guests took from this machine, or null where unknown
 */
public record HandshakeWindow(List<Moment> moments, Histogram latenciesNs, long failures, Double stolenPercent) {

    /** Where the server's counts come from. */
    @FunctionalInterface
    public interface Server {
        HandshakeCounts counts() throws IOException, InterruptedException;
    }

    /** One moment of both sides. */
    record Moment(HandshakeCounts client, HandshakeCounts server) {}

    /** Watches a running load: first a warm-up that is shown and not counted, then the window. */
    static HandshakeWindow watch(HandshakeLoad load, Server server, int warmupSeconds, int seconds, Screen screen)
            throws IOException, InterruptedException {
        List<Moment> warmup = moments(load, server, warmupSeconds, "warm-up", screen);
        load.takeLatenciesNs();
        long failuresBefore = load.failures();
        CpuTimes before = CpuTimes.read();
        List<Moment> window = new ArrayList<>(List.of(warmup.getLast()));
        List<Moment> measured = moments(load, server, seconds, "", screen);
        window.addAll(measured.subList(1, measured.size()));
        return new HandshakeWindow(
                List.copyOf(window),
                load.takeLatenciesNs(),
                load.failures() - failuresBefore,
                CpuTimes.stolenPercent(before, CpuTimes.read()));
    }

    private static List<Moment> moments(HandshakeLoad load, Server server, int seconds, String label, Screen screen)
            throws IOException, InterruptedException {
        List<Moment> moments = new ArrayList<>();
        moments.add(new Moment(load.counts(), server.counts()));
        long startNs = System.nanoTime();
        for (int second = 1; second <= seconds; second++) {
            TimeUnit.NANOSECONDS.sleep(startNs + TimeUnit.SECONDS.toNanos(second) - System.nanoTime());
            Moment moment = new Moment(load.counts(), server.counts());
            double perSecond = perSecond(moments.getLast(), moment);
            moments.add(moment);
            screen.line(
                    String.format("%8s %4d s  %10s handshakes/s", label, second, Units.count(Math.round(perSecond))));
        }
        return moments;
    }

    Moment first() {
        return moments.getFirst();
    }

    Moment last() {
        return moments.getLast();
    }

    long handshakes() {
        return last().server().completed() - first().server().completed();
    }

    double seconds() {
        return (last().server().atNs() - first().server().atNs()) / 1e9;
    }

    double perSecond() {
        return perSecond(first(), last());
    }

    List<Double> samples() {
        List<Double> samples = new ArrayList<>();
        for (int i = 1; i < moments.size(); i++) {
            samples.add(perSecond(moments.get(i - 1), moments.get(i)));
        }
        return samples;
    }

    private static double perSecond(Moment from, Moment to) {
        long ns = to.server().atNs() - from.server().atNs();
        return ns <= 0 ? 0 : (to.server().completed() - from.server().completed()) * 1e9 / ns;
    }
}
