package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.stoq.transport.metrics.ExpiryMetrics;
import io.stoq.transport.metrics.StoqMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What registries read of a running transport. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StoqMetricsTest {

    private static final int MIB = 1 << 20;
    /** All values of all tags, but the name of the pool. */
    private static final Map<String, Set<String>> TAGS = Map.of(
            "pool", Set.of("p"),
            "state", Set.of("healthy", "degraded", "draining", "dialing", "closed", "open", "half_open"),
            "outcome", Set.of("accepted", "unreadable", "expired", "reused"),
            "reason",
                    Set.of(
                            "application",
                            "transport",
                            "tls",
                            "idle_timeout",
                            "handshake_timeout",
                            "stateless_reset",
                            "version_negotiation"));

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry simple = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    @Test
    void metersFollowTheTransportAndVanishWithIt() throws Exception {
        StoqMetrics metrics;
        try (Pair pair = new Pair("auto")) {
            metrics = new StoqMetrics(pair.clientTransport, Tags.of("transport", "client"));
            metrics.bindTo(simple);
            assertEquals(1, simple.get("stoq.connections").gauge().value());
            double before = count("stoq.udp.sent");
            Pair.exchange(pair.client, pair.peer(), MIB);
            assertEquals(before, count("stoq.udp.sent"), "one snapshot serves a whole reading");
            clock.add(Duration.ofSeconds(1));
            assertTrue(count("stoq.udp.sent") > before + MIB);
            assertTrue(simple.get("stoq.rtt.mean").gauge().value() > 0);
            FunctionTimer handshakes = simple.get("stoq.handshakes").functionTimer();
            assertEquals(1, handshakes.count());
            assertEquals(
                    pair.client.statistics().handshakeNs(), handshakes.totalTime(TimeUnit.NANOSECONDS), 1, "in ns");
            pair.client.close(9, "bye");
            pair.client.closed().get();
        }
        clock.add(Duration.ofSeconds(1));
        assertFalse(simple.getMeters().isEmpty());
        count("stoq.udp.sent"); // finds the transport closed
        while (!simple.getMeters().isEmpty()) {
            Thread.onSpinWait(); // another thread removes them
        }
        metrics.close();
    }

    @Test
    void noTagHasAValueThatAPeerChose() throws Exception {
        try (Pair pair = new Pair("auto")) {
            poolNamed("p", pair);
            new StoqMetrics(pair.clientTransport).bindTo(simple);
            Set<String> used = new TreeSet<>();
            for (Meter meter : simple.getMeters()) {
                for (Tag tag : meter.getId().getTags()) {
                    used.add(tag.getKey());
                    assertTrue(TAGS.get(tag.getKey()).contains(tag.getValue()), tag::toString);
                }
            }
            assertEquals(TAGS.keySet(), used);
        }
    }

    private static void poolNamed(String name, Pair pair) throws Exception {
        pair.clientTransport
                .pool("::1", pair.server.localAddress().getPort())
                .tls(Pair.clientTls("test"))
                .name(name)
                .build();
    }

    @Test
    void prometheusAndOtlpRegistriesTakeThemAll() throws Exception {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        OtlpConfig unpublished = key -> key.equals("otlp.enabled") ? "false" : null;
        OtlpMeterRegistry otlp = new OtlpMeterRegistry(unpublished, clock);
        try (Pair pair = new Pair("auto");
                StoqMetrics metrics = new StoqMetrics(pair.clientTransport)) {
            metrics.bindTo(simple);
            metrics.bindTo(prometheus);
            metrics.bindTo(otlp);
            int meters = simple.getMeters().size();
            assertTrue(meters > 40, "there are " + meters);
            assertEquals(meters, prometheus.getMeters().size());
            assertEquals(meters, otlp.getMeters().size());
            assertTrue(prometheus.scrape().contains("\nstoq_connections 1.0\n"), prometheus::scrape);
        } finally {
            otlp.close();
        }
    }

    @Test
    void anOtlpRegistryWhoseCollectorIsGoneHurtsNobody() throws Exception {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        OtlpConfig gone = key -> switch (key) {
            case "otlp.url" -> "http://localhost:" + closedPort + "/v1/metrics";
            case "otlp.step" -> "50ms";
            case "otlp.connectTimeout", "otlp.readTimeout" -> "200ms";
            default -> null;
        };
        AtomicInteger published = new AtomicInteger();
        OtlpMeterRegistry otlp = new OtlpMeterRegistry(gone, Clock.SYSTEM) {
            @Override
            protected void publish() {
                super.publish();
                published.incrementAndGet();
            }
        };
        try (Pair pair = new Pair("auto");
                StoqMetrics metrics = new StoqMetrics(pair.clientTransport)) {
            metrics.bindTo(otlp);
            while (published.get() < 3) {
                Pair.exchange(pair.client, pair.peer(), 1000);
            }
            assertEquals(1, otlp.get("stoq.connections").gauge().value());
        } finally {
            otlp.close();
        }
    }

    @Test
    void aRegistryThatThrowsHurtsNobody() throws Exception {
        MeterRegistry broken = new BrokenRegistry(clock);
        try (Pair pair = new Pair("auto");
                StoqMetrics metrics = new StoqMetrics(pair.clientTransport)) {
            metrics.bindTo(broken);
            Pair.exchange(pair.client, pair.peer(), MIB);
            assertTrue(
                    broken.getMeters().stream().allMatch(meter -> meter.getId().getType() == Meter.Type.GAUGE));
            assertFalse(broken.getMeters().isEmpty(), "those that it takes are there");
        }
    }

    @Test
    void theGuideListsEachMeter() throws Exception {
        try (Pair pair = new Pair("auto")) {
            poolNamed("p", pair);
            new StoqMetrics(pair.clientTransport).bindTo(simple);
            ExpiryMetrics.identity("server", Instant::now).bindTo(simple);
            ExpiryMetrics.trust("clients", Instant::now).bindTo(simple);
            Set<String> names = simple.getMeters().stream()
                    .map(meter -> meter.getId().getName())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(names, documented());
        }
    }

    /** The names in the first column of the guide's tables. */
    private static Set<String> documented() throws IOException {
        Path guide = Path.of("..", "docs", "guide", "metrics.md");
        try (var lines = Files.lines(guide)) {
            return lines.filter(line -> line.startsWith("| `stoq."))
                    .map(line -> line.substring(3, line.indexOf('`', 3)))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private double count(String name) {
        return simple.get(name).functionCounter().count();
    }

    /** Refuses counters and timers. */
    private static final class BrokenRegistry extends SimpleMeterRegistry {

        BrokenRegistry(MockClock clock) {
            super(SimpleConfig.DEFAULT, clock);
        }

        @Override
        protected <T> FunctionCounter newFunctionCounter(Meter.Id id, T of, ToDoubleFunction<T> value) {
            throw new IllegalStateException("out of order");
        }

        @Override
        protected <T> FunctionTimer newFunctionTimer(
                Meter.Id id, T of, ToLongFunction<T> count, ToDoubleFunction<T> total, TimeUnit unit) {
            throw new IllegalStateException("out of order");
        }
    }
}
