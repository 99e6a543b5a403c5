package io.stoq.bench.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stoq.bench.lab.Check;
import io.stoq.bench.lab.Experiment;
import io.stoq.bench.lab.FlowPlan;
import io.stoq.bench.lab.LinkPlan;
import io.stoq.bench.lab.Outcome;
import io.stoq.bench.lab.Quantities;
import io.stoq.bench.lab.Scenario;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabPageTest {

    private static final Scenario SCENARIO = Scenario.named("<name>", "a </script> & more", "own")
            .on(LinkPlan.of(Quantities.mbit(10), Quantities.ms(20)))
            .flow(FlowPlan.bulk())
            .flow(FlowPlan.bulk().controller("newreno"))
            .lasting(Quantities.seconds(2))
            .expect(
                    Set.of("cubic"),
                    Check.that("goodput", "Mbit/s", outcome -> 5).atLeast(6))
            .expect(Check.that("nothing", "", outcome -> Double.POSITIVE_INFINITY)
                    .atMost(1)
                    .tolerating(Double.POSITIVE_INFINITY, "reasons"));

    private static final List<Outcome> OUTCOMES =
            List.of(Experiment.run(SCENARIO, "cubic", 3), Experiment.run(SCENARIO, "newreno", 3));

    private final String html = new LabPage(OUTCOMES, "stoq lab run <name>").html();

    @Test
    void aPageLoadsNothingAndEscapesEverything() {
        assertFalse(html.contains("src="));
        assertFalse(html.contains("href="));
        assertFalse(html.contains("<name>"));
        assertFalse(html.contains("${"));
        assertEquals(1, html.split("</script>", -1).length - 1);
        assertTrue(html.contains("&lt;name&gt;"));
    }

    @Test
    void aPageSaysWhatPassedAndWhatFailed() {
        assertTrue(html.contains("<td class=\"fail\">✗ 5 Mbit/s</td>"), html);
        assertTrue(html.contains("<td class=\"soft\">5 Mbit/s</td>"), html);
        assertTrue(html.contains("<td class=\"short\">✗ never</td>"), html);
        assertTrue(html.contains("anything tolerated: reasons"), html);
        assertTrue(html.contains("cubic: 0 of 2 hold"), html);
    }

    @Test
    void allFlowsAreInTheCharts() {
        for (String label :
                List.of("cubic, flow 1", "newreno beside cubic, flow 2", "newreno, flow 1", "newreno, flow 2")) {
            assertTrue(html.contains(label), label);
        }
        for (String title : List.of("Throughput", "Smoothed round-trip", "Bytes in flight", "Pacing rate", "Queue")) {
            assertTrue(html.contains("<h3>" + title), title);
        }
        assertTrue(html.contains("class=\"line c1 f1\""));
        assertFalse(html.contains("NaN"));
        assertFalse(html.contains("Infinity"));
    }

    @Test
    void jsonHoldsChecksTotalsAndStates() throws Exception {
        JsonNode all = new ObjectMapper().readTree(LabJson.of(OUTCOMES));
        assertEquals(2, all.size());
        JsonNode first = all.get(0);
        assertEquals("cubic", first.get("controller").asText());
        assertEquals(3, first.get("seed").asInt());
        assertFalse(first.get("passed").asBoolean());
        assertEquals("≥ 6 Mbit/s", first.get("checks").get(0).get("wanted").asText());
        assertTrue(first.get("checks").get(1).get("value").isNull());
        assertTrue(first.get("checks").get(1).get("tolerated").asBoolean());
        assertEquals(2, first.get("flows").size());
        assertTrue(first.get("flows").get(1).get("goodput_mbit").asDouble() > 0.1);
        assertEquals(1, all.get(1).get("checks").size());
    }

    @Test
    void scalesEndAtRoundNumbers() {
        assertEquals(List.of(0.0, 25.0, 50.0, 75.0, 100.0), Scale.upTo(97, 4).ticks());
        assertEquals(0.02, Scale.upTo(0.017, 4).max(), 1e-12);
        assertEquals(1, Scale.upTo(0, 4).max());
        assertEquals("2.5", Scale.text(2.5));
        assertEquals("100", Scale.text(100));
    }
}
