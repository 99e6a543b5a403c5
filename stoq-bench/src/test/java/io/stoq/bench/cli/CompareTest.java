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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code stoq compare} with real processes. How fast anything is does not matter here. */
class CompareTest {

    @TempDir
    private Path folder;

    @Test
    void allStacksAreMeasuredInProcessesOfTheirOwn() throws Exception {
        Path page = folder.resolve("report.html");
        Session session = Session.run(
                "compare",
                "--payloads",
                "1452",
                "--rounds",
                "1",
                "--seconds",
                "1",
                "--warmup",
                "0",
                "--verify",
                "--json",
                "--report",
                page.toString());
        assertEquals(0, session.exit(), session::err);
        JsonNode runs = new ObjectMapper().readTree(session.out());
        assertEquals(5, runs.size(), session::out);
        String[] stacks = {"stoq", "netty-quic", "tls-tcp", "ceiling", "ceiling-jca"};
        for (int i = 0; i < stacks.length; i++) {
            JsonNode run = runs.get(i);
            assertEquals(stacks[i], run.get("stack").asText());
            assertEquals(1452, run.get("payload").asInt());
            assertEquals(1, run.get("round").asInt());
            for (String positive : new String[] {"gbps", "bytes", "cpu_s_per_gb_client", "cpu_s_per_gb_server"}) {
                assertTrue(run.get(positive).asDouble() > 0, positive + " in " + run);
            }
            for (String known : new String[] {"gc_ms_client", "gc_ms_server", "kernel_drops", "aead"}) {
                assertFalse(run.get(known).isNull(), known + " in " + run);
            }
            if (!stacks[i].equals("tls-tcp")) {
                for (String known : new String[] {
                    "datagrams_per_syscall_client",
                    "datagrams_per_syscall_server",
                    "packets_sent",
                    "lost_packets",
                    "allocated_bytes_per_packet_client",
                    "allocated_bytes_per_packet_server"
                }) {
                    assertFalse(run.get(known).isNull(), known + " in " + run);
                }
            }
            assertTrue(session.err().contains("  round 1  " + stacks[i]), session::err);
        }
        String html = Files.readString(page);
        assertTrue(html.contains("stoq compare --payloads 1452 --rounds 1"), html);
    }

    @Test
    void whatNoStackCanDoIsSaidInATable() throws Exception {
        Session session = Session.run(
                "compare", "--payloads", "16384,65487", "--stacks", "netty-quic", "--rounds", "2", "--quiet");
        assertEquals(0, session.exit(), session::err);
        assertEquals("", session.err());
        assertTrue(session.out().contains("largest datagram 16,384 B, loopback"), session::out);
        assertTrue(session.out().contains("netty-quic   cannot: its packets have at most 16383 bytes"), session::out);
    }

    @Test
    void aRunThatFailsIsToldOfAndTheOthersGoOn() throws Exception {
        // The codec itself refuses such a window, when the run begins.
        Session session = Session.run(
                "compare",
                "--payloads",
                "1452,16384",
                "--stacks",
                "netty-quic",
                "--tune",
                "netty-quic.iw=-1",
                "--rounds",
                "1",
                "--seconds",
                "1",
                "--warmup",
                "0",
                "--json");
        assertEquals(1, session.exit(), session::out);
        JsonNode runs = new ObjectMapper().readTree(session.out());
        assertEquals(2, runs.size(), session::out);
        assertFalse(runs.get(0).get("failed").asText().isBlank(), session::out);
        assertTrue(runs.get(1).has("skipped"), session::out);
        assertTrue(session.err().contains("stoq: 1 of 2 runs failed; the output says why"), session::err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing/report.html", "."})
    void aReportThatCannotBeWrittenIsRefusedBeforeAnythingIsMeasured(String file) throws Exception {
        Session session =
                Session.run("compare", "--report", folder.resolve(file).toString());
        assertEquals(2, session.exit());
        assertTrue(session.err().contains("cannot be written; name a file in a folder that exists"), session::err);
        assertEquals("", session.out());
    }
}
