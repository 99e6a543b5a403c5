package io.stoq.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stoq.protection.IpsecMbPacketProtection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code stoq perf} over real sockets. How fast it is does not matter here. */
class PerfTest {

    private static JsonNode json(Session session) throws Exception {
        assertEquals(0, session.exit(), session::err);
        assertEquals(1, session.out().lines().count(), session::out);
        return new ObjectMapper().readTree(session.out());
    }

    @Test
    void twoProcessesMoveDataUpAndTheReportIsOneJsonObject() throws Exception {
        Session session = Session.run(
                "perf", "--seconds", "2", "--warmup", "1", "--streams", "2", "--payload", "1232", "--verify", "--json");
        JsonNode report = json(session);
        assertEquals("stoq", report.get("stack").asText());
        assertTrue(report.get("io").asText().matches("epoll|io_uring|nio"), session::out);
        assertTrue(report.get("aead").asText().matches("ipsec-mb|jca"), session::out);
        assertEquals(1232, report.get("payload").asInt());
        assertEquals(1232, report.get("datagram_bytes").asInt());
        assertEquals(1, report.get("connections").asInt());
        assertEquals(2, report.get("streams").asInt());
        assertEquals("up", report.get("direction").asText());
        assertEquals(2, report.get("seconds").asDouble(), 1);
        assertEquals(2, report.get("samples").size());
        assertEquals("receiver", report.get("counted_by").asText());
        for (String positive : new String[] {
            "gbps",
            "bytes",
            "cpu_s_per_gb_client",
            "cpu_s_per_gb_server",
            "datagrams_per_syscall_client",
            "datagrams_per_syscall_server",
            "packets_sent",
            "rtt_ms"
        }) {
            assertTrue(report.get(positive).asDouble() > 0, positive + " in " + session.out());
        }
        assertTrue(report.get("lost_packets").asLong() >= 0, session::out);
        assertTrue(session.err().contains("upload to [::1]:"), session::err);
        assertEquals(
                1,
                session.err().lines().filter(line -> line.contains("warm-up")).count(),
                session::err);
    }

    @Test
    void aFloodOfForgedPacketsIsAnsweredByRetryPacketsWhileTheLoadGoesOn() throws Exception {
        Session session = Session.run("perf", "flood", "--seconds", "1", "--warmup", "1", "--rate", "5000", "--json");
        JsonNode report = json(session);
        assertEquals(5000, report.get("packets_per_s").asInt());
        for (String positive :
                new String[] {"packets_to_server", "gbps_alone", "gbps_beside", "gbps_flooded", "retries"}) {
            assertTrue(report.get(positive).asDouble() > 0, positive + " in " + session.out());
        }
    }

    @Test
    void twoProcessesMoveDataDownOverTheFallback() throws Exception {
        Session session = Session.run(
                "perf",
                "--seconds",
                "1",
                "--warmup",
                "0",
                "--connections",
                "2",
                "--direction",
                "down",
                "--io",
                "nio",
                "--cc",
                "newreno",
                "--aead",
                "jca",
                "--verify",
                "--quiet",
                "--json");
        JsonNode report = json(session);
        assertEquals("nio", report.get("io").asText());
        assertEquals("newreno", report.get("cc").asText());
        assertEquals(1452, report.get("datagram_bytes").asInt(), "found out about the path");
        assertEquals("jca", report.get("aead").asText());
        assertEquals("SunJCE", report.get("aead_implementation").asText());
        assertEquals("down", report.get("direction").asText());
        assertTrue(report.get("gbps").asDouble() > 0, session::out);
        assertEquals("", session.err());
    }

