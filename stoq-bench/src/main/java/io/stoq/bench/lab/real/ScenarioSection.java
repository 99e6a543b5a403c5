package io.stoq.bench.lab.real;

import io.stoq.bench.compare.Html;
import io.stoq.bench.compare.Spread;
import io.stoq.bench.compare.Track;
import io.stoq.bench.lab.real.Result.Measured;
import io.stoq.bench.lab.real.Summary.Row;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What a page says of one scenario: charts, remarks, and all values. */
final class ScenarioSection {

    private final Summary summary;
    private final StringBuilder html = new StringBuilder();

    private ScenarioSection(Summary summary) {
        this.summary = summary;
    }

    static String of(Summary summary) {
        ScenarioSection section = new ScenarioSection(summary);
        section.write();
        return section.html.toString();
    }

    private void write() {
        Scenario scenario = summary.scenario();
        html.append("<section>\n<h2>")
                .append(Html.escape(scenario.title()))
                .append(" <span class=\"soft\">")
                .append(Html.escape(SummaryText.link(scenario)))
                .append("</span></h2>\n<div class=\"charts\">\n");
        if (scenario.flows() > 1) {
            shares();
        } else {
            bars(
                    "wide",
                    "goodput in Mbit/s: median, and whiskers from the least round to the largest",
                    Track.upTo(scenario.rateMbps()),
                    Measured::totalMbps,
                    "%.1f");
        }
        String width = scenario.flows() > 1 ? "wide" : "";
        bars(
                width,
                "mean round trip in ms, the queue included",
                Track.upTo(largest(Measured::meanRttMs)),
                Measured::meanRttMs,
                "%.1f");
        bars(
                width,
                "dropped on the full queue, in % of all datagrams",
                Track.upTo(Math.max(1, largest(measured -> 100 * measured.droppedShare()))),
                measured -> 100 * measured.droppedShare(),
                "%.2f");
        html.append("</div>\n");
        TimeCharts.append(html, summary);
        remarks();
        values();
        html.append("</section>\n");
    }

    private double largest(Function<Measured, Double> value) {
        return summary.rows().stream()
                .flatMap(row -> row.measured().stream())
                .mapToDouble(value::apply)
                .max()
                .orElse(1);
    }

    private void bars(String kind, String title, Track track, Function<Measured, Double> value, String format) {
        begin(kind, title);
        for (Row row : summary.rows()) {
            Spread spread = row.spread(value);
            name(row);
            if (spread == null) {
                html.append("<div class=\"none\">failed</div>\n");
            } else {
                cells(track.bar(kind(row), spread), number(format, spread.median()) + small(row, spread, format));
            }
        }
        end(track);
    }

    /** Of flows that share a link: the first one's bar, and the second one's behind it. */
    private void shares() {
        Track track = Track.upTo(summary.scenario().rateMbps());
        begin("wide", "Mbit/s of the first flow and of the second (paler) in the last half, medians; Jain's index");
        for (Row row : summary.rows()) {
            name(row);
            if (row.goodput() == null) {
                html.append("<div class=\"none\">failed</div>\n");
            } else {
                double first = SummaryText.each(row, 0).median();
                double second = SummaryText.each(row, 1).median();
                cells(
                        track.bars(kind(row), first, second),
                        number("%.1f", first) + " + " + number("%.1f", second) + " <small>"
                                + number("%.2f", row.spread(Measured::fairness).median()) + "</small>");
            }
        }
        end(track);
    }

    private void begin(String kind, String title) {
        html.append("<div")
                .append(kind.isEmpty() ? "" : " class=\"" + kind + "\"")
                .append("><h3>")
                .append(Html.escape(title))
                .append("</h3>\n<div class=\"chart\">\n");
    }

    private void end(Track track) {
        html.append("<div class=\"axis\">");
        for (double tick : track.ticks()) {
            html.append("<span style=\"left:")
                    .append(track.percent(tick))
                    .append("%\">")
                    .append(number("%.2f", tick).replaceFirst("\\.?0+$", ""))
                    .append("</span>");
        }
        html.append("</div>\n</div></div>\n");
    }

    private void name(Row row) {
        html.append("<div class=\"name")
                .append(row.isStoq() ? " stoq" : "")
                .append("\">")
                .append(row.name())
                .append("</div>");
    }

    private void cells(String drawing, String value) {
        html.append("<div>")
                .append(drawing)
                .append("</div><div class=\"value\">")
                .append(value)
                .append("</div>\n");
    }

    private static String kind(Row row) {
        return row.isStoq() ? "stoq" : "peer";
    }

    private static String small(Row row, Spread spread, String format) {
        return row.measured().size() < 2
                ? ""
                : " <small>" + number(format, spread.min()) + " to " + number(format, spread.max()) + "</small>";
    }

    private void remarks() {
        List<String> remarks =
                summary.rows().stream().flatMap(row -> row.remarks().stream()).toList();
        if (!remarks.isEmpty()) {
            html.append("<ul class=\"remarks\">\n");
            remarks.forEach(
                    remark -> html.append("<li>⚠ ").append(Html.escape(remark)).append("</li>\n"));
            html.append("</ul>\n");
        }
    }

    private void values() {
        html.append("<details><summary>Every value</summary><div class=\"scroll\"><table>\n<thead><tr>");
        for (String head : List.of(
                "stack",
                "round",
                "Mbit/s",
                "mean RTT ms",
                "99 % RTT ms",
                "stack's RTT ms",
                "queue %",
                "dropped %",
                "lost %",
                "relay late us, 99 %")) {
            html.append("<th>").append(head).append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (Row row : summary.rows()) {
            for (Measured measured : row.measured()) {
                values(row, measured);
            }
        }
        html.append("</tbody></table></div></details>\n");
    }

    private void values(Row row, Measured measured) {
        html.append(measured.trial().round() == 1 ? "<tr class=\"first\">" : "<tr>");
        cell(row.name());
        cell(Integer.toString(measured.trial().round()));
        cell(String.join(
                " + ",
                measured.goodputMbps().stream()
                        .map(value -> number("%.2f", value))
                        .toList()));
        cell(number("%.1f", measured.meanRttMs()));
        cell(number("%.1f", measured.p99RttMs()));
        cell(measured.stackRttMs() == null ? "-" : number("%.1f", measured.stackRttMs()));
        cell(number("%.1f", 100 * measured.queueShare()));
        cell(number("%.2f", 100 * measured.droppedShare()));
        cell(number("%.2f", 100 * measured.lostShare()));
        cell(number("%.0f", measured.p99LateUs()));
        html.append("</tr>\n");
    }

    private void cell(String text) {
        html.append("<td>").append(Html.escape(text)).append("</td>");
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
