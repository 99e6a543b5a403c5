package io.stoq.bench.lab.relay;

import io.stoq.bench.terminal.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A relay and what it did, for people. */
public final class RelayText {

    private RelayText() {}

    /** One direction: {@code 100 Mbit/s, queue 500 kB, 20.0 ms, 1 % lost}. */
    public static String describe(LinkSpec link) {
        List<String> parts = new ArrayList<>();
        if (link.bitsPerSecond() > 0) {
            parts.add(Units.gbits(link.bitsPerSecond() / 1e9));
            parts.add("queue " + Units.bytes(link.queueBytes()));
            if (link.markAboveBytes() != Long.MAX_VALUE) {
                parts.add("marks above " + Units.bytes(link.markAboveBytes()));
            }
        }
        if (link.delayNs() > 0 || link.jitterNs() > 0) {
            parts.add(Units.duration(link.delayNs())
                    + (link.jitterNs() > 0 ? " to " + Units.duration(link.delayNs() + link.jitterNs()) : ""));
        }
        share(parts, link.loss(), "lost");
        share(parts, link.reorder(), "late by " + Units.duration(link.reorderByNs()));
        share(parts, link.duplicate(), "twice");
        share(parts, link.corrupt(), "corrupted");
        return parts.isEmpty() ? "as it comes" : String.join(", ", parts);
    }

    private static void share(List<String> parts, double share, String what) {
        if (share > 0) {
            parts.add(String.format(Locale.ROOT, "%.3f", 100 * share).replaceFirst("\\.?0+$", "") + " % " + what);
        }
    }

    /** What happened between two moments, on one line. */
    public static String status(RelayCounts from, RelayCounts to) {
        long ns = Math.max(1, to.atNs() - from.atNs());
        return Units.plural(to.clients(), "client")
                + "  up " + lane(from.up(), to.up(), ns)
                + "  down " + lane(from.down(), to.down(), ns);
    }

    private static String lane(LaneCounts from, LaneCounts to, long ns) {
        String rate = Units.gbits(8.0 * (to.passedBytes() - from.passedBytes()) / ns);
        return rate + (to.queueBytes() == 0 ? "" : " queue " + 100 * to.queuedBytes() / to.queueBytes() + " %");
    }

    /** What happened in all. */
    public static List<String> lines(RelayCounts counts) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "relayed for %.1f s", counts.atNs() / 1e9));
        lane(lines, "up", counts.up());
        lane(lines, "down", counts.down());
        lines.add(row(
                "timing",
                String.format(
                        Locale.ROOT,
                        "datagrams left %.0f us late on average, 99 %% within %.0f us, at most %.0f us",
                        counts.meanLateUs(),
                        counts.p99LateUs(),
                        counts.maxLateUs())));
        if (counts.rebinds() > 0) {
            lines.add(row(
                    "rebound",
                    Units.plural(counts.rebinds(), "time") + "; " + Units.plural(counts.stale(), "datagram")
                            + " to ports given up"));
        }
        note(lines, counts.refused(), "of more clients than there is room for");
        note(lines, counts.unsent(), "that the kernel did not take");
        note(lines, counts.kernelDrops(), "dropped on full receive buffers; raise net.core.rmem_max");
        return lines;
    }

    private static void lane(List<String> lines, String name, LaneCounts lane) {
        List<String> fates = new ArrayList<>();
        fate(fates, lane.lost(), "lost");
        fate(fates, lane.queueDropped(), "dropped on a full queue");
        fate(fates, lane.overflowed(), "too many for the relay");
        fate(fates, lane.marked(), "marked");
        fate(fates, lane.reordered(), "late");
        fate(fates, lane.duplicated(), "twice");
        fate(fates, lane.corrupted(), "corrupted");
        lines.add(row(
                name,
                Units.plural(lane.passed(), "datagram") + " passed, " + Units.bytes(lane.passedBytes())
                        + (fates.isEmpty() ? "" : "; " + String.join(", ", fates))));
        if (lane.queueBytes() > 0) {
            lines.add(row(
                    "",
                    "queue of " + Units.bytes(lane.queueBytes()) + ": found " + Units.bytes(lane.meanQueueBytes())
                            + " on average, 99 % within " + Units.bytes(lane.p99QueueBytes()) + ", at most "
                            + Units.bytes(lane.maxQueueBytes())));
        }
    }

    private static void fate(List<String> fates, long count, String what) {
        if (count > 0) {
            fates.add(Units.count(count) + " " + what);
        }
    }

    private static void note(List<String> lines, long count, String what) {
        if (count > 0) {
            lines.add(row("!", Units.plural(count, "datagram") + " " + what));
        }
    }

    private static String row(String name, String value) {
        return String.format("  %-8s %s", name, value);
    }
}
