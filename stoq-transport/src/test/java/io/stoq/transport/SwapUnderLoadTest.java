package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.stoq.StoqConnection;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.tls.Identity;
import io.stoq.tls.IdentitySource;
import io.stoq.tls.LiveEvent;
import io.stoq.tls.LiveIdentity;
import io.stoq.tls.LiveOptions;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import io.stoq.transport.metrics.ExpiryMetrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server's certificate is replaced on disk, every tenth of a second, while clients connect over sockets. More of it by
 * {@code -Dio.stoq.test.handshakes=10000}.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SwapUnderLoadTest {

    private static final int HANDSHAKES = Integer.getInteger("io.stoq.test.handshakes", 400);
    private static final int AT_ONCE = 8;
    private static final int SWAPS = 3;

    @TempDir
    private Path folder;

    private final List<Identity> identities =
            IntStream.range(0, 4).mapToObj(i -> Identity.selfSigned("::1")).toList();
    private final AtomicInteger swaps = new AtomicInteger();
    private final AtomicInteger handshakes = new AtomicInteger();
    private final List<LiveEvent> refused = new ArrayList<>();
    private int written;

    /** Both in one file, which is renamed over the last one. */
    private Path writeNext() throws Exception {
        Path chain = folder.resolve("chain.pem");
        Path key = folder.resolve("key.pem");
        identities.get(written++ % identities.size()).writePem(chain, key);
        Path next = folder.resolve("next.pem");
        Files.writeString(next, Files.readString(chain) + Files.readString(key));
        return Files.move(next, folder.resolve("node.pem"), StandardCopyOption.ATOMIC_MOVE);
    }

    private LiveIdentity live() throws Exception {
        Path file = writeNext();
        LiveOptions options = new LiveOptions(LiveOptions.MIN_INTERVAL, event -> {
            if (event instanceof LiveEvent.Swapped) {
                swaps.incrementAndGet();
            } else {
                refused.add(event);
            }
        });
        return LiveIdentity.start(IdentitySource.pem(file, file), options);
    }

    @Test
    void noHandshakeFailsAndNoConnectionIsDropped() throws Exception {
        StoqTls client = StoqTls.builder()
                .trust(Trust.certificates(identities.stream()
                        .map(identity -> identity.certificates().getFirst())
                        .toArray(X509Certificate[]::new)))
                .applicationProtocols("test")
                .build();
        Set<X509Certificate> shown = ConcurrentHashMap.newKeySet();
        try (LiveIdentity live = live();
                StoqTransport transport = StoqTransport.builder().eventLoops(1).build();
                StoqServer server = transport
                        .server()
                        .tls(StoqTls.builder()
                                .identity(live)
                                .applicationProtocols("test")
                                .build())
                        .bind("::1", 0)
                        .onStream(stream -> stream.inputStream().transferTo(stream.outputStream()))
                        .start();
                StoqConnection first = transport.client().tls(client).connect(server.localAddress());
                ScheduledExecutorService swapping = Executors.newSingleThreadScheduledExecutor();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> swapper = swapping.scheduleAtFixedRate(this::swap, 100, 100, TimeUnit.MILLISECONDS);
            Callable<Void> connecting = () -> {
                while (handshakes.incrementAndGet() <= HANDSHAKES || swaps.get() < SWAPS) {
                    try (StoqConnection connection =
                            transport.client().tls(client).connect(server.localAddress())) {
                        shown.add(connection.peerCertificates().getFirst());
                    }
                }
                return null;
            };
            List<Future<Void>> all = IntStream.range(0, AT_ONCE)
                    .mapToObj(i -> threads.submit(connecting))
                    .toList();
            for (Future<Void> each : all) {
                each.get();
            }
            assertTrue(swapper.cancel(false));
            assertEquals(List.of(), refused);
            assertTrue(shown.size() >= Math.min(SWAPS, identities.size()), () -> shown.size() + " were shown");
            try (StoqStream stream = first.openStream()) {
                stream.outputStream().write(new byte[] {1, 2, 3});
                stream.finish();
                assertEquals(3, stream.inputStream().readAllBytes().length);
            }
            System.out.println(handshakes.get() - AT_ONCE + " handshakes, " + swaps + " swaps, none failed");
        }
    }

    private void swap() {
        try {
            writeNext();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aGaugeTellsHowLongTheCertificateIsGood() throws Exception {
        MockClock clock = new MockClock();
        SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
        Instant now = Instant.ofEpochMilli(clock.wallTime());
        ExpiryMetrics.identity("server", () -> now.plusSeconds(90)).bindTo(registry);
        ExpiryMetrics.trust("clients", () -> now.plusSeconds(30)).bindTo(registry);
        clock.add(Duration.ofSeconds(60));
        var identity = registry.get("stoq.identity.expiry.seconds").tag("identity", "server");
        assertEquals(30, identity.gauge().value(), 0.01);
        var trust = registry.get("stoq.trust.expiry.seconds").tag("trust", "clients");
        assertEquals(-30, trust.gauge().value(), 0.01);
        try (LiveIdentity live = live()) {
            PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            ExpiryMetrics.identity("server", live::expires).bindTo(prometheus);
            String line = prometheus
                    .scrape()
                    .lines()
                    .filter(each -> each.startsWith("stoq_identity_expiry_seconds{identity=\"server\"}"))
                    .findFirst()
                    .orElseThrow();
            double days = Double.parseDouble(line.substring(line.indexOf(' ')))
                    / Duration.ofDays(1).toSeconds();
            assertTrue(days > 29 && days < 30, line);
        }
    }
}
