package io.stoq.bench.perf;

import io.stoq.bench.perf.Measurement.Moment;
import java.util.ArrayList;
import java.util.List;

/**
 * The measured time: moments a second apart. Bytes are counted, and the clock is read, by the side that receives; where
 * the server's counters are out of reach an upload is what the server's transport has acknowledged.
 *
 * @param moments at least the first and the last
 * @param stolenPercent processor time that other guests took from this machine, or null where unknown
 * @param busyPercent processor time that the processes of this machine used, or null where unknown
 */
public record Window(List<Moment> moments, Direction direction, Double stolenPercent, Double busyPercent) {

    Moment first() {
        return moments.getFirst();
    }

    Moment last() {
        return moments.getLast();
    }

    boolean countedByReceiver() {
        return direction == Direction.DOWN || first().server() != null;
    }

    long bytes() {
        return bytes(last(), direction) - bytes(first(), direction);
    }

    double seconds() {
        return (counting(last(), direction).atNs()
                        - counting(first(), direction).atNs())
                / 1e9;
    }

    double gbps() {
        return gbps(first(), last(), direction);
    }

    /** Processor time that processes other than client and server used; null where that is unknown. */
    Double otherCpuPercent() {
        if (busyPercent == null || first().server() == null) {
            return null;
        }
        long oursNs = last().client().cpuNs() - first().client().cpuNs();
        oursNs += last().server().cpuNs() - first().server().cpuNs();
        long ns = last().client().atNs() - first().client().atNs();
        return Math.max(
                0, busyPercent - 100.0 * oursNs / ns / Runtime.getRuntime().availableProcessors());
    }

    /** Gbit/s of each second. */
    public List<Double> samples() {
        List<Double> samples = new ArrayList<>();
        for (int i = 1; i < moments.size(); i++) {
            samples.add(gbps(moments.get(i - 1), moments.get(i), direction));
        }
        return samples;
    }

    /** Bits per nanosecond between two moments. */
    static double gbps(Moment from, Moment to, Direction direction) {
        long ns = counting(to, direction).atNs() - counting(from, direction).atNs();
        return ns <= 0 ? 0 : 8.0 * (bytes(to, direction) - bytes(from, direction)) / ns;
    }

    private static Snapshot counting(Moment moment, Direction direction) {
        return direction == Direction.DOWN || moment.server() == null ? moment.client() : moment.server();
    }

    private static long bytes(Moment moment, Direction direction) {
        Snapshot side = counting(moment, direction);
        return direction == Direction.UP && moment.server() == null ? side.acknowledgedBytes() : side.receivedBytes();
    }
}
