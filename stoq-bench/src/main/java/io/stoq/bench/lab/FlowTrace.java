package io.stoq.bench.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What was noted of a flow.
 *
 * @param startedNs when it connected; -1 where it did not
 * @param establishedNs when the sender's handshake was complete; -1 where it never was
 * @param completedNs when the last byte was taken; -1 where it was not, or where there is no last byte
 * @param samples in order of time
 * @param rtts every measured round trip
 * @param ectOut for every datagram that the sender sent data by: 1 where it was ECN-capable, else 0
 */
public record FlowTrace(
        FlowPlan plan,
        String controller,
        long startedNs,
        long establishedNs,
        long completedNs,
        List<Sample> samples,
        Timeline rtts,
        Timeline ectOut) {

    public Sample last() {
        return samples.getLast();
    }

    /** The newest sample that is not later. */
    public Sample at(long ns) {
        return samples.get(Math.max(0, indexAfter(ns) - 1));
    }

    private int indexAfter(long ns) {
        int low = 0;
        int high = samples.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (samples.get(middle).atNs() <= ns) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    public List<Sample> between(long fromNs, long untilNs) {
        return samples.subList(indexAfter(fromNs - 1), Math.max(indexAfter(fromNs - 1), indexAfter(untilNs)));
    }

    /** What the receiving application took, per second. */
    public double goodputMbit(long fromNs, long untilNs) {
        return mbit(fromNs, untilNs, Sample::deliveredBytes);
    }

    /** What arrived at the receiver, headers of QUIC included, per second. */
    public double throughputMbit(long fromNs, long untilNs) {
        return mbit(fromNs, untilNs, Sample::receivedBytes);
    }

    private double mbit(long fromNs, long untilNs, ToDoubleFunction<Sample> bytes) {
        return Quantities.toMbit(valueAt(untilNs, bytes) - valueAt(fromNs, bytes), untilNs - fromNs);
    }

    /** Over the life of a flow that is complete, from its beginning; else until the end of the run. */
    public double goodputMbit() {
        long untilNs = completedNs >= 0 ? completedNs : last().atNs();
        return goodputMbit(startedNs, untilNs);
    }

    /** Between two samples on the line from one to the other. */
    private double valueAt(long ns, ToDoubleFunction<Sample> value) {
        int after = indexAfter(ns);
        if (after == 0) {
            return 0;
        }
        Sample before = samples.get(after - 1);
        if (after == samples.size() || ns == before.atNs()) {
            return value.applyAsDouble(before);
        }
        Sample next = samples.get(after);
        double share = (double) (ns - before.atNs()) / (next.atNs() - before.atNs());
        double from = value.applyAsDouble(before);
        return from + share * (value.applyAsDouble(next) - from);
    }

    /** Seconds from its beginning to its last byte; infinite where that never came. */
    public double completionSeconds() {
        return completedNs < 0 ? Double.POSITIVE_INFINITY : Quantities.toSeconds(completedNs - startedNs);
    }

    public double meanRttMs(long fromNs, long untilNs) {
        long[] sorted = rtts.sortedBetween(fromNs, untilNs);
        double sum = 0;
        for (long rtt : sorted) {
            sum += rtt;
        }
        return sorted.length == 0 ? Double.NaN : Quantities.toMs(sum / sorted.length);
    }

    /** @param quantile 0 to 1 */
    public double rttMs(double quantile, long fromNs, long untilNs) {
        long[] sorted = rtts.sortedBetween(fromNs, untilNs);
        return sorted.length == 0 ? Double.NaN : Quantities.toMs(sorted[(int) (quantile * (sorted.length - 1))]);
    }

    /** Packets that the sender took for lost, of those it had sent by then and since. */
    public double lossShare(long fromNs, long untilNs) {
        Sample from = at(fromNs);
        Sample until = at(untilNs);
        long lost = until.lostPackets() - from.lostPackets();
        return lost == 0 ? 0 : (double) lost / (until.sentPackets() - from.sentPackets());
    }

    public double mean(long fromNs, long untilNs, ToDoubleFunction<Sample> value) {
        return between(fromNs, untilNs).stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    public double min(long fromNs, long untilNs, ToDoubleFunction<Sample> value) {
        return between(fromNs, untilNs).stream().mapToDouble(value).min().orElse(Double.NaN);
    }

    /** What the controller believed of the bandwidth then, in Mbit/s. */
    public double bandwidthMbit(long ns) {
        return at(ns).bandwidthBytesPerSecond() * 8e-6;
    }

    /** The states that the controller went through; equal ones in a row are one. */
    public List<Phase> phases() {
        List<Phase> phases = new ArrayList<>();
        for (Sample sample : samples) {
            Phase open = phases.isEmpty() ? null : phases.getLast();
            if (open != null && open.state().equals(sample.state())) {
                phases.set(phases.size() - 1, new Phase(open.state(), open.fromNs(), sample.atNs()));
            } else {
                if (open != null) {
                    phases.set(phases.size() - 1, new Phase(open.state(), open.fromNs(), sample.atNs()));
                }
                phases.add(new Phase(sample.state(), sample.atNs(), sample.atNs()));
            }
        }
        return phases;
    }

    /** When it left that state for the first time; the end of the run where it never was in it, or never left it. */
    public long leftNs(String state) {
        List<Phase> phases = phases();
        for (int i = 0; i + 1 < phases.size(); i++) {
            if (phases.get(i).state().equals(state)) {
                return phases.get(i).untilNs();
            }
        }
        return last().atNs();
    }

    /** The first time that it came into that state at or after then; the end of the run where it did not. */
    public long enteredNs(String state, long fromNs) {
        return phases().stream()
                .filter(phase -> phase.state().equals(state) && phase.fromNs() >= fromNs)
                .mapToLong(Phase::fromNs)
                .findFirst()
                .orElse(last().atNs());
    }

    /** How many times it came into that state within these times. */
    public long visits(String state, long fromNs, long untilNs) {
        return phases().stream()
                .filter(phase -> phase.state().equals(state) && phase.fromNs() >= fromNs && phase.fromNs() < untilNs)
                .count();
    }

    /** How many of its datagrams were ECN-capable. */
    public long ectDatagrams(long fromNs, long untilNs) {
        return Arrays.stream(ectOut.sortedBetween(fromNs, untilNs)).sum();
    }
}
