package io.stoq.bench.compare;

import io.stoq.bench.compare.Summary.Row;
import io.stoq.bench.perf.Direction;
import io.stoq.bench.perf.PerfReport;
import io.stoq.bench.terminal.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A summary as lines for a terminal of 80 columns. */
public final class SummaryText {

    private static final String NAME_FORMAT = "%-12s";

    private SummaryText() {}

    public static List<String> lines(Comparison comparison, Summary summary) {
        List<String> lines = new ArrayList<>();
        lines.add(title(comparison, summary.payloadBytes()));
        lines.add("");
        rates(summary, lines);
        lines.add("");
        costs(summary, lines);
        lines.add("");
        summary.rows().stream()
                .filter(row -> row.aead() != null)
                .forEach(row -> lines.add(
                        String.format(NAME_FORMAT + " sealed by %s", row.stack().name(), row.aead())));
        List<String> remarks =
                summary.rows().stream().flatMap(row -> row.remarks().stream()).toList();
        if (!remarks.isEmpty()) {
            lines.add("");
            remarks.forEach(remark -> lines.add("! " + remark));
        }
        return lines;
    }

    /** What was measured, in one line. */
    public static String title(Comparison comparison, int payloadBytes) {
        return "largest datagram " + Units.count(payloadBytes) + " B, loopback, "
                + load(comparison).toLowerCase(Locale.ROOT) + ", " + Units.plural(comparison.rounds(), "round") + " of "
                + comparison.seconds() + " s";
    }

    /** As in "Upload, 1 connection". */
    static String load(Comparison comparison) {
        return (comparison.shape().direction() == Direction.UP ? "Upload" : "Download") + ", "
                + Units.plural(comparison.shape().connections(), "connection");
    }

    private static void rates(Summary summary, List<String> lines) {
        lines.add(String.format(NAME_FORMAT + " %7s  %-21s  %s", "", "Gbit/s", "stoq / it, in rounds", "each round"));
        for (Row row : summary.rows()) {
            if (row.gbps() == null) {
                lines.add(String.format(NAME_FORMAT + " %s", row.stack().name(), row.obstacle()));
                continue;
            }
            lines.add(String.format(
                            Locale.ROOT,
                            NAME_FORMAT + " %7s  %-21s  %s",
                            row.stack().name(),
                            gbps(row.gbps().median()),
                            advantage(row),
                            row.outcomes().stream().map(SummaryText::round).collect(Collectors.joining(" ")))
                    .stripTrailing());
        }
    }

    private static void costs(Summary summary, List<String> lines) {
        lines.add(String.format(
                NAME_FORMAT + " %13s %15s %11s %15s %7s",
                "",
                "CPU s per GB",
                "B/packet",
                "GC ms",
                "packets/call",
                "steal"));
        lines.add(String.format(
                NAME_FORMAT + " %6s %6s %7s %7s %5s %5s %7s %7s %7s",
                "",
                "client",
                "server",
                "client",
                "server",
                "cl.",
                "srv.",
                "client",
                "server",
                "%"));
        for (Row row : summary.rows()) {
            if (row.gbps() != null) {
                lines.add(String.format(
                        NAME_FORMAT + " %6s %6s %7s %7s %5s %5s %7s %7s %7s",
                        row.stack().name(),
                        cell(row, "%.2f", PerfReport::cpuSPerGbClient),
                        cell(row, "%.2f", PerfReport::cpuSPerGbServer),
                        cell(row, "%.0f", PerfReport::allocatedBytesPerPacketClient),
                        cell(row, "%.0f", PerfReport::allocatedBytesPerPacketServer),
                        cell(row, "%.0f", PerfReport::gcMsClient),
                        cell(row, "%.0f", PerfReport::gcMsServer),
                        cell(row, "%.1f", PerfReport::datagramsPerSyscallClient),
                        cell(row, "%.1f", PerfReport::datagramsPerSyscallServer),
                        cell(row, "%.1f", PerfReport::stolenPercent)));
            }
        }
    }

    private static String advantage(Row row) {
        Spread advantage = row.advantage();
        return advantage == null
                ? ""
                : String.format(Locale.ROOT, "%.2f  (%.2f-%.2f)", advantage.median(), advantage.min(), advantage.max());
    }

    private static String round(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Measured measured -> gbps(measured.report().gbps()) + (measured.loss() == null ? "" : "!");
            case Outcome.Failed failed -> "failed";
            case Outcome.Skipped skipped -> "-";
        };
    }

    static String gbps(double gbps) {
        return String.format(Locale.ROOT, gbps < 9.995 ? "%.2f" : "%.1f", gbps);
    }

    private static String cell(Row row, String format, Function<PerfReport, ? extends Number> value) {
        Spread spread = row.spread(value);
        return spread == null ? "-" : String.format(Locale.ROOT, format, spread.median());
    }
}
