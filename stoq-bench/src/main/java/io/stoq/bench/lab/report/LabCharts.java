package io.stoq.bench.lab.report;

import io.stoq.bench.compare.Html;
import io.stoq.bench.lab.FlowTrace;
import io.stoq.bench.lab.Outcome;
import io.stoq.bench.lab.Quantities;
import io.stoq.bench.lab.QueueSample;
import io.stoq.bench.lab.Sample;
import io.stoq.bench.lab.report.Chart.Point;
import io.stoq.bench.lab.report.Chart.Stretch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The charts of a page: what is measured one below the other over the same time, controllers in one chart. */
final class LabCharts {

    private static final int BINS = 150;
    private static final int COLOURS = 4;

    /** A pacing rate may be many times the link's at first. */
    private static final double PACING_LIMIT = 4;

    private final List<Outcome> outcomes;
    private final double seconds;
    private final double linkMbit;
    private final double bdpKilobytes;
    private final StringBuilder html = new StringBuilder();

    LabCharts(List<Outcome> outcomes) {
        this.outcomes = outcomes;
        seconds = outcomes.stream()
                .mapToDouble(outcome -> Quantities.toSeconds(outcome.endNs()))
                .max()
                .orElseThrow();
        linkMbit = outcomes.getFirst().link().bitsPerSecond() / 1e6;
        bdpKilobytes = outcomes.getFirst().link().bdpBytes() / 1e3;
    }

    String html() {
        legend();
        states();
        chart("Throughput of the application", "Mbit/s", Double.MAX_VALUE, "link", linkMbit, LabCharts::goodput);
        double baseMs = Quantities.toMs(outcomes.getFirst().link().rttNs());
        chart(
                "Smoothed round-trip time",
                "ms",
                Double.MAX_VALUE,
                "base",
                baseMs,
                flow -> points(
                        flow,
                        sample -> sample.smoothedRttNs() == 0 ? Double.NaN : Quantities.toMs(sample.smoothedRttNs())));
        chart(
                "Bytes in flight",
                "kB",
                Double.MAX_VALUE,
                "BDP",
                bdpKilobytes,
                flow -> points(flow, sample -> sample.bytesInFlight() / 1e3));
        chart(
                "Pacing rate",
                "Mbit/s",
                PACING_LIMIT * linkMbit,
                "link",
                linkMbit,
                flow -> points(flow, LabCharts::pacingMbit));
        if (outcomes.stream().flatMap(outcome -> outcome.flows().stream()).anyMatch(LabCharts::believes)) {
            chart(
                    "Bandwidth in the controller's belief",
                    "Mbit/s",
                    PACING_LIMIT * linkMbit,
                    "link",
                    linkMbit,
                    flow -> points(
                            flow,
                            sample -> sample.bandwidthBytesPerSecond() == 0
                                    ? Double.NaN
                                    : sample.bandwidthBytesPerSecond() * 8e-6));
        }
        queue();
        return html.toString();
    }

    /** The controller, and for the second flow and those after it which one it is. */
    static String label(Outcome outcome, int flow) {
        String own = outcome.flow(flow).controller();
        if (outcome.flows().size() == 1) {
            return own;
        }
        String number = "flow " + (flow + 1);
        return own.equals(outcome.controller())
                ? own + ", " + number
                : own + " beside " + outcome.controller() + ", " + number;
    }

    private static String style(int outcome, int flow) {
        return "c" + outcome % COLOURS + " f" + Math.min(flow, 3);
    }

    private void legend() {
        html.append("<p class=\"key\">");
        for (int i = 0; i < outcomes.size(); i++) {
            for (int j = 0; j < outcomes.get(i).flows().size(); j++) {
                html.append("<span><svg class=\"swatch\" viewBox=\"0 0 24 8\"><path class=\"line ")
                        .append(style(i, j))
                        .append("\" d=\"M0 4H24\"/></svg>")
                        .append(Html.escape(label(outcomes.get(i), j)))
                        .append("</span>");
            }
        }
        html.append("</p>\n");
    }