    @Test
    void aClientMeasuresAServerElsewhereByAcknowledgements() throws Exception {
        try (Session server = Session.start("perf", "server", "--listen", "::1", "--port", "0", "--verify")) {
            String port = server.awaitLine("on \\[::1]:(\\d+),");
            String fingerprint = server.awaitLine("--fingerprint ([0-9a-f]{64})");
            Session client = Session.run(
                    "perf",
                    "client",
                    "[::1]:" + port,
                    "--seconds",
                    "1",
                    "--warmup",
                    "0",
                    "--fingerprint",
                    fingerprint,
                    "--json");
            JsonNode report = json(client);
            assertEquals("acknowledgements", report.get("counted_by").asText());
            assertTrue(report.get("gbps").asDouble() > 0, client::out);
            assertTrue(report.get("cpu_s_per_gb_server").isNull(), client::out);
        }
    }

    @Test
    void ipsecMbSealsWhereItIsAskedForOrTheReasonIsTold() throws Exception {
        Session session = Session.run("perf", "--seconds", "1", "--warmup", "0", "--aead", "ipsec-mb", "--json");
        String reason = IpsecMbPacketProtection.unavailableReason();
        if (reason == null) {
            JsonNode report = json(session);
            assertEquals("ipsec-mb", report.get("aead").asText());
            assertTrue(report.get("gbps").asDouble() > 0, session::out);
        } else {
            assertEquals(1, session.exit());
            assertTrue(session.err().startsWith("stoq: ipsec-mb is not available: " + reason), session::err);
            assertEquals("", session.out());
        }
    }

    @Test
    void anotherProviderOfTheClassPathSeals() throws Exception {
        JsonNode report =
                json(Session.run("perf", "--seconds", "1", "--warmup", "0", "--provider", "BC", "--verify", "--json"));
        assertEquals("jca", report.get("aead").asText());
        assertEquals("BC", report.get("aead_implementation").asText());
        assertTrue(report.get("gbps").asDouble() > 0, report::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"perf", "perf server", "perf client [::1]:4433 --insecure", "serve .", "get https://[::1]/x"})
    void anUnknownProviderIsToldOfWithThoseThatThereAre(String command) throws Exception {
        Session session = Session.run((command + " --provider Acme").split(" "));
        assertEquals(1, session.exit(), session::out);
        assertTrue(session.err().contains("unknown security provider 'Acme'; there are "), session::err);
        assertTrue(session.err().contains("SunJCE"), session::err);
        assertTrue(session.err().contains("BC"), session::err);
        assertFalse(session.err().contains("\tat "), session::err);
    }

    @Test
    void theReportForPeopleHasTheRateFirst() throws Exception {
        Session session = Session.run("perf", "--seconds", "1", "--warmup", "0");
        assertEquals(0, session.exit(), session::err);
        assertTrue(session.out().matches("(?s)[0-9.]+ [GM]bit/s of application data delivered: .*"), session::out);
        assertTrue(session.out().contains("AEAD "), session::out);
        assertTrue(session.out().contains("s per GB"), session::out);
        assertTrue(session.out().contains("lost and repeated"), session::out);
    }

    @Test
    void aServerThatEndsInMidMeasurementIsToldOf() throws Exception {
        Session client;
        try (Session server = Session.start("perf", "server", "--listen", "::1", "--port", "0")) {
            String port = server.awaitLine("on \\[::1]:(\\d+),");
            client = Session.start("perf", "client", "[::1]:" + port, "--seconds", "3600", "--insecure");
            client.awaitLine("( 1 s )");
        }
        assertEquals(1, client.exit(), client::err);
        assertTrue(client.err().contains("stoq: the peer closed the connection"), client::err);
        assertFalse(client.err().contains("\tat "), client::err);
    }

    @Test
    void aPortInUseIsToldOfByTheServerProcess() throws Exception {
        try (Session server = Session.start("perf", "server", "--listen", "::1", "--port", "0")) {
            String port = server.awaitLine("on \\[::1]:(\\d+),");
            Session session = Session.run("perf", "--port", port, "--quiet");
            assertEquals(1, session.exit(), session::err);
            assertTrue(session.err().contains("the server process ended: cannot bind [::1]:" + port), session::err);
        }
    }
}
