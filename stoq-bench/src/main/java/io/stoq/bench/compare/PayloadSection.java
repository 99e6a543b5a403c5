package io.stoq.bench.compare;

import io.stoq.bench.compare.Summary.Row;
import io.stoq.bench.perf.PerfReport;
import io.stoq.bench.terminal.Units;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a page says of one payload size: charts, remarks, and all values. */
final class PayloadSection {

    private final Summary summary;
    private final StringBuilder html = new StringBuilder();

    private PayloadSection(Summary summary) {
        this.summary = summary;
    }

    static String of(Summary summary) {
        PayloadSection section = new PayloadSection(summary);
        section.write();
        return section.html.toString();
    }

    private void write() {
        html.append("<section>\n<h2>")
                .append(Units.count(summary.payloadBytes()))
                .append(" B <span class=\"soft\">")
                .append(kind(summary.payloadBytes()))
                .append("</span></h2>\n<div class=\"charts\">\n");
        throughput();
        if (rows().anyMatch(row -> row.advantage() != null)) {
            advantage();
        }
        cpu();
        html.append("</div>\n");
        remarks();
        values();
        html.append("</section>\n");
    }

    private static String kind(int payloadBytes) {
        if (payloadBytes <= 1452) {
            return "largest datagram, fits an Ethernet";
        }
        return payloadBytes <= 8952
                ? "largest datagram, fits an Ethernet with jumbo frames"
                : "largest datagram, loopback only";
    }

    private Stream<Row> rows() {
        return summary.rows().stream();
    }

    private void throughput() {
        Track track = Track.upTo(largest(rows().map(Row::gbps)));
        begin("chart wide", "Gbit/s of application data: median, and whiskers from the slowest round to the fastest");
        for (Row row : summary.rows()) {
            name(row);
            if (row.gbps() == null) {
                html.append("<div class=\"none\">")
                        .append(Html.escape(row.obstacle()))
                        .append("</div>\n");
            } else {
                cells(
                        track.bar(kind(row), row.gbps()),
                        SummaryText.gbps(row.gbps().median()) + small(range(row.gbps(), SummaryText::gbps)));
            }
        }
        axis(track);
        end();
    }

    private void advantage() {
        Track track = Track.upTo(Math.max(1, largest(rows().map(Row::advantage))));
        begin("chart", "stoq / it: of the medians; range over rounds");
        for (Row row : summary.rows()) {
            if (row.advantage() != null) {
                name(row);
                cells(
                        track.ratio("stoq", row.advantage()),
                        ratio(row.advantage().median()) + "×" + small(range(row.advantage(), PayloadSection::ratio)));
            }
        }
        axis(track);
        end();
    }

    private void cpu() {
        Track track = Track.upTo(rows().filter(row -> row.gbps() != null)
                .mapToDouble(row -> median(row, PerfReport::cpuSPerGbClient) + median(row, PerfReport::cpuSPerGbServer))
                .max()
                .orElse(1));
        begin("chart", "CPU s per GB: client + server (paler), medians");
        for (Row row : summary.rows()) {
            if (row.gbps() != null) {
                double client = median(row, PerfReport::cpuSPerGbClient);
                double server = median(row, PerfReport::cpuSPerGbServer);
                name(row);
                cells(track.bars(kind(row), client, server), String.format(Locale.ROOT, "%.2f + %.2f", client, server));
            }
        }
        axis(track);
        end();
    }

    private void begin(String kind, String title) {
        html.append("<div")
                .append(kind.endsWith("wide") ? " class=\"wide\"" : "")
                .append("><h3>")
                .append(Html.escape(title))
                .append("</h3>\n<div class=\"chart\">\n");
    }

    private void end() {
        html.append("</div></div>\n");
    }

    private void name(Row row) {
        html.append("<div class=\"name")
                .append(row.stack().isStoq() ? " stoq" : "")
                .append("\">")
                .append(row.stack().name())
                .append("</div>");
    }

    private void cells(String drawing, String value) {
        html.append("<div>")
                .append(drawing)
                .append("</div><div class=\"value\">")
                .append(value)
                .append("</div>\n");
    }

