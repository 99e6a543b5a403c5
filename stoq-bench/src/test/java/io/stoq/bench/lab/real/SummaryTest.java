package io.stoq.bench.lab.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stoq.bench.compare.Machine;
import io.stoq.bench.compare.Spread;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class SummaryTest {

    private static final Contender BBR = Contender.named("stoq-bbr2");

    private final Plan plan =
            new Plan(List.of(Scenario.LOSSY, Scenario.TWO_FLOWS), List.of(Results.CUBIC, Results.NETTY), 3, 2, 10);
    private final List<Result> results = new ArrayList<>();

    SummaryTest() {
        results.add(Results.measured(Scenario.LOSSY, List.of(Results.CUBIC), 1, 30));
        results.add(Results.measured(Scenario.LOSSY, List.of(Results.CUBIC), 2, 20));
        results.add(Results.late(Results.measured(Scenario.LOSSY, List.of(Results.CUBIC), 3, 10), 5000));
        results.add(Results.measured(Scenario.LOSSY, List.of(Results.NETTY), 1, 10));
        results.add(Results.measured(Scenario.LOSSY, List.of(Results.NETTY), 2, 5));
        results.add(new Result.Failed(new Trial(Scenario.LOSSY, List.of(Results.NETTY), 3), "</script><b>broke</b>"));
        results.add(Results.measured(Scenario.TWO_FLOWS, List.of(Results.CUBIC, Results.CUBIC), 1, 75, 25));
    }

    @Test
    void stacksAreRunInTurnAndFlowsInPairs() {
        Plan both = new Plan(
                List.of(Scenario.LOSSY, Scenario.TWO_FLOWS), List.of(BBR, Results.CUBIC, Results.NETTY), 2, 2, 10);
        List<String> names = both.trials().stream()
                .map(trial -> trial.scenario().label() + " " + trial.round() + " " + trial.name())
                .toList();
        assertEquals(
                Stream.of(1, 2)
                        .flatMap(round -> Stream.of("stoq-bbr2", "stoq-cubic", "netty-cubic")
                                .map(name -> "lossy " + round + " " + name))
                        .toList(),
                names.subList(0, 6));
        assertEquals(
                List.of(
                        "two-flows 1 stoq-bbr2 + stoq-bbr2",
                        "two-flows 1 stoq-cubic + stoq-cubic",
                        "two-flows 1 netty-cubic + netty-cubic",
                        "two-flows 1 stoq-bbr2 + netty-cubic"),
                names.subList(6, 10));
    }

    @Test
    void mediansAndRatiosAreOverRounds() {
        List<Summary> summaries = Summary.of(plan, results);
        assertEquals(2, summaries.size());
        Summary.Row cubic = summaries.getFirst().rows().get(0);
        Summary.Row netty = summaries.getFirst().rows().get(1);
        assertEquals(new Spread(20, 10, 30), cubic.goodput());
        assertNull(cubic.advantage());
        assertEquals(new Spread(7.5, 5, 10), netty.goodput());
        // Of the medians, and the least and the largest within a round.
        assertEquals(new Spread(20 / 7.5, 3, 4), netty.advantage());
        assertTrue(cubic.remarks().getFirst().contains("round 3: the relay did not get the processor in time"));
        assertEquals(List.of("netty-cubic, round 3: failed: </script><b>broke</b>"), netty.remarks());
    }

    @Test
    void fairnessIsJains() {
        Result.Measured shared = Results.measured(Scenario.TWO_FLOWS, List.of(BBR, Results.NETTY), 1, 75, 25);
        assertEquals(0.8, shared.fairness(), 1e-9);
        assertEquals(0.75, shared.share(), 1e-9);
        assertEquals(
                1,
                Results.measured(Scenario.TWO_FLOWS, List.of(BBR, BBR), 1, 5, 5).fairness(),
                1e-9);
        assertEquals(
                0.5,
                Results.measured(Scenario.TWO_FLOWS, List.of(BBR, BBR), 1, 5, 0).fairness(),
                1e-9);
        assertEquals(
                0,
                Results.measured(Scenario.TWO_FLOWS, List.of(BBR, BBR), 1, 0, 0).fairness(),
                1e-9);
    }

    @Test
    void theTableSaysAll() {
        List<String> lines = new ArrayList<>();
        Summary.of(plan, results).forEach(summary -> lines.addAll(SummaryText.lines(summary)));
        String text = String.join("\n", lines);
        for (String part : List.of(
                "lossy: 1 % random loss; 100 Mbit/s, 40 ms, 1 BDP of buffer",
                "stoq-cubic / it",
                "20.0 (10.0 to 30.0)",
                "7.50 (5.00 to 10.0)",
                "2.67x",
                "41.5",
                "  ! netty-cubic, round 3: failed",
                "75.0 + 25.0  0.80",
                "two-flows: two flows, the second late; 100 Mbit/s, 40 ms, 2 BDP of buffer")) {
            assertTrue(text.contains(part), part + " in\n" + text);
        }
    }

    @Test
    void theJsonHasEachRun() throws Exception {
        JsonNode runs = new ObjectMapper().readTree(ResultJson.of(results));
        assertEquals(results.size(), runs.size());
        assertEquals("lossy", runs.get(0).get("scenario").asText());
        assertEquals("stoq-cubic", runs.get(0).get("stacks").get(0).asText());
        assertEquals(30, runs.get(0).get("goodput_mbps").get(0).asDouble());
        assertTrue(runs.get(2).get("stack_rtt_ms").isNull());
        assertEquals("</script><b>broke</b>", runs.get(5).get("failed").asText());
        assertEquals(0.8, runs.get(6).get("jain").asDouble());
        assertEquals(25, runs.get(6).get("samples").get(1).get("mbps").get(1).asDouble());
    }

    @Test
    void thePageIsWellFormedLoadsNothingAndSaysAll() throws Exception {
        Machine machine = new Machine("Imaginary & Sons", 2, "Linux 6.18", "Temurin 25", List.of(), "rmem 4");
        String html =
                new RealPage(plan, results, machine, Instant.parse("2025-11-12T10:20:30Z"), "stoq lab real <x>").html();
        for (String reference : List.of("http:", "https:", "src=", "href=", "url(", "@import", "//", "<b>broke")) {
            assertTrue(!html.contains(reference), reference);
        }
        for (String part : List.of(
                "1 % random loss:</b> stoq-cubic 20.0 Mbit/s, netty-cubic 7.50 Mbit/s",
                "stoq-cubic + stoq-cubic 75.0 : 25.0 Mbit/s",
                "stoq lab real &lt;x&gt;",
                "Imaginary &amp; Sons",
                "&lt;b&gt;broke",
                "<td>30.00</td>",
                "<td>55.3</td>")) {
            assertTrue(html.contains(part), part);
        }
        String body = html.substring(html.indexOf("<main>"), html.indexOf("</main>") + "</main>".length());
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(body)));
    }

    @Test
    void namesThatDoNotExistAreAnsweredWithThoseThatDo() {
        String stack = assertThrows(IllegalArgumentException.class, () -> Contender.named("quiche-bbr"))
                .getMessage();
        assertTrue(stack.startsWith("unknown stack 'quiche-bbr'; choose among stoq-newreno, stoq-cubic"), stack);
        assertTrue(stack.endsWith("netty-newreno, netty-cubic, netty-bbr2"), stack);
        String scenario = assertThrows(IllegalArgumentException.class, () -> Scenario.named("moon"))
                .getMessage();
        assertTrue(scenario.contains("choose all, lossy, deep-buffer, shallow-buffer, two-flows"), scenario);
    }
}
