package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.CloseReason;
import io.stoq.ConnectionHandler;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.config.ConnectionConfig;
import io.stoq.pool.MemberState;
import io.stoq.pool.PoolConfig;
import io.stoq.pool.PoolEvent;
import io.stoq.pool.PoolStatistics;
import io.stoq.pool.Selection;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pools over loopback sockets. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoolTest {

    private static final ConnectionConfig IMPATIENT =
            ConnectionConfig.builder().handshakeTimeout(Duration.ofMillis(300)).build();

    private final StoqTransport clients = StoqTransport.builder().eventLoops(2).build();
    private final StoqTransport servers = StoqTransport.builder().eventLoops(1).build();
    private final BlockingQueue<PoolEvent> events = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        clients.close();
        servers.close();
        Buffers.requireAllGivenBack(clients);
        Buffers.requireAllGivenBack(servers);
    }

    private StoqServer echo(int port) throws StoqException {
        return servers.server()
                .tls(Pair.serverTls("test"))
                .bind("::1", port)
                .onStream(stream -> stream.inputStream().transferTo(stream.outputStream()))
                .start();
    }

    private PoolBuilder pool(StoqServer server, PoolConfig.Builder config) {
        return pool(server.localAddress().getPort(), config);
    }

    private PoolBuilder pool(int port, PoolConfig.Builder config) {
        return clients.pool("::1", port)
                .tls(Pair.clientTls("test"))
                .connections(IMPATIENT)
                .config(config.build())
                .events(events::add);
    }

    private static PoolConfig.Builder of(int min, int max) {
        return PoolConfig.builder().connections(min, max).backoff(Duration.ofMillis(10), Duration.ofMillis(50), 0.5);
    }

    private <T extends PoolEvent> T await(Class<T> type, Predicate<T> condition) throws InterruptedException {
        while (true) {
            PoolEvent event = events.poll(20, TimeUnit.SECONDS);
            assertNotNull(event, "no such event: " + type.getSimpleName());
            if (type.isInstance(event) && condition.test(type.cast(event))) {
                return type.cast(event);
            }
        }
    }

    private void awaitOpened(int connections) throws InterruptedException {
        for (int i = 0; i < connections; i++) {
            await(PoolEvent.Opened.class, event -> true);
        }
    }

    private static int ask(StoqStream stream, int value) throws StoqException {
        stream.write(new byte[] {(byte) value}, 0, 1);
        stream.finish();
        byte[] answer = new byte[1];
        assertEquals(1, stream.read(answer, 0, 1));
        return answer[0];
    }

    @Test
    void workGoesToTheConnectionsInTurn() throws Exception {
        try (StoqServer server = echo(0);
                StoqPool pool = pool(server, of(3, 3)).build()) {
            awaitOpened(3);
            List<StoqConnection> used = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                try (PoolLease lease = pool.acquire()) {
                    used.add(lease.connection());
                }
            }
            assertEquals(3, new HashSet<>(used).size());
            assertEquals(used.subList(0, 3), used.subList(3, 6));
        }
    }

    @Test
    void theLeastLoadedConnectionIsChosenAndAKeyKeepsItsOwn() throws Exception {
        try (StoqServer server = echo(0);
                StoqPool pool =
                        pool(server, of(3, 3).selection(Selection.LEAST_LOADED)).build()) {
            awaitOpened(3);
            List<PoolLease> leases = new ArrayList<>();
            Set<StoqConnection> used = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                PoolLease lease = pool.acquire();
                leases.add(lease);
                used.add(lease.connection());
            }
            assertEquals(3, used.size());
            StoqConnection idle = leases.get(1).connection();
            leases.get(1).release();
            try (PoolLease next = pool.acquire()) {
                assertSame(idle, next.connection());
            }
            Set<StoqConnection> pinned = new HashSet<>();
            for (long key = 0; key < 32; key++) {
                try (PoolLease one = pool.acquire(key);
                        PoolLease two = pool.acquire(key)) {
                    assertSame(one.connection(), two.connection());
                    pinned.add(one.connection());
                }
            }
            assertEquals(3, pinned.size(), "32 keys leave no connection out");
            leases.forEach(PoolLease::close);
        }
    }

    @Test
    void moreConnectionsAreOpenedAheadOfNeedAndIdleOnesGo() throws Exception {
        PoolConfig.Builder config = of(0, 4).requestsPerConnection(4)
                .idleRetirement(Duration.ofMillis(100))
                .checks(Duration.ofMillis(20), Duration.ZERO, Duration.ofSeconds(1));
        try (StoqServer server = echo(0);
                StoqPool pool = pool(server, config).build()) {
            assertEquals(0, pool.statistics().opened(), "nobody asked yet");
            List<PoolLease> leases = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                leases.add(pool.acquire());
            }
            awaitOpened(2);
            for (int i = 0; i < 4; i++) {
                leases.add(pool.acquire());
            }
            awaitOpened(1);
            leases.forEach(PoolLease::close);
            for (int i = 0; i < 3; i++) {
                await(PoolEvent.StateChanged.class, event -> event.to() == MemberState.CLOSED);
            }
            PoolStatistics statistics = pool.statistics();
            assertEquals(0, statistics.healthy());
            assertEquals(3, statistics.retired());
            assertEquals(0, statistics.broken());
        }
    }

    @Test
    void anIdlePoolWakesForItsPingsOnly() throws Exception {
        PoolConfig.Builder config =
                of(2, 4).checks(Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofMillis(100));
        try (StoqServer server = echo(0);
                StoqPool pool = pool(server, config).build()) {
            awaitOpened(2);
            pool.exchange(stream -> ask(stream, 1));
            PoolStatistics before = awaitPings(pool, pool.statistics().pings() + 4);
            PoolStatistics after = awaitPings(pool, before.pings() + 20);
            // One to send a PING and one to see what came, for each connection where they are apart.
            long pings = after.pings() - before.pings();
            long wakeUps = after.wakeUps() - before.wakeUps();
            assertTrue(wakeUps <= 2 * pings + 2, () -> wakeUps + " wake-ups for " + pings + " PINGs");
        }
    }

    private static PoolStatistics awaitPings(StoqPool pool, long pings) {
        PoolStatistics statistics = pool.statistics();
        while (statistics.pings() < pings) {
            Thread.yield();
            statistics = pool.statistics();
        }
        return statistics;
    }

    @Test
    void anIdlePoolWithoutPingsSetsNoTimer() throws Exception {
        PoolConfig.Builder config = of(2, 4).checks(Duration.ofMillis(5), Duration.ZERO, Duration.ofMillis(5));
        try (StoqServer server = echo(0);
                StoqPool pool = pool(server, config).build()) {
            awaitOpened(2);
            pool.exchange(stream -> ask(stream, 1));
            while (pool.hasTimer()) {
                Thread.yield();
            }
            long wakeUps = pool.statistics().wakeUps();
            pool.acquire().release();
            while (pool.statistics().wakeUps() == wakeUps) {
                Thread.yield();
            }
        }
    }

    @Test
    void aStreamIsInFlightUntilItIsOver() throws Exception {
        try (StoqServer server = echo(0);
                StoqPool pool = pool(server, of(1, 1)).build()) {
            StoqStream stream = pool.openStream();
            assertEquals(1, pool.statistics().inFlight());
            assertTrue(stream.isUnsent());
            assertEquals(42, ask(stream, 42));
            assertFalse(stream.isUnsent());
            assertEquals(-1, stream.inputStream().read());
            CompletableFuture<Void> drained = CompletableFuture.runAsync(pool::close, Thread::startVirtualThread);
            drained.get();
            assertEquals(0, pool.statistics().inFlight());
        }
    }

    @Test
    void drainingLetsRequestsInFlightFinish() throws Exception {
        try (StoqServer server = echo(0)) {
            StoqPool pool = pool(server, of(1, 1)).build();
            StoqStream stream = pool.openStream();
            CompletableFuture<Void> drained = CompletableFuture.runAsync(pool::close, Thread::startVirtualThread);
            await(PoolEvent.StateChanged.class, event -> event.to() == MemberState.DRAINING);
            assertThrows(StoqException.Closed.class, pool::acquire);
            assertThrows(StoqException.Closed.class, pool::openStream);
            assertThrows(StoqException.Closed.class, pool::tryAcquire);
            assertEquals(7, ask(stream, 7));
            assertEquals(-1, stream.inputStream().read());
            drained.get();
            pool.close();
        }
    }

    @Test
    void aServerThatAcceptsAndNeverAnswersHoldsNoDrainUp() throws Exception {
        try (StoqServer server = servers.server()
                        .tls(Pair.serverTls("test"))
                        .bind("::1", 0)
                        .onConnection(connection -> {})
                        .start();
                StoqPool pool = pool(server, of(1, 1)).build()) {
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            Thread.startVirtualThread(() -> outcome.complete(
                    assertThrows(StoqException.ConnectionClosed.class, () -> pool.exchange(stream -> ask(stream, 1)))));
            while (pool.statistics().inFlight() == 0) {
                Thread.onSpinWait();
            }
            pool.drain(Duration.ofMillis(50));
            assertNotNull(outcome.get());
        }
    }

    @Test
    void nobodyAnswersAtAll() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress("::1", 0));
                StoqPool pool = pool(
                                silent.getLocalPort(),
                                of(1, 4).acquireTimeout(Duration.ofMillis(100)).breaker(2, Duration.ofMinutes(1)))
                        .build()) {
            StoqException.Timeout timeout = assertThrows(StoqException.Timeout.class, pool::acquire);
            assertTrue(timeout.getMessage().contains("[::1]")
                    || timeout.getMessage().contains("::1"));
            assertNull(pool.tryAcquire());
            await(PoolEvent.BreakerChanged.class, event -> true);
            StoqException.Unavailable refused =
                    assertThrows(StoqException.Unavailable.class, () -> pool.exchange(stream -> 1));
            assertTrue(refused.getMessage().contains("handshake"), refused.getMessage());
            assertEquals(2, pool.statistics().dialsFailed());
        }
    }

    @Test
    void addressesThatLeadNowhereAreNamed() throws Exception {
        PoolResolver ipv4 = (host, port) -> List.of(new InetSocketAddress("127.0.0.1", port));
        assertTrue(refusal(ipv4).contains("only IPv4"), () -> refusal(ipv4));
        assertTrue(refusal((host, port) -> List.of()).contains("knows no address"));
        assertTrue(refusal((host, port) -> {
                    throw new IllegalStateException("clumsy");
                })
                .contains("resolver failed"));
        assertTrue(refusal((host, port) -> null).contains("resolver failed"));
        assertTrue(refusal(PoolResolver.system()).contains("not known"));
    }

    private String refusal(PoolResolver resolver) {
        try (StoqPool pool = clients.pool("no-such-host.invalid:4433")
                .tls(Pair.clientTls("test"))
                .resolver(resolver)
                .build()) {
            return assertThrows(StoqException.Address.class, pool::openStream).getMessage();
        } catch (StoqException.Closed e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDeadAddressDoesNotHideALiveOne() throws Exception {
        try (StoqServer server = echo(0);
                DatagramSocket dead = new DatagramSocket(new InetSocketAddress("::1", 0))) {
            InetAddress loopback = InetAddress.getByName("::1");
            InetSocketAddress live =
                    new InetSocketAddress(loopback, server.localAddress().getPort());
            PoolResolver both = (host, port) -> List.of(new InetSocketAddress(loopback, dead.getLocalPort()), live);
            try (StoqPool pool = pool(server, of(1, 1)).resolver(both).build();
                    PoolLease lease = pool.acquire()) {
                assertEquals(live.getPort(), lease.connection().remoteAddress().getPort());
            }
        }
    }

    @Test
    void aLeaseIsReleasedOnce() throws Exception {
        try (StoqServer server = echo(0);
                StoqPool pool = pool(server, of(1, 1)).build()) {
            PoolLease lease = pool.acquire();
            PoolLease other = pool.acquire();
            lease.release();
            assertThrows(StoqException.Closed.class, lease::release);
            assertThrows(StoqException.Closed.class, lease::connection);
            assertThrows(StoqException.Closed.class, lease::reportError);
            assertThrows(StoqException.Closed.class, lease::drainConnection);
            lease.close();
            assertEquals(1, pool.statistics().inFlight());
            other.close();
            other.close();
            assertEquals(0, pool.statistics().inFlight());
        }
    }

    @Test
    void moreLeasesThanWereMadeBeforehand() throws Exception {
        try (StoqServer server = echo(0);
                StoqPool pool = pool(server, of(1, 1)).build()) {
            Set<PoolLease> leases = new HashSet<>();
            for (int i = 0; i < 2 * Lane.LEASES; i++) {
                assertTrue(leases.add(pool.acquire()));
            }
            assertEquals(2 * Lane.LEASES, pool.statistics().inFlight());
            leases.forEach(PoolLease::close);
            assertEquals(0, pool.statistics().inFlight());
        }
    }

    @Test
    void aConnectionIsDrainedAtItsPeersWishAndReplaced() throws Exception {
        try (StoqServer server = echo(0);
                StoqPool pool = pool(server, of(1, 1)).build()) {
            PoolLease lease = pool.acquire();
            StoqConnection tired = lease.connection();
            lease.drainConnection();
            awaitOpened(2);
            try (PoolLease next = pool.acquire()) {
                assertTrue(tired.isOpen());
                assertFalse(tired == next.connection());
            }
            lease.release();
            tired.closed().get();
            assertEquals(1, pool.statistics().retired());
        }
    }

    @Test
    void clumsyListenersAndHandlersHarmNobody() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        ConnectionHandler clumsy = new ConnectionHandler() {
            @Override
            public void onConnected(StoqConnection connection) {
                throw new IllegalStateException("clumsy");
            }
        };
        try (StoqServer server = echo(0);
                StoqPool broken = pool(server, of(1, 1)).handler(clumsy).build();
                StoqPool pool = pool(server, of(1, 1))
                        .events(event -> {
                            if (event instanceof PoolEvent.Dialing) {
                                throw new IllegalStateException("clumsy");
                            }
                            try {
                                blocked.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        })
                        .build()) {
            int answer = pool.exchange(stream -> ask(stream, 3));
            assertEquals(3, answer);
            await(PoolEvent.BackedOff.class, event -> event.failures() == 3);
            assertNotNull(broken.statistics());
            blocked.countDown();
        }
    }

    @Test
    void aRequestIsRunAgainOnlyWhereItsOwnConnectionEndedUnsent() throws Exception {
        try (StoqServer server = echo(0);
                StoqPool pool = pool(server, of(2, 2)).build()) {
            awaitOpened(2);
            List<StoqConnection> used = new ArrayList<>();
            int answer = pool.exchange(stream -> {
                used.add(stream.connection());
                if (used.size() == 1) {
                    stream.connection().close();
                }
                return ask(stream, 5);
            });
            assertEquals(5, answer);
            assertEquals(2, used.size());
            assertEquals(1, pool.statistics().failedOver());
            used.clear();
            assertThrows(
                    StoqException.ConnectionClosed.class,
                    () -> pool.exchange(stream -> {
                        used.add(stream.connection());
                        ask(stream, 6);
                        stream.connection().close();
                        return stream.connection().openStream();
                    }));
            assertEquals(1, used.size(), "something was sent");
            used.clear();
            assertThrows(
                    StoqException.ConnectionClosed.class,
                    () -> pool.exchange(stream -> {
                        used.add(stream.connection());
                        throw new StoqException.ConnectionClosed(new CloseReason.StatelessReset());
                    }));
            assertEquals(1, used.size(), "its connection is open");
        }
    }

    @Test
    void aListenerThatFallsBehindLosesEvents() throws Exception {
        CountDownLatch listening = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        BlockingQueue<PoolEvent> heard = new LinkedBlockingQueue<>();
        EventSink sink = new EventSink(event -> {
            try {
                listening.countDown();
                blocked.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            heard.add(event);
        });
        sink.tell(new PoolEvent.ResolveFailed("0"));
        listening.await(); // or else it would make room between two events that are too many
        for (int i = 1; i < 2 * EventSink.MOST_WAITING; i++) {
            sink.tell(new PoolEvent.ResolveFailed(Integer.toString(i)));
        }
        assertTrue(sink.dropped() >= EventSink.MOST_WAITING - 1);
        long kept = 2 * EventSink.MOST_WAITING - sink.dropped();
        blocked.countDown();
        for (int i = 0; i < kept; i++) {
            assertEquals(new PoolEvent.ResolveFailed(Integer.toString(i)), heard.poll(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aTransportThatClosesEndsItsPools() throws Exception {
        try (StoqServer server = echo(0)) {
            StoqPool pool = pool(server, of(1, 1)).build();
            StoqStream stream = pool.openStream();
            clients.close();
            assertThrows(StoqException.ConnectionClosed.class, () -> ask(stream, 1));
            assertThrows(StoqException.Closed.class, pool::acquire);
            assertThrows(
                    StoqException.Closed.class, () -> pool(server, of(1, 1)).build());
            pool.close();
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> clients.pool("::1", 0));
        assertThrows(IllegalArgumentException.class, () -> clients.pool("::1:4433"));
        assertThrows(IllegalArgumentException.class, () -> clients.pool("host"));
        assertThrows(IllegalArgumentException.class, () -> clients.pool("host:port"));
        assertThrows(
                IllegalStateException.class, () -> clients.pool("[::1]:4433").build());
    }
}
