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

    /** {@code lossy: 1 % random loss; 100 Mbit/s, 40 ms, 1 BDP of buffer}. */
    public static String title(Scenario scenario) {
        return scenario.label() + ": " + scenario.title() + "; " + link(scenario);
    }

    /** {@code 100 Mbit/s, 40 ms, 1 BDP of buffer}. */
    static String link(Scenario scenario) {
        return String.format(
                Locale.ROOT,
                "%.0f Mbit/s, %.0f ms, %s BDP of buffer",
                scenario.rateMbps(),
                scenario.baseRttMs(),
                number(scenario.queueBdp()));
    }

    /** The title, the table, and what is to be known of it. */
    public static List<String> lines(Summary summary) {
        List<String> lines = new ArrayList<>();
        lines.add(title(summary.scenario()));
        boolean shared = summary.scenario().flows() > 1;
        String first = summary.rows().getFirst().name();
        int width = summary.rows().stream()
                .mapToInt(row -> row.name().length())
                .max()
                .orElse(0);
        lines.add(row(
                width, "", "Mbit/s", shared ? "of each, Jain" : first + " / it", "RTT ms", "99 %", "queue", "dropped"));
        for (Row row : summary.rows()) {
            lines.add(row.goodput() == null ? "  " + row.name() + "  failed" : figures(width, row, shared));
        }
        summary.rows().forEach(row -> row.remarks().forEach(remark -> lines.add("  ! " + remark)));
        return lines;
    }

    private static String figures(int width, Row row, boolean shared) {
        return row(
                width,
                row.name(),
                mbps(row.goodput().median()) + range(row),
                shared
                        ? each(row)
                        : row.advantage() == null ? "" : ratio(row.advantage().median()),
                String.format(
                        Locale.ROOT, "%.1f", row.spread(Measured::meanRttMs).median()),
                String.format(
                        Locale.ROOT, "%.1f", row.spread(Measured::p99RttMs).median()),
                percent(row.spread(Measured::queueShare)),
                percent(row.spread(Measured::droppedShare)));
    }

    private static String row(int width, String name, Object... cells) {
        return ("  " + String.format("%-" + width + "s", name)
                        + String.format("  %21s  %20s  %7s  %7s  %6s  %7s", cells))
                .stripTrailing();
    }

    private static String range(Row row) {
        return row.measured().size() < 2
                ? ""
                : " (" + mbps(row.goodput().min()) + " to " + mbps(row.goodput().max()) + ")";
    }

    private static String each(Row row) {
        return String.format(
                Locale.ROOT,
                "%s + %s  %.2f",
                mbps(each(row, 0).median()),
                mbps(each(row, 1).median()),
                row.spread(Measured::fairness).median());
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
