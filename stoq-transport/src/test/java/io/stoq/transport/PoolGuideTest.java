package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.config.ConnectionConfig;
import io.stoq.pool.MemberState;
import io.stoq.pool.PoolConfig;
import io.stoq.pool.PoolEvent;
import io.stoq.pool.PoolEvents;
import io.stoq.pool.Selection;
import io.stoq.tls.StoqTls;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The snippets of docs/guide/pool.md: compiled and run here; {@code GuideTest} compares them with what is printed there. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoolGuideTest {

    private final StoqTransport transport = StoqTransport.create();
    private final StoqTls tls = Pair.clientTls("test");
    private StoqServer server;
    private int port;

    @BeforeEach
    void start() throws StoqException {
        server = transport
                .server()
                .tls(Pair.serverTls("test"))
                .bind("::1", 0)
                .onStream(stream -> stream.inputStream().transferTo(stream.outputStream()))
                .start();
        port = server.localAddress().getPort();
    }

    @AfterEach
    void stop() {
        transport.close();
    }

    @Test
    void requests() throws Exception {
        // spotless:off
        try (StoqPool pool = transport.pool("localhost", port).tls(tls).build()) {
            String answer = pool.exchange(stream -> {
                stream.outputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                stream.finish();
                return new String(stream.inputStream().readAllBytes(), StandardCharsets.UTF_8);
            });
            // spotless:on
            assertEquals("hello", answer);
        }
    }

    @Test
    void streamsAndConnections() throws Exception {
        try (StoqPool pool = transport.pool("localhost", port).tls(tls).build()) {
            // spotless:off
            try (StoqStream stream = pool.openStream()) {
                stream.outputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                stream.finish();
                stream.inputStream().readAllBytes();
            }
            try (PoolLease lease = pool.acquire()) {
                lease.connection().sendDatagram(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            }
            // spotless:on
            assertEquals(1, pool.statistics().opened());
        }
    }

    @Test
    void keys() throws Exception {
        long customer = 4711;
        PoolConfig several = PoolConfig.builder().connections(3, 3).build();
        try (StoqPool pool =
                transport.pool("localhost", port).tls(tls).config(several).build()) {
            while (pool.statistics().healthy() < 3) {
                Thread.yield();
            }
            // spotless:off
            StoqStream first = pool.openStream(customer);
            StoqStream second = pool.openStream(customer); // the same connection while it takes work
            // spotless:on
            assertSame(first.connection(), second.connection());
            first.reset(0);
            first.stopSending(0);
            second.reset(0);
            second.stopSending(0);
        }
    }

    @Test
    void configuration() throws Exception {
        // spotless:off
        PoolConfig config = PoolConfig.builder()
                .connections(2, 32) // always kept, and at most
                .requestsPerConnection(64) // at three quarters of it another one is opened
                .idleRetirement(Duration.ofMinutes(5)) // those beyond the minimum go when they are idle
                .selection(Selection.LEAST_LOADED)
                .acquireTimeout(Duration.ofSeconds(3))
                .backoff(Duration.ofMillis(100), Duration.ofSeconds(10), 0.5)
                .breaker(5, Duration.ofSeconds(5))
                .build();
        StoqPool pool = transport.pool("localhost", port)
                .tls(tls)
                .config(config)
                .connections(ConnectionConfig.builder().handshakeTimeout(Duration.ofSeconds(2)).build())
                .build();
        // spotless:on
        pool.acquire().release();
        // spotless:off
        pool.drain(Duration.ofSeconds(5)); // nothing new; what is in flight may finish
        pool.close(); // the same for drainTimeout; after a drain it does nothing
        // spotless:on
        assertEquals(0, pool.statistics().healthy());
    }

    @Test
    void events() throws Exception {
        BlockingQueue<String> log = new LinkedBlockingQueue<>();
        // spotless:off
        PoolEvents listener = event -> {
            switch (event) {
                case PoolEvent.StateChanged changed when changed.to() == MemberState.BROKEN ->
                    log.add("connection " + changed.member() + " broke: " + changed.reason());
                case PoolEvent.BreakerChanged breaker -> log.add("breaker " + breaker.to());
                default -> {}
            }
        };
        // spotless:on
        try (StoqPool pool =
                transport.pool("localhost", port).tls(tls).events(listener).build()) {
            pool.acquire().release();
            server.close();
            String told = log.take();
            assertTrue(told.startsWith("connection 1 broke"), told);
        }
    }

    @Test
    void addresses() throws Exception {
        // spotless:off
        PoolResolver resolver = (host, port) -> List.of(
                new InetSocketAddress("2001:db8::1", port), // the best first
                new InetSocketAddress("::1", port));
        // spotless:on
        try (StoqPool pool =
                transport.pool("localhost", port).tls(tls).resolver(resolver).build()) {
            pool.acquire().release();
        }
    }
}
