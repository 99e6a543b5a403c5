package io.stoq.bench.lab;

import io.stoq.config.ConnectionConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One connection of a scenario. Immutable; each method gives a changed copy.
 *
 * @param controller its congestion controller, or null for the one that the experiment is about
 * @param startNs when it connects
 * @param rttNs its own round-trip time, or 0 for the link's
 * @param writes what the application sends
 * @param download the server sends, instead of the client
 * @param pauseNs the receiving application reads nothing from the first time until the second; or empty
 * @param numbersFrom what the controller's packet numbers start at
 * @param config changes the configuration of both sides
 */
public record FlowPlan(
        String controller,
        long startNs,
        long rttNs,
        List<Write> writes,
        boolean download,
        List<Long> pauseNs,
        long numbersFrom,
        UnaryOperator<ConnectionConfig.Builder> config) {

    /** As much as gets through. */
    public static FlowPlan bulk() {
        return bulk(Write.FOREVER);
    }

    public static FlowPlan bulk(long bytes) {
        return writing(Write.bulk(bytes));
    }

    public static FlowPlan writing(List<Write> writes) {
        return new FlowPlan(null, 0, 0, List.copyOf(writes), false, List.of(), 0, UnaryOperator.identity());
    }

    public FlowPlan controller(String name) {
        return new FlowPlan(name, startNs, rttNs, writes, download, pauseNs, numbersFrom, config);
    }

    public FlowPlan startingAt(long ns) {
        return new FlowPlan(controller, ns, rttNs, writes, download, pauseNs, numbersFrom, config);
    }

    public FlowPlan rtt(long ns) {
        return new FlowPlan(controller, startNs, ns, writes, download, pauseNs, numbersFrom, config);
    }

    public FlowPlan then(List<Write> more) {
        List<Write> all = new ArrayList<>(writes);
        all.addAll(more);
        return new FlowPlan(controller, startNs, rttNs, List.copyOf(all), download, pauseNs, numbersFrom, config);
    }

    public FlowPlan downloading() {
        return new FlowPlan(controller, startNs, rttNs, writes, true, pauseNs, numbersFrom, config);
    }

    public FlowPlan readingNothing(long fromNs, long untilNs) {
        return new FlowPlan(
                controller, startNs, rttNs, writes, download, List.of(fromNs, untilNs), numbersFrom, config);
    }

    public FlowPlan numbersFrom(long packets) {
        return new FlowPlan(controller, startNs, rttNs, writes, download, pauseNs, packets, config);
    }

    public FlowPlan configured(UnaryOperator<ConnectionConfig.Builder> change) {
        return new FlowPlan(controller, startNs, rttNs, writes, download, pauseNs, numbersFrom, change);
    }

    /** How much is sent in all. */
    public long totalBytes() {
        return writes.stream().mapToLong(Write::bytes).sum();
    }

    boolean isBounded() {
        return totalBytes() < Write.FOREVER;
    }
}
