package io.stoq.bench.compare;

import io.stoq.bench.compare.Summary.Row;
import io.stoq.bench.terminal.Units;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A comparison as a page that a person may look at: charts, every value, and how it was measured. It loads nothing.
 *
 * @param commandLine what was given, for who wants to measure again
 */
public record ReportPage(
        Comparison comparison, List<Outcome> outcomes, Machine machine, Instant when, String commandLine) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    public String html() {
        List<Summary> summaries = Summary.of(comparison, outcomes);
        StringBuilder verdicts = new StringBuilder();
        StringBuilder sections = new StringBuilder();
        for (Summary summary : summaries) {
            verdicts.append(verdict(summary));
            sections.append(PayloadSection.of(summary));
        }
        return PageTemplate.fill(Map.of(
                "title", "STOQ beside other stacks",
                "subtitle", Html.escape(subtitle()),
                "verdicts", verdicts.toString(),
                "sections", sections.toString(),
                "method", method(),
                "data", Html.scriptData(OutcomeJson.of(outcomes))));
    }

    private String subtitle() {
        return SummaryText.load(comparison) + " over the loopback interface of one machine, "
                + Units.plural(comparison.rounds(), "round") + " of " + comparison.seconds() + " s. "
                + TIME.format(when)
                + ".";
    }

    /** The headline of one payload size. */
    private static String verdict(Summary summary) {
        Row stoq = summary.rows().stream()
                .filter(row -> row.stack().isStoq() && row.gbps() != null)
                .findFirst()
                .orElse(null);
        if (stoq == null) {
            return "";
        }
        StringBuilder verdict = new StringBuilder("<p><b>")
                .append(Units.count(summary.payloadBytes()))
                .append(" B:</b> ")
                .append(SummaryText.gbps(stoq.gbps().median()))
                .append(" Gbit/s");
        for (Row row : summary.rows()) {
            if (row.advantage() != null) {
                verdict.append(", ").append(comparedWith(row));
            }
        }
        return verdict.append(".</p>\n").toString();
    }

    private static String comparedWith(Row row) {
        double ratio = row.advantage().median();
        return ratio < 1
                ? String.format(
                        Locale.ROOT, "%.0f %% of %s", 100 * ratio, row.stack().name())
                : String.format(Locale.ROOT, "%.2f times %s", ratio, row.stack().name());
    }

    private String method() {
        StringBuilder html = new StringBuilder("<dl>\n");
        entry(html, "command", "<code>" + Html.escape(commandLine) + "</code>");
        entry(
                html,
                "machine",
                Html.escape(machine.processor() + ", " + Units.plural(machine.processors(), "processor")));
        entry(html, "kernel", Html.escape(machine.kernel()));
        if (machine.socketBuffers() != null) {
            entry(html, "buffers", Html.escape(machine.socketBuffers()));
        }
        entry(html, "Java", Html.escape(machine.java()));
        entry(html, "JVM", flags());
        entry(
                html,
                "runs",
                "In turn, stack after stack, round after round; each with a client and a server process of its own, "
                        + comparison.warmupSeconds()
                        + " s of warm-up that do not count. All encrypt with AES-128-GCM. Input and output: "
                        + comparison.io() + "; congestion control: "
                        + comparison.congestion() + "."
                        + " Application bytes, as the receiver counts them.");
        entry(html, "AEAD", aeads());
        entry(
                html,
                "ratios",
                "stoq's median over the other's median; the range is that of the ratios within single rounds.");
        entry(
                html,
                "ceilings",
                "STOQ's sockets and ciphers on the same event loops, each datagram sealed and opened, without QUIC:"
                        + " no header protection, no acknowledgements, no streams.");
        entry(
                html,
                "tls-tcp",
                "TCP has no largest datagram; over loopback its segments have 64 KiB. It is measured again"
                        + " beside each size.");
        return html.append("</dl>\n").toString();
    }

    private String aeads() {
        return Summary.of(comparison, outcomes).stream()
                .flatMap(summary -> summary.rows().stream())
                .filter(row -> row.aead() != null)
                .map(row -> Html.escape(row.stack().name() + ": " + row.aead()))
                .distinct()
                .collect(Collectors.joining("<br>"));
    }

    private String flags() {
        StringBuilder html = new StringBuilder(flags(machine.javaFlags()));
        for (Stack stack : comparison.stacks()) {
            if (!stack.jvmFlags().isEmpty()) {
                html.append("<br>").append(stack.name()).append(" also: ").append(flags(stack.jvmFlags()));
            }
        }
        return html.toString();
    }

    private static String flags(List<String> flags) {
        return flags.stream()
                .map(flag -> "<code class=\"flag\">" + Html.escape(flag) + "</code>")
                .collect(Collectors.joining(" "));
    }

    private static void entry(StringBuilder html, String term, String description) {
        html.append("<dt>").append(term).append("</dt><dd>").append(description).append("</dd>\n");
    }
}
