package io.stoq.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code stoq perf --hold}: two JVMs with a few hundred connections. How much memory they take, larger numbers tell. */
class PerfHoldTest {

    @Test
    @EnabledOnOs(OS.LINUX)
    void hundredsOfConnectionsAreHeldUsedAndClosedWithoutAFailure() throws Exception {
        Session session = Session.run("perf", "--connections", "300", "--hold", "2", "--idle", "1", "--json");
        assertEquals(0, session.exit(), session::err);
        assertEquals(1, session.out().lines().count(), session::out);
        JsonNode report = new ObjectMapper().readTree(session.out());
        for (String none : new String[] {
            "failures",
            "handshake_failures",
            "lost_connections",
            "failed_requests",
            "unclean_ends",
            "file_descriptors_added"
        }) {
            assertEquals(0, report.required(none).asLong(-1), none + " in " + session.out());
        }
        assertTrue(report.required("first_failure").isNull(), session::out);
        assertEquals(300, report.required("connections").asInt());
        assertEquals(300, report.required("established").asInt());
        assertEquals(600, report.required("requests").asLong());
        assertEquals(600, report.required("answers").asLong());
        for (String number : new String[] {
            "heap_bytes_per_connection",
            "heap_bytes_per_connection_client",
            "heap_bytes_per_connection_server",
            "rss_bytes_per_connection",
            "rss_bytes_per_connection_client",
            "rss_bytes_per_connection_server",
            "idle_cpu_percent",
            "request_cpu_percent_client",
            "request_cpu_percent_server",
            "other_cpu_percent",
            "statistics_ms"
        }) {
            assertTrue(report.required(number).isNumber(), number + " in " + session.out());
        }
        assertTrue(report.required("file_descriptors").asLong() > 0, session::out);
        JsonNode latency = report.required("latency_us");
        double before = 0;
        for (String percentile : new String[] {"p50", "p90", "p99", "p99_9", "max"}) {
            assertTrue(latency.required(percentile).asDouble() >= before, session::out);
            before = latency.required(percentile).asDouble();
        }
        assertTrue(before > 0, session::out);
        assertEquals(3, report.required("steps").size());
        assertEquals(30, report.required("steps").get(0).required("connections").asInt());
        assertTrue(session.err().contains("300 connections  heap: client "), session::err);
    }

    @Test
    void theReportForPeopleHasTheFailuresFirst() throws Exception {
        Session session = Session.run("perf", "--connections", "10", "--hold", "1", "--idle", "1", "--io", "nio");
        assertEquals(0, session.exit(), session::err);
        assertTrue(
                session.out().startsWith("10 connections held, no failure: 10 requests answered of 10 in 1 s"),
                session::out);
        assertTrue(session.out().contains("per idle connection"), session::out);
        assertFalse(session.out().contains("null"), session::out);
    }

    @ParameterizedTest
    @CsvSource({
        "--connections 9 --hold 1, --connections is 9; --hold measures a slope and needs 10 or more",
        "--connections 10 --hold 1 --streams 2, --streams does not go with --hold",
        "--connections 10 --idle 1, --idle needs --hold SECONDS"
    })
    void whatMakesNoSenseIsRefused(String options, String message) throws Exception {
        Session session = Session.run(("perf " + options).split(" "));
        assertEquals(Stoq.USAGE, session.exit(), session::err);
        assertTrue(session.err().contains(message), session::err);
    }
}
