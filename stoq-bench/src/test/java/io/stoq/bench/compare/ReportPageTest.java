package io.stoq.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ReportPageTest {

    private static final List<Stack> STACKS = List.of(Reports.STOQ, Reports.NETTY, Reports.CEILING);

    private final List<Outcome> outcomes = new ArrayList<>();

    ReportPageTest() {
        outcomes.addAll(Reports.rounds(Reports.STOQ, 1452, 13.25, 12.5, 14));
        outcomes.addAll(Reports.rounds(Reports.NETTY, 1452, 5.01, 5.02, 5.03));
        outcomes.add(Reports.measured(Reports.CEILING, 1452, 1, 25, Map.of("lost_packets", 5, "gc_ms_client", 77)));
        outcomes.add(new Outcome.Failed(new Run(Reports.CEILING, 1452, 2), "</script><b>broke</b>"));
        outcomes.addAll(Reports.rounds(Reports.STOQ, 65_487, 31.7, 32.7, 33.7));
        outcomes.add(new Outcome.Skipped(new Run(Reports.NETTY, 65_487, 1), "cannot: too long"));
    }

    private String page(String commandLine) {
        Machine machine = new Machine(
                "Imaginary & Sons", 2, "Linux 6.18", "Temurin 25", List.of("-Xmn256m", "-XX:+UseParallelGC"), "rmem 4");
        return new ReportPage(
                        Reports.comparison(3, STACKS, 1452, 65_487),
                        outcomes,
                        machine,
                        Instant.parse("2025-11-12T10:20:30Z"),
                        commandLine)
                .html();
    }

    @Test
    void thePageLoadsNothing() {
        String html = page("stoq compare");
        for (String reference : List.of("http:", "https:", "src=", "href=", "url(", "@import", "//")) {
            assertFalse(html.contains(reference), reference);
        }
    }

    @Test
    void allFiguresAndAllThatMattersStandThere() {
        String html = page("stoq compare --rounds 3");
        for (String text : List.of(
                "13.3",
                "12.5",
                "14.0",
                "5.01",
                "5.02",
                "5.03",
                "25.0",
                "31.7",
                "32.7",
                "33.7", // each round
                "2.64×", // of the medians
                "2.64 times netty-quic",
                "53 % of ceiling", // the same as words
                "cannot: too long",
                "ceiling, round 1: 5 packets of 12,345 lost",
                "77",
                "stoq compare --rounds 3",
                "Imaginary &amp; Sons",
                "Linux 6.18",
                "Temurin 25",
                "-Xmn256m",
                "rmem 4",
                "checkBounds=false",
                "12 November 2025, 10:20 UTC",
                "stoq: jca (SunJCE)",
                "loopback")) {
            assertTrue(html.contains(text), text);
        }
        assertFalse(html.contains("${"), "a part of the template was not filled in");
    }

    @Test
    void theOutcomesAreWithinThePageForPrograms() throws Exception {
        var script = Pattern.compile("<script type=\"application/json\" id=\"outcomes\">(.*?)</script>", Pattern.DOTALL)
                .matcher(page("stoq compare"));
        assertTrue(script.find());
        ObjectMapper json = new ObjectMapper();
        assertEquals(json.readTree(OutcomeJson.of(outcomes)), json.readTree(script.group(1)));
    }

    @Test
    void textsCannotBecomeMarkup() {
        String html = page("stoq compare --report '<img>'");
        assertTrue(html.contains("--report '&lt;img&gt;'"));
        assertTrue(html.contains("failed: &lt;/script&gt;&lt;b&gt;broke&lt;/b&gt;"));
        assertFalse(html.contains("<b>broke"));
    }

    @Test
    void theBodyIsWellFormed() throws Exception {
        String html = page("stoq compare");
        String body = html.substring(html.indexOf("<main>"), html.indexOf("</main>") + "</main>".length());
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(body.replace("<br>", "<br/>"))));
    }

    @Test
    void nothingMeasuredIsAPageToo() {
        outcomes.clear();
        assertTrue(page("stoq compare").contains("How it was measured"));
    }
}
