package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.search.Search;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.config.ConnectionConfig;
import io.stoq.pool.PoolConfig;
import io.stoq.transport.metrics.StoqMetrics;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What registries and Flight Recorder are told of pools. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoolTelemetryTest {

    private static final ConnectionConfig IMPATIENT =
            ConnectionConfig.builder().handshakeTimeout(Duration.ofMillis(300)).build();

    private final StoqTransport clients = StoqTransport.builder().eventLoops(2).build();
    private final StoqTransport servers = StoqTransport.builder().eventLoops(1).build();
    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry simple = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        clients.close();
        servers.close();
    }

    private StoqServer echo() throws StoqException {
        return servers.server()
                .tls(Pair.serverTls("test"))
                .bind("::1", 0)
                .onStream(stream -> stream.inputStream().transferTo(stream.outputStream()))
                .start();
    }

    private PoolBuilder pool(int port, PoolConfig.Builder config) {
        return clients.pool("::1", port)
                .tls(Pair.clientTls("test"))
                .connections(IMPATIENT)
                .config(config.backoff(Duration.ofMillis(10), Duration.ofMillis(20), 0.5)
                        .build());
    }

    private PoolBuilder pool(StoqServer server) {
        return pool(server.localAddress().getPort(), PoolConfig.builder().connections(1, 1));
    }

    @Test
    void prometheusReadsWhatAPoolDoes() throws Exception {
        PrometheusMeterRegistry prometheus =
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), clock);
        try (StoqServer server = echo();
                StoqPool pool = pool(server).name("replication").build();
                StoqMetrics metrics = new StoqMetrics(clients)) {
            metrics.bindTo(prometheus);
            PoolLease lease = pool.acquire();
            pool.acquire().release();
            pool.acquire().release();
            String read = scrape(prometheus);
            assertHas(read, "stoq_pool_connections{pool=\"replication\",state=\"healthy\"} 1.0");
            assertHas(read, "stoq_pool_connections{pool=\"replication\",state=\"degraded\"} 0.0");
            assertHas(read, "stoq_pool_breaker{pool=\"replication\",state=\"closed\"} 1.0");
            assertHas(read, "stoq_pool_breaker{pool=\"replication\",state=\"open\"} 0.0");
            assertHas(read, "stoq_pool_in_flight{pool=\"replication\"} 1.0");
            assertHas(read, "stoq_pool_waiting{pool=\"replication\"} 0.0");
            assertHas(read, "stoq_pool_acquired_total{pool=\"replication\"} 3.0");
            assertHas(read, "stoq_pool_opened_total{pool=\"replication\"} 1.0");
            lease.release();
            servers.close();
            while (pool.statistics().dialsFailed() == 0) {
                Thread.yield();
            }
            String after = scrape(prometheus);
            assertHas(after, "stoq_pool_broken_total{pool=\"replication\"} 1.0");
            assertFalse(after.contains("stoq_pool_dials_failed_total{pool=\"replication\"} 0.0"), after);
            assertHas(after, "stoq_pool_acquired_total{pool=\"replication\"} 3.0");
        }
    }

    private String scrape(PrometheusMeterRegistry registry) {
        clock.add(Duration.ofSeconds(1));
        return registry.scrape();
    }

    private static void assertHas(String text, String line) {
        assertTrue(text.contains("\n" + line + "\n"), () -> line + " is not in\n" + text);
    }

    @Test
    void thoseWhoWaitAreCounted() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress("::1", 0));
                StoqPool pool = pool(silent.getLocalPort(), PoolConfig.builder().breaker(1000, Duration.ofSeconds(1)))
                        .build();
                StoqMetrics metrics = new StoqMetrics(clients)) {
            metrics.bindTo(simple);
            List<Thread> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiting.add(
                        Thread.startVirtualThread(() -> assertThrows(StoqException.Interrupted.class, pool::acquire)));
            }
            awaitValue("stoq.pool.waiting", 3);
            assertEquals(0, pool.statistics().acquired());
            for (Thread thread : waiting) {
                thread.interrupt();
                thread.join();
            }
            awaitValue("stoq.pool.waiting", 0);
        }
    }

    private void awaitValue(String gauge, double value) {
        while (simple.get(gauge).gauge().value() != value) {
            clock.add(Duration.ofSeconds(1));
            Thread.yield();
        }
    }

    @Test
    void metersOfPoolsComeAndGoWithThem() throws Exception {
        try (StoqServer server = echo();
                StoqMetrics metrics = new StoqMetrics(clients, Tags.of("node", "a"))) {
            metrics.bindTo(simple);
            assertNull(ofPool("late").meter());
            StoqPool pool = pool(server).name("late").build();
            StoqPool second = pool(server).name("late").build();
            assertEquals("late-2", second.name(), "names are not given twice");
            awaitMeters("late", true);
            awaitMeters("late-2", true);
            assertEquals("a", ofPool("late").meter().getId().getTag("node"));
            second.close();
            awaitMeters("late-2", false);
            assertFalse(ofPool("late").meters().isEmpty());
            pool.close();
            awaitMeters("late", false);
            assertEquals(1, simple.get("stoq.sockets").meters().size(), "the transport's own stay");
        }
        assertTrue(simple.getMeters().isEmpty());
    }

    private Search ofPool(String name) {
        return simple.find("stoq.pool.opened").tag("pool", name);
    }

    private void awaitMeters(String pool, boolean there) {
        while (ofPool(pool).meters().isEmpty() == there) {
            clock.add(Duration.ofSeconds(1));
            simple.get("stoq.sockets").gauge().value();
            Thread.yield();
        }
    }

    @Test
    void aRegistryThatThrowsHurtsNoPool() throws Exception {
        MeterRegistry broken = new Refusing(clock);
        try (StoqServer server = echo();
                StoqPool pool = pool(server).build();
                StoqMetrics metrics = new StoqMetrics(clients)) {
            metrics.bindTo(broken);
            assertTrue(broken.getMeters().isEmpty());
            int answer = pool.exchange(stream -> {
                stream.outputStream().write(7);
                stream.finish();
                return stream.inputStream().read();
            });
            assertEquals(7, answer);
        }
    }

    /** Takes no meter at all. */
    private static final class Refusing extends SimpleMeterRegistry {

        Refusing(Clock clock) {
            super(SimpleConfig.DEFAULT, clock);
            config().onMeterAdded(meter -> {
                throw new IllegalStateException("out of order");
            });
        }
    }

    @Test
    void aRecordingTellsTheLifeOfAPool() throws Exception {
        List<RecordedEvent> events;
        String live;
        String dead;
        try (Recording recording = new Recording()) {
            recording.enable("io.stoq.PoolConnectionState");
            recording.enable("io.stoq.PoolDialFailed");
            recording.enable("io.stoq.PoolBreakerState");
            recording.enable("io.stoq.PoolBackOff");
            recording.enable("io.stoq.PoolAddresses");
            recording.enable("io.stoq.PoolResolveFailed");
            recording.enable("io.stoq.PoolFailover");
            recording.start();
            try (StoqServer server = echo();
                    DatagramSocket silent = new DatagramSocket(new InetSocketAddress("::1", 0))) {
                InetAddress loopback = InetAddress.getByName("::1");
                InetSocketAddress first = new InetSocketAddress(loopback, silent.getLocalPort());
                InetSocketAddress second = server.localAddress();
                dead = first.toString();
                live = second.toString();
                failOverAndBreak(server, List.of(first, second));
            }
            unresolved();
            recording.stop();
            Path file = folder.resolve("pool.jfr");
            recording.dump(file);
            events = RecordingFile.readAllEvents(file);
        }
        List<String> states = of(events, "io.stoq.PoolConnectionState")
                .filter(event -> event.getLong("member") == 1)
                .peek(event -> assertEquals(live, event.getString("remote")))
                .map(event -> event.getString("oldState") + " > " + event.getString("newState"))
                .toList();
        assertEquals(List.of("dialing > healthy", "healthy > broken"), states);
        assertEquals(
                "closed > open",
                of(events, "io.stoq.PoolBreakerState")
                        .map(event -> event.getString("oldState") + " > " + event.getString("newState"))
                        .findFirst()
                        .orElseThrow());
        assertEquals(
                dead + " " + live,
                of(events, "io.stoq.PoolAddresses").findFirst().orElseThrow().getString("addresses"));
        assertTrue(of(events, "io.stoq.PoolDialFailed")
                .anyMatch(event -> event.getString("remote").equals(dead)
                        && event.getString("reason").contains("handshake")));
        assertTrue(of(events, "io.stoq.PoolBackOff").anyMatch(event -> event.getInt("failures") == 2));
        assertEquals(
                live,
                of(events, "io.stoq.PoolFailover").findFirst().orElseThrow().getString("remote"));
        assertTrue(events.stream()
                .anyMatch(event -> event.getEventType().getName().equals("io.stoq.PoolResolveFailed")
                        && event.getString("pool").equals("nowhere")));
    }

    /** A request moves as its connection breaks; then the server goes, and the breaker opens. */
    private void failOverAndBreak(StoqServer server, List<InetSocketAddress> addresses) throws Exception {
        PoolConfig.Builder config = PoolConfig.builder().connections(1, 1).breaker(2, Duration.ofMinutes(1));
        try (StoqPool pool = pool(addresses.getLast().getPort(), config)
                .name("recorded")
                .resolver((host, port) -> addresses)
                .build()) {
            int[] runs = new int[1];
            pool.exchange(stream -> {
                if (++runs[0] == 1) {
                    stream.connection().close();
                }
                stream.finish();
                return stream.inputStream().read();
            });
            assertEquals(2, runs[0]);
            server.close();
            while (pool.statistics().dialsFailed() < 2) {
                Thread.yield();
            }
        }
    }

    private void unresolved() throws StoqException {
        try (StoqPool pool = clients.pool("no-such-host.invalid:4433")
                .tls(Pair.clientTls("test"))
                .name("nowhere")
                .build()) {
            assertThrows(StoqException.Address.class, pool::acquire);
        }
    }

    private static Stream<RecordedEvent> of(List<RecordedEvent> events, String type) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(type))
                .filter(event -> event.getString("pool").equals("recorded"));
    }
}
