package io.stoq.bench.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.stoq.transport.StoqTransport;
import io.stoq.transport.metrics.StoqMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Lets Prometheus scrape a transport at {@code http://[::1]:port/metrics}, from this machine only. */
public final class MetricsServer implements AutoCloseable {

    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final StoqMetrics metrics;
    private final HttpServer http;

    /**
     * @param port 0 for any free one
     * @throws IOException where it cannot be bound
     */
    public MetricsServer(StoqTransport transport, int port) throws IOException {
        metrics = new StoqMetrics(transport);
        metrics.bindTo(registry);
        http = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("::1"), port), 0);
        http.createContext("/metrics", this::scrape);
        http.start();
    }

    public int port() {
        return http.getAddress().getPort();
    }

    private void scrape(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] page = registry.scrape(CONTENT_TYPE).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        }
    }

    @Override
    public void close() {
        http.stop(0);
        metrics.close();
        registry.close();
    }
}
