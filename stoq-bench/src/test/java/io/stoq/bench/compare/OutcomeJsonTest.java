package io.stoq.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stoq.bench.perf.PerfReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutcomeJsonTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void eachRunIsAnObjectWithTheFieldsOfAPerfReport() throws Exception {
        Outcome.Measured measured =
                Reports.measured(Reports.STOQ, 1452, 2, 13.25, Map.of("lost_packets", 7, "kernel_drops", 1));
        JsonNode array = JSON.readTree(OutcomeJson.of(List.of(measured)));
        assertEquals(1, array.size());
        JsonNode run = array.get(0);
        List<String> names = new ArrayList<>();
        run.fieldNames().forEachRemaining(names::add);
        assertEquals(List.of("stack", "payload", "round", "gbps", "unexpected_loss"), names.subList(0, 5));
        assertEquals("stoq", run.get("stack").asText());
        assertEquals(1452, run.get("payload").asInt());
        assertEquals(2, run.get("round").asInt());
        assertEquals(13.25, run.get("gbps").asDouble());
        assertEquals(
                "7 packets of 12,345 lost, 1 arrival dropped on full receive buffers",
                run.get("unexpected_loss").asText());
        JsonNode report = JSON.readTree(JSON.writeValueAsString(measured.report()));
        report.fieldNames().forEachRemaining(field -> assertEquals(report.get(field), run.get(field), field));
        assertTrue(run.has("gc_ms_client") && run.has("allocated_bytes_per_packet_server"));
    }

    @Test
    void withoutLossTheFieldIsNull() throws Exception {
        JsonNode array = JSON.readTree(OutcomeJson.of(Reports.rounds(Reports.STOQ, 1452, 9)));
        assertTrue(array.get(0).get("unexpected_loss").isNull());
    }

    @Test
    void whatWasNotMeasuredHasAReasonInstead() throws Exception {
        JsonNode array = JSON.readTree(OutcomeJson.of(List.of(
                new Outcome.Skipped(new Run(Reports.NETTY, 65_487, 1), "cannot"),
                new Outcome.Failed(new Run(Reports.NETTY, 1452, 3), "broke \"down\""))));
        assertEquals(
                JSON.readTree("{\"stack\":\"netty-quic\",\"payload\":65487,\"round\":1,\"skipped\":\"cannot\"}"),
                array.get(0));
        assertEquals("broke \"down\"", array.get(1).get("failed").asText());
        assertFalse(array.get(1).has("gbps"));
    }

    @Test
    void aReportSurvivesItsWayThroughJson() throws Exception {
        PerfReport report = Reports.measured(Reports.STOQ, 1452, 1, 9, Map.of("gc_ms_server", 5))
                .report();
        assertEquals(report, JSON.readValue(JSON.writeValueAsString(report), PerfReport.class));
    }
}
