package io.stoq.bench.lab.real;

import io.stoq.bench.compare.Spread;
import io.stoq.bench.lab.real.Result.Measured;
import io.stoq.bench.lab.real.Summary.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A scenario's results as a table for people. */
public final class SummaryText {

    private SummaryText() {}

    /** {@code lossy: 100 Mbit/s, 40 ms, 1 % random loss, 1 BDP of buffer}. */
    public static String title(Scenario scenario) {
        return scenario.label() + ": " + path(scenario);
    }

    /** {@code 100 Mbit/s, 40 ms, 1 % random loss, 1 BDP of buffer}. */
    static String path(Scenario scenario) {
        return String.format(
                Locale.ROOT,
                "%.0f Mbit/s, %.0f ms, %s%s BDP of buffer",
                scenario.rateMbps(),
                scenario.baseRttMs(),
                scenario == Scenario.LOSSY ? "1 % random loss, " : "",
                number(scenario.queueBdp()));
    }

    /** The title, the table, and what went wrong. */
    public static List<String> lines(Summary summary) {
        List<String> lines = new ArrayList<>();
        lines.add(title(summary.scenario()));
        boolean shared = summary.scenario().flows() > 1;
        int width = summary.rows().stream()
                .mapToInt(row -> row.name().length())
                .max()
                .orElse(0);
        lines.add(String.format(
                "  %-" + width + "s  %22s  %s  %9s  %9s  %7s  %7s",
                "",
                "Mbit/s",
                shared ? " Mbit/s of each    Jain" : "   stack 1 / it",
                "RTT ms",
                "99 %",
                "queue",
                "dropped"));
        for (Row row : summary.rows()) {
            lines.add("  " + String.format("%-" + width + "s", row.name()) + "  "
                    + (row.goodput() == null ? "failed" : figures(row, shared)));
        }
        summary.rows().forEach(row -> row.remarks().forEach(remark -> lines.add("  ! " + remark)));
        return lines;
    }

    private static String figures(Row row, boolean shared) {
        return String.format(
                Locale.ROOT,
                "%22s  %s  %9s  %9s  %7s  %7s",
                mbps(row.goodput().median()) + " (" + mbps(row.goodput().min()) + " to "
                        + mbps(row.goodput().max()) + ")",
                shared
                        ? String.format(
                                Locale.ROOT,
                                "%7s + %-7s %5.2f",
                                mbps(each(row, 0).median()),
                                mbps(each(row, 1).median()),
                                row.spread(Measured::fairness).median())
                        : String.format(
                                "%15s",
                                row.advantage() == null
                                        ? ""
                                        : ratio(row.advantage().median())),
                String.format(
                        Locale.ROOT, "%.1f", row.spread(Measured::meanRttMs).median()),
                String.format(
                        Locale.ROOT, "%.1f", row.spread(Measured::p99RttMs).median()),
                percent(row.spread(Measured::queueShare)),
                percent(row.spread(Measured::droppedShare)));
    }

    static Spread each(Row row, int flow) {
        return row.spread(measured -> measured.goodputMbps().get(flow));
    }

    static String mbps(double value) {
        return String.format(Locale.ROOT, value < 9.95 ? "%.2f" : "%.1f", value);
    }

    static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2fx", value);
    }

    static String percent(Spread share) {
        double percent = 100 * share.median();
        return String.format(Locale.ROOT, percent < 9.95 ? "%.1f %%" : "%.0f %%", percent);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : Double.toString(value);
    }
}
