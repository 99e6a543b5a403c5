package io.stoq.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A Prometheus that scrapes commands while they run. */
class MetricsTest {

    @Test
    void aRunningMeasurementIsScraped() throws Exception {
        try (Session server =
                Session.start("perf", "server", "--listen", "::1", "--port", "0", "--metrics-port", "0")) {
            String serverMetrics = server.awaitLine("metrics at (http://\\[::1]:\\d+/metrics)");
            String port = server.awaitLine("on \\[::1]:(\\d+),");
            // The first request takes its time, and the measurement below goes on without waiting for it.
            assertEquals(0, value(scrape(serverMetrics), "stoq_connections"));
            Session client = Session.start(
                    "perf",
                    "client",
                    "[::1]:" + port,
                    "--seconds",
                    "5",
                    "--warmup",
                    "0",
                    "--insecure",
                    "--metrics-port",
                    "0");
            String clientMetrics = client.awaitLine("metrics at (http://\\[::1]:\\d+/metrics)");
            client.awaitLine("( 1 s )");
            String sent = scrape(clientMetrics);
            assertEquals(1, value(sent, "stoq_connections"));
            assertEquals(1, value(sent, "stoq_handshakes_seconds_count"));
            assertTrue(value(sent, "stoq_udp_sent_bytes_total") > 1_000_000, sent);
            assertTrue(value(sent, "stoq_packets_sent_total") > 100, sent);
            assertTrue(value(sent, "stoq_congestion_window_bytes") > 0, sent);
            String received = scrape(serverMetrics);
            assertEquals(1, value(received, "stoq_connections_accepted_total"));
            assertTrue(value(received, "stoq_udp_received_bytes_total") > 1_000_000, received);
            assertEquals(0, client.exit(), client::err);
        }
    }

    @Test
    void aPortInUseIsToldOf() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.ofLiteral("::1"))) {
            Session session = Session.run(
                    "perf", "server", "--listen", "::1", "--port", "0", "--metrics-port", "" + taken.getLocalPort());
            assertEquals(1, session.exit());
            assertTrue(session.err().contains("stoq: metrics cannot be served on [::1]:"), session::err);
        }
    }

    private static String scrape(String address) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> page = http.send(
                    HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
            assertEquals(200, page.statusCode());
            return page.body();
        }
    }

    private static double value(String page, String name) {
        Matcher line = Pattern.compile("^" + name + " ([0-9.E+-]+)$", Pattern.MULTILINE)
                .matcher(page);
        assertTrue(line.find(), () -> "no " + name + " in\n" + page);
        return Double.parseDouble(line.group(1));
    }
}
