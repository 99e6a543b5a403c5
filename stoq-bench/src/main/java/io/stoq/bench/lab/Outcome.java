package io.stoq.bench.lab;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What came out of one experiment.
 *
 * @param controller the one that the experiment was about
 * @param endNs how long it ran
 */
public record Outcome(
        Scenario scenario, String controller, long seed, long endNs, List<FlowTrace> flows, List<QueueSample> queue) {

    /** The first flow. */
    public FlowTrace flow() {
        return flows.getFirst();
    }

    public FlowTrace flow(int index) {
        return flows.get(index);
    }

    public LinkPlan link() {
        return scenario.link();
    }

    /** The longest queue that was seen at the bottleneck. */
    public double maxQueueBytes(long fromNs, long untilNs) {
        return queue.stream()
                .filter(sample -> sample.atNs() >= fromNs && sample.atNs() <= untilNs)
                .mapToDouble(QueueSample::queuedBytes)
                .max()
                .orElse(Double.NaN);
    }

    /** The share of what came to the bottleneck within these times that it had no room for. */
    public double dropShare(long fromNs, long untilNs) {
        QueueSample from = queueAt(fromNs);
        QueueSample until = queueAt(untilNs);
        long dropped = until.droppedDatagrams() - from.droppedDatagrams();
        long passed = until.passedDatagrams() - from.passedDatagrams();
        return dropped == 0 ? 0 : (double) dropped / (dropped + passed);
    }

    public QueueSample queueAt(long ns) {
        QueueSample found = queue.getFirst();
        for (QueueSample sample : queue) {
            if (sample.atNs() > ns) {
                break;
            }
            found = sample;
        }
        return found;
    }

    /** Jain's index of the flows' goodputs: 1 where all have the same, 1/n where one has all. */
    public double fairness(long fromNs, long untilNs) {
        ToDoubleFunction<FlowTrace> goodput = flow -> flow.goodputMbit(fromNs, untilNs);
        double sum = flows.stream().mapToDouble(goodput).sum();
        double squares =
                flows.stream().mapToDouble(goodput).map(value -> value * value).sum();
        return sum * sum / (flows.size() * squares);
    }

    /** The share of the first flow in what all flows got. */
    public double share(long fromNs, long untilNs) {
        double sum = flows.stream()
                .mapToDouble(flow -> flow.goodputMbit(fromNs, untilNs))
                .sum();
        return flow().goodputMbit(fromNs, untilNs) / sum;
    }

    /** Seconds until the last flow was complete, from the beginning of the first. */
    public double completionSeconds() {
        return flows.stream()
                .mapToDouble(flow ->
                        flow.completedNs() < 0 ? Double.POSITIVE_INFINITY : Quantities.toSeconds(flow.completedNs()))
                .max()
                .orElseThrow();
    }

    /** The verdicts of all checks that are meant for this controller. */
    public List<Verdict> verdicts() {
        return scenario.checksFor(controller).stream()
                .map(check -> check.verdict(this))
                .toList();
    }

    /** Whether nothing is further off than is known. */
    public boolean tolerated() {
        return verdicts().stream().allMatch(Verdict::tolerated);
    }

    public boolean passed() {
        return verdicts().stream().allMatch(Verdict::passed);
    }
}
