package io.stoq.bench.lab.report;

import io.stoq.bench.compare.Html;
import io.stoq.bench.compare.PageTemplate;
import io.stoq.bench.lab.Check;
import io.stoq.bench.lab.FlowTrace;
import io.stoq.bench.lab.Outcome;
import io.stoq.bench.lab.Quantities;
import io.stoq.bench.lab.Scenario;
import io.stoq.bench.lab.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One scenario with one or more controllers, as a page that needs nothing but itself: what was wanted and what came out, and
 * everything over time.
 *
 * @param outcomes of the same scenario
 * @param commandLine what was given, for who wants to see it again
 */
public record LabPage(List<Outcome> outcomes, String commandLine) {

    public String html() {
        Scenario scenario = outcomes.getFirst().scenario();
        Map<String, String> values = Map.of(
                "title", Html.escape(scenario.name()),
                "what", Html.escape(scenario.what() + "."),
                "source", Html.escape(scenario.source()),
                "seed", Long.toString(outcomes.getFirst().seed()),
                "command", Html.escape(commandLine),
                "verdict", verdict(),
                "checks", checks(scenario),
                "charts", new LabCharts(outcomes).html(),
                "data", Html.scriptData(LabJson.of(outcomes)));
        return PageTemplate.fill(template(), values);
    }

    private String verdict() {
        StringBuilder html = new StringBuilder("<p class=\"verdicts\">");
        for (Outcome outcome : outcomes) {
            List<Verdict> verdicts = outcome.verdicts();
            long passed = verdicts.stream().filter(Verdict::passed).count();
            html.append("<span class=\"")
                    .append(outcome.passed() ? "pass" : outcome.tolerated() ? "short" : "fail")
                    .append("\">")
                    .append(Html.escape(outcome.controller()))
                    .append(
                            verdicts.isEmpty()
                                    ? ": nothing is expected"
                                    : ": " + passed + " of " + verdicts.size() + " hold")
                    .append("</span> ");
        }
        return html.append("</p>").toString();
    }

    private String checks(Scenario scenario) {
        StringBuilder html = new StringBuilder("<div class=\"scroll\"><table><thead><tr><th>check</th><th>wanted</th>");
        outcomes.forEach(outcome ->
                html.append("<th>").append(Html.escape(outcome.controller())).append("</th>"));
        html.append("</tr></thead><tbody>\n");
        for (Check check : scenario.checks()) {
            html.append("<tr><td>")
                    .append(Html.escape(check.what()))
                    .append("</td><td>")
                    .append(Html.escape(check.bound()))
                    .append(
                            check.controllers().isEmpty()
                                    ? ""
                                    : " <small>"
                                            + Html.escape(String.join(
                                                    ", ",
                                                    check.controllers().stream()
                                                            .sorted()
                                                            .toList()))
                                            + "</small>")
                    .append(
                            check.shortfall() == null
                                    ? ""
                                    : "<br><small>" + Html.escape(check.tolerance()) + "</small>")
                    .append("</td>");
            outcomes.forEach(outcome -> html.append(cell(check, outcome)));
            html.append("</tr>\n");
        }
        return html.append("</tbody></table></div>").append(totals()).toString();
    }

    /** A value is shown to everybody, but is a pass or a failure only for whom it is meant. */
    private static String cell(Check check, Outcome outcome) {
        boolean meant = outcome.scenario().checksFor(outcome.controller()).contains(check);
        Verdict verdict = check.verdict(outcome);
        String style = verdict.passed() ? "pass" : verdict.tolerated() ? "short" : "fail";
        String sign = verdict.passed() ? "✓ " : "✗ ";
        return "<td class=\"" + (meant ? style : "soft") + "\">" + (meant ? sign : "")
                + Html.escape(check.text(verdict.value())) + "</td>";
    }

    private String totals() {
        StringBuilder html =
                new StringBuilder("<div class=\"scroll\"><table><thead><tr><th>flow</th><th>goodput Mbit/s</th>"
                        + "<th>mean RTT ms</th><th>99 % ms</th><th>packets</th><th>lost</th><th>lost %</th><th>marked</th>"
                        + "<th>complete after s</th></tr></thead><tbody>\n");
        for (Outcome outcome : outcomes) {
            for (int i = 0; i < outcome.flows().size(); i++) {
                FlowTrace flow = outcome.flow(i);
                if (!flow.samples().isEmpty()) {
                    html.append(totals(outcome, flow, LabCharts.label(outcome, i)));
                }
            }
        }
        return html.append("</tbody></table></div>").toString();
    }

    private static String totals(Outcome outcome, FlowTrace flow, String label) {
        StringBuilder html = new StringBuilder("<tr>");
        List.of(
                        Html.escape(label),
                        decimals(flow.goodputMbit()),
                        decimals(flow.meanRttMs(0, outcome.endNs())),
                        decimals(flow.rttMs(0.99, 0, outcome.endNs())),
                        Long.toString(flow.last().sentPackets()),
                        Long.toString(flow.last().lostPackets()),
                        decimals(100 * flow.lossShare(0, outcome.endNs())),
                        Long.toString(flow.last().markedPackets()),
                        flow.completedNs() < 0
                                ? "–"
                                : decimals(Quantities.toSeconds(flow.completedNs() - flow.startedNs())))
                .forEach(text -> html.append("<td>").append(text).append("</td>"));
        return html.append("</tr>\n").toString();
    }

    private static String decimals(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.2f", value);
    }

    private static String template() {
        try (InputStream in = LabPage.class.getResourceAsStream("lab.html")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
