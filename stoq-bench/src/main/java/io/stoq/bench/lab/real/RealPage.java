package io.stoq.bench.lab.real;

import io.stoq.bench.compare.Html;
import io.stoq.bench.compare.Machine;
import io.stoq.bench.compare.PageTemplate;
import io.stoq.bench.compare.Spread;
import io.stoq.bench.lab.real.Result.Measured;
import io.stoq.bench.lab.real.Summary.Row;
import io.stoq.bench.terminal.Units;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Results as a page that a person may look at. It loads nothing.
 *
 * @param commandLine what was given, for who wants to measure again
 */
public record RealPage(Plan plan, List<Result> results, Machine machine, Instant when, String commandLine) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    public String html() {
        StringBuilder verdicts = new StringBuilder();
        StringBuilder sections = new StringBuilder();
        for (Summary summary : Summary.of(plan, results)) {
            verdicts.append(verdict(summary));
            sections.append(ScenarioSection.of(summary));
        }
        return PageTemplate.fill(Map.of(
                "title", "Real sockets over a laboratory link",
                "subtitle", Html.escape(subtitle()),
                "verdicts", verdicts.toString(),
                "sections", sections.toString(),
                "method", method(),
                "data", Html.scriptData(ResultJson.of(results))));
    }

    private String subtitle() {
        return Units.plural(plan.rounds(), "round") + " of " + plan.seconds() + " s over a relay on the loopback"
                + " interface of one machine. " + TIME.format(when) + ".";
    }

    private static String verdict(Summary summary) {
        StringBuilder verdict = new StringBuilder("<p><b>")
                .append(Html.escape(headline(summary.scenario())))
                .append(":</b> ");
        String separator = "";
        for (Row row : summary.rows()) {
            Spread goodput = row.goodput();
            if (goodput != null) {
                verdict.append(separator).append(row.name()).append(' ').append(figure(summary, row));
                separator = ", ";
            }
        }
        return separator.isEmpty() ? "" : verdict.append(".</p>\n").toString();
    }

    private static String headline(Scenario scenario) {
        return scenario == Scenario.DEEP_BUFFER ? scenario.title() + ", mean round trip" : scenario.title();
    }

    /** What matters there: goodput, or the round trip, or the shares. */
    private static String figure(Summary summary, Row row) {
        return switch (summary.scenario()) {
            case LOSSY, SHALLOW_BUFFER -> SummaryText.mbps(row.goodput().median()) + " Mbit/s";
            case DEEP_BUFFER ->
                String.format(
                        Locale.ROOT, "%.0f ms", row.spread(Measured::meanRttMs).median());
            case TWO_FLOWS ->
                SummaryText.mbps(SummaryText.each(row, 0).median()) + " : "
                        + SummaryText.mbps(SummaryText.each(row, 1).median()) + " Mbit/s";
        };
    }

    private String method() {
        StringBuilder html = new StringBuilder("<dl>\n");
        entry(html, "command", "<code>" + Html.escape(commandLine) + "</code>");
        entry(
                html,
                "machine",
                Html.escape(machine.processor() + ", " + Units.plural(machine.processors(), "processor")));
        entry(html, "kernel", Html.escape(machine.kernel()));
        entry(html, "Java", Html.escape(machine.java()));
        entry(
                html,
                "runs",
                "In turn, stack after stack, round after round. Server and client are processes of their own; the relay"
                        + " runs the simulator's bottleneck, loss and delay between their sockets in real time. The"
                        + " server sends; datagrams have at most 1,452 bytes of UDP payload, and rates count that"
                        + " payload. " + plan.warmupSeconds() + " s of warm-up do not count.");
        entry(
                html,
                "goodput",
                "Application bytes, as the receiver counts them. Of two flows: what left the link in the last half of "
                        + plan.seconds() + " s; the second starts " + plan.warmupSeconds() + " s after the first.");
        entry(
                html,
                "round trip",
                "The path's delay and the time that each datagram waits in the queue, as the relay sees it. It holds for"
                        + " all stacks alike, and leaves the hosts' own delays out.");
        entry(
                html,
                "netty",
                "Netty's QUIC codec, which is quiche; its BBR is what the codec calls BBR and quiche calls"
                        + " bbr2_gcongestion. The codec does not pace.");
        return html.append("</dl>\n").toString();
    }

    private static void entry(StringBuilder html, String term, String description) {
        html.append("<dt>").append(term).append("</dt><dd>").append(description).append("</dd>\n");
    }
}
