package io.stoq.bench.lab.real;

import io.stoq.bench.lab.real.Result.Measured;
import io.stoq.bench.lab.real.Result.Sample;
import io.stoq.bench.lab.real.Summary.Row;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What left the link, and what waited before it, over the time of each stack's first round. */
final class TimeCharts {

    private static final double WIDTH = 100;
    private static final double HEIGHT = 30;

    private TimeCharts() {}

    static void append(StringBuilder html, Summary summary) {
        html.append("<div class=\"charts\">\n");
        for (Row row : summary.rows()) {
            if (!row.measured().isEmpty()) {
                chart(html, summary.scenario(), row);
            }
        }
        html.append("</div>\n<p class=\"key\"><span>The line is what left the link, up to ")
                .append(String.format(Locale.ROOT, "%.0f", summary.scenario().rateMbps()))
                .append(summary.scenario().flows() > 1 ? " Mbit/s, dashed for the second flow" : " Mbit/s")
                .append(
                        "; the area is how full the buffer was. The first round, from the first datagram on.</span></p>\n");
    }

    private static void chart(StringBuilder html, Scenario scenario, Row row) {
        Measured measured = row.measured().getFirst();
        List<Sample> samples = measured.samples();
        if (samples.isEmpty()) {
            return;
        }
        double endS = samples.getLast().atS();
        html.append("<div><h3>")
                .append(row.name())
                .append("</h3>\n<svg viewBox=\"0 -1 100 32\" preserveAspectRatio=\"none\"")
                .append(" style=\"height:5rem\" aria-hidden=\"true\">")
                .append("<line class=\"grid\" x1=\"0\" x2=\"100\" y1=\"0\" y2=\"0\"/>")
                .append("<line class=\"grid\" x1=\"0\" x2=\"100\" y1=\"30\" y2=\"30\"/>")
                .append("<path style=\"fill:var(--limit);opacity:.6\" d=\"M0 30L")
                .append(points(samples, endS, Sample::queueShare))
                .append("L100 30Z\"/>");
        for (int flow = 0; flow < measured.goodputMbps().size(); flow++) {
            int index = flow;
            html.append("<path style=\"fill:none;stroke-width:1.5;stroke:")
                    .append(row.flows().get(flow).isStoq() ? "var(--stoq)" : "var(--peer)")
                    .append(flow == 0 ? "" : ";stroke-dasharray:3 2")
                    .append("\" d=\"M")
                    .append(points(samples, endS, sample -> sample.mbps().get(index) / scenario.rateMbps()))
                    .append("\"/>");
        }
        html.append("</svg>\n<p class=\"key\"><span>0 to ")
                .append(String.format(Locale.ROOT, "%.0f", endS))
                .append(" s</span></p></div>\n");
    }

    private static String points(List<Sample> samples, double endS, ToDoubleFunction<Sample> share) {
        StringBuilder points = new StringBuilder();
        for (Sample sample : samples) {
            points.append(points.isEmpty() ? "" : "L")
                    .append(String.format(
                            Locale.ROOT,
                            "%.2f %.2f",
                            WIDTH * sample.atS() / endS,
                            HEIGHT * (1 - Math.clamp(share.applyAsDouble(sample), 0, 1.03))));
        }
        return points.toString();
    }
}
