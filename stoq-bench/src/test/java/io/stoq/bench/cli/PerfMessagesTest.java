package io.stoq.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages, echoes and handshakes between two JVMs, briefly: what is reported, not how fast it was. */
class PerfMessagesTest {

    @ParameterizedTest
    @ValueSource(strings = {"stream", "datagram"})
    void smallMessagesOfTwoThreadsAreCountedByTheReceiver(String kind) throws Exception {
        JsonNode report = json(messages("--message-kind", kind, "--threads", "2"));
        assertEquals(kind, report.get("message_kind").asText());
        assertEquals(64, report.get("message_bytes").asInt());
        assertEquals(2, report.get("threads").asInt());
        assertTrue(report.get("messages_per_s").asDouble() > 0, report::toString);
        assertTrue(report.get("messages").asLong() > 0, report::toString);
        assertTrue(report.get("latency_us").isNull(), report::toString);
    }

    @Test
    void echoesAreTimedFromWhenTheyWereDue() throws Exception {
        JsonNode report = json(messages("--message-kind", "echo", "--rate", "200"));
        assertEquals("echo", report.get("message_kind").asText());
        assertEquals(200, report.get("offered_per_s").asInt());
        assertFalse(report.get("fell_behind").isNull(), report::toString);
        JsonNode latency = report.get("latency_us");
        double before = 0;
        for (String percentile : new String[] {"p50", "p90", "p99", "p99_9", "max"}) {
            double value = latency.get(percentile).asDouble();
            assertTrue(value > 0 && value >= before, percentile + " in " + latency);
            before = value;
        }
    }

    @Test
    void handshakesAreCountedByTheServerAndLeaveNothingBehind() throws Exception {
        JsonNode report = json(Session.run(
                "perf", "handshakes", "--seconds", "1", "--warmup", "0", "--concurrency", "4", "--quiet", "--json"));
        assertEquals("ECDSA P-256", report.get("certificate").asText());
        assertEquals("x25519", report.get("key_exchange").asText());
        assertEquals(4, report.get("concurrency").asInt());
        assertTrue(report.get("handshakes_per_s").asDouble() > 0, report::toString);
        assertTrue(report.get("handshakes_per_server_cpu_s").asDouble() > 0, report::toString);
        assertEquals(0, report.get("failures").asInt());
        assertEquals(0, report.get("server_connections_left").asInt());
    }

    private static Session messages(String... options) throws Exception {
        String[] start = {"perf", "--message", "64", "--seconds", "1", "--warmup", "0", "--quiet", "--json"};
        String[] all = Arrays.copyOf(start, start.length + options.length);
        System.arraycopy(options, 0, all, start.length, options.length);
        return Session.run(all);
    }

    private static JsonNode json(Session session) throws Exception {
        assertEquals(0, session.exit(), session::err);
        return new ObjectMapper().readTree(session.out());
    }
}
