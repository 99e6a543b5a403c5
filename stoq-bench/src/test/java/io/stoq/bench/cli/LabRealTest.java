package io.stoq.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stoq lab real} with real processes. How fast anything is does not matter here. */
class LabRealTest {

    @TempDir
    private Path folder;

    @Test
    void stacksRunOverTheLinkInProcessesOfTheirOwn() throws Exception {
        Path page = folder.resolve("report.html");
        Session session = Session.run(
                "lab",
                "real",
                "--scenario",
                "lossy",
                "--stacks",
                "stoq-bbr2,netty-bbr2",
                "--rounds",
                "1",
                "--seconds",
                "1",
                "--warmup",
                "1",
                "--json",
                "--report",
                page.toString());
        assertEquals(0, session.exit(), session::err);
        JsonNode runs = new ObjectMapper().readTree(session.out());
        assertEquals(2, runs.size(), session::out);
        for (JsonNode run : runs) {
            assertEquals("lossy", run.get("scenario").asText());
            assertTrue(run.get("goodput_mbps").get(0).asDouble() > 0, session::out);
            assertTrue(run.get("mean_rtt_ms").asDouble() >= 40, session::out);
            assertTrue(run.get("stack_rtt_ms").asDouble() >= 40, session::out);
            assertFalse(run.get("samples").isEmpty(), session::out);
        }
        assertTrue(session.err().contains("  round 1  netty-bbr2"), session::err);
        assertTrue(Files.readString(page).contains("stoq lab real --scenario lossy"));
    }

    @Test
    void twoFlowsShareTheLinkAndTheSecondIsLate() throws Exception {
        Session session = Session.run(
                "lab",
                "real",
                "--scenario",
                "two-flows",
                "--stacks",
                "stoq-cubic",
                "--rounds",
                "1",
                "--seconds",
                "2",
                "--warmup",
                "1",
                "--json",
                "--quiet");
        assertEquals(0, session.exit(), session::err);
        assertEquals("", session.err());
        JsonNode run = new ObjectMapper().readTree(session.out()).get(0);
        assertEquals(2, run.get("stacks").size());
        assertTrue(run.get("goodput_mbps").get(0).asDouble() > 0, session::out);
        assertTrue(run.get("goodput_mbps").get(1).asDouble() > 0, session::out);
        JsonNode first = run.get("samples").get(0).get("mbps");
        assertTrue(first.get(0).asDouble() > 0, session::out);
        assertEquals(0, first.get(1).asDouble(), session::out);
    }
}