    private void states() {
        States states = new States();
        StringBuilder bands = new StringBuilder();
        for (Outcome outcome : outcomes) {
            for (int j = 0; j < outcome.flows().size(); j++) {
                FlowTrace flow = outcome.flow(j);
                if (flow.samples().isEmpty() || flow.last().state().isEmpty()) {
                    continue;
                }
                List<Stretch> stretches = flow.phases().stream()
                        .filter(phase -> !phase.state().isEmpty())
                        .map(phase -> new Stretch(
                                Html.escape(phase.state()),
                                states.style(phase.state()),
                                Quantities.toSeconds(phase.fromNs()),
                                Quantities.toSeconds(phase.untilNs())))
                        .toList();
                bands.append("<p class=\"band\">")
                        .append(Html.escape(label(outcome, j)))
                        .append("</p>")
                        .append(Chart.band(seconds, stretches));
            }
        }
        if (bands.isEmpty()) {
            return;
        }
        html.append("<h3>State</h3>\n").append(bands).append("<p class=\"key\">");
        for (Map.Entry<String, String> state : states.seen().entrySet()) {
            html.append("<span><i class=\"")
                    .append(state.getValue())
                    .append("\"></i>")
                    .append(Html.escape(state.getKey()))
                    .append("</span>");
        }
        html.append("</p>\n");
    }

    private interface Curve {
        List<Point> of(FlowTrace flow);
    }

    private void chart(String title, String unit, double limit, String markLabel, double mark, Curve curve) {
        Chart chart = new Chart(unit, seconds, limit);
        for (int i = 0; i < outcomes.size(); i++) {
            List<FlowTrace> flows = outcomes.get(i).flows();
            for (int j = 0; j < flows.size(); j++) {
                if (!flows.get(j).samples().isEmpty()) {
                    chart.line(style(i, j), curve.of(flows.get(j)));
                }
            }
        }
        chart.mark(markLabel, mark);
        html.append("<h3>").append(title).append("</h3>\n").append(chart.svg());
    }

    private void queue() {
        Chart chart = new Chart("kB", seconds, Double.MAX_VALUE);
        for (int i = 0; i < outcomes.size(); i++) {
            List<Point> points = new ArrayList<>();
            for (QueueSample sample : outcomes.get(i).queue()) {
                points.add(new Point(Quantities.toSeconds(sample.atNs()), sample.queuedBytes() / 1e3));
            }
            chart.line(style(i, 0), points);
        }
        chart.mark("room", outcomes.getFirst().link().queueBytes() / 1e3);
        html.append("<h3>Queue at the bottleneck</h3>\n").append(chart.svg());
    }

    private static List<Point> goodput(FlowTrace flow) {
        List<Point> points = new ArrayList<>();
        long fromNs = flow.samples().getFirst().atNs();
        long binNs = Math.max(1, (flow.last().atNs() - fromNs) / BINS);
        for (int bin = 0; bin < BINS; bin++) {
            long atNs = fromNs + bin * binNs;
            points.add(new Point(Quantities.toSeconds(atNs + binNs / 2.0), flow.goodputMbit(atNs, atNs + binNs)));
        }
        return points;
    }

    private static List<Point> points(FlowTrace flow, ToDoubleFunction<Sample> value) {
        List<Point> points = new ArrayList<>();
        for (Sample sample : flow.samples()) {
            points.add(new Point(Quantities.toSeconds(sample.atNs()), value.applyAsDouble(sample)));
        }
        return points;
    }

    private static double pacingMbit(Sample sample) {
        return sample.pacingBytesPerSecond() == Long.MAX_VALUE ? Double.NaN : sample.pacingBytesPerSecond() * 8e-6;
    }

    private static boolean believes(FlowTrace flow) {
        return !flow.samples().isEmpty() && flow.last().bandwidthBytesPerSecond() > 0;
    }
}