    private void axis(Track track) {
        html.append("<div class=\"axis\">");
        for (double tick : track.ticks()) {
            html.append("<span style=\"left:")
                    .append(track.percent(tick))
                    .append("%\">")
                    .append(plain(tick))
                    .append("</span>");
        }
        html.append("</div>\n");
    }

    private void remarks() {
        List<String> remarks = rows().flatMap(row -> row.remarks().stream()).toList();
        if (!remarks.isEmpty()) {
            html.append("<ul class=\"remarks\">\n");
            remarks.forEach(
                    remark -> html.append("<li>⚠ ").append(Html.escape(remark)).append("</li>\n"));
            html.append("</ul>\n");
        }
    }

    private void values() {
        html.append(
                "<details><summary>Every value; client | server</summary><div class=\"scroll\"><table>\n<thead><tr>");
        for (String head : List.of(
                "stack",
                "round",
                "Gbit/s",
                "CPU s/GB",
                "heap B/packet",
                "GC ms",
                "packets/call",
                "lost",
                "drops",
                "steal %",
                "others' CPU %",
                "Gbit/s of each second")) {
            html.append("<th>").append(head).append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (Row row : summary.rows()) {
            for (Outcome outcome : row.outcomes()) {
                html.append(outcome.equals(row.outcomes().getFirst()) ? "<tr class=\"first\">" : "<tr>");
                cell(row.stack().name());
                cell(Integer.toString(outcome.run().round()));
                switch (outcome) {
                    case Outcome.Measured measured -> values(measured.report());
                    case Outcome.Skipped skipped -> reason(skipped.reason());
                    case Outcome.Failed failed -> reason("failed: " + failed.reason());
                }
                html.append("</tr>\n");
            }
        }
        html.append("</tbody></table></div></details>\n");
    }

    private void values(PerfReport report) {
        cell(SummaryText.gbps(report.gbps()));
        cell("%.2f", report.cpuSPerGbClient(), report.cpuSPerGbServer());
        cell("%.0f", report.allocatedBytesPerPacketClient(), report.allocatedBytesPerPacketServer());
        cell("%d", report.gcMsClient(), report.gcMsServer());
        cell("%.1f", report.datagramsPerSyscallClient(), report.datagramsPerSyscallServer());
        cell(text("%d", report.lostPackets()));
        cell(text("%d", report.kernelDrops()));
        cell(text("%.1f", report.stolenPercent()));
        cell(text("%.1f", report.otherCpuPercent()));
        cell(String.join(" ", report.samples().stream().map(SummaryText::gbps).toList()));
    }

    private void reason(String reason) {
        html.append("<td class=\"left\" colspan=\"10\">")
                .append(Html.escape(reason))
                .append("</td>");
    }

    /** Client and server. */
    private void cell(String format, Number client, Number server) {
        cell(client == null && server == null ? "–" : text(format, client) + " | " + text(format, server));
    }

    private static String text(String format, Number value) {
        return value == null ? "–" : String.format(Locale.ROOT, format, value);
    }

    private void cell(String text) {
        html.append("<td>").append(text).append("</td>");
    }

    private static String kind(Row row) {
        if (row.stack().isStoq()) {
            return "stoq";
        }
        return row.stack().isCeiling() ? "limit" : "peer";
    }

    private static double median(Row row, Function<PerfReport, ? extends Number> value) {
        Spread spread = row.spread(value);
        return spread == null ? 0 : spread.median();
    }

    private static double largest(Stream<Spread> spreads) {
        return spreads.filter(Objects::nonNull).mapToDouble(Spread::max).max().orElse(1);
    }

    private static String small(String text) {
        return " <small>" + text + "</small>";
    }

    private static String range(Spread spread, Function<Double, String> format) {
        return spread.min() == spread.max() ? "" : format.apply(spread.min()) + "–" + format.apply(spread.max());
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String plain(double value) {
        return String.format(Locale.ROOT, "%.3f", value).replaceFirst("\\.?0+$", "");
    }
}
