package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.CloseReason;
import io.stoq.ConnectionTask;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.wire.TransportErrorCode;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** How transports, servers and connections begin and end, in good order or not. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LifecycleTest {

    private static final ConnectionConfig DEFAULTS = ConnectionConfig.defaults();

    @Test
    void aPeerThatVanishesInMidTransferIsNoticedByBothSides() throws Exception {
        ConnectionConfig impatient =
                ConnectionConfig.builder().idleTimeout(Duration.ofMillis(400)).build();
        CompletableFuture<CloseReason> serverEnd = new CompletableFuture<>();
        try (StoqTransport transport = StoqTransport.create();
                StoqServer server = transport
                        .server()
                        .tls(Pair.serverTls("test"))
                        .config(impatient)
                        .bind("::1", 0)
                        .onConnection(connection -> {
                            connection.acceptStream().inputStream().readNBytes(100_000);
                            connection.closed().thenAccept(serverEnd::complete);
                        })
                        .start();
                CuttableRelay relay = new CuttableRelay(server.localAddress());
                StoqConnection client = transport
                        .client()
                        .tls(Pair.clientTls("test"))
                        .config(impatient)
                        .connect("::1", relay.port())) {
            StoqStream stream = client.openStream();
            stream.write(new byte[100_000], 0, 100_000);
            stream.awaitDelivered(Duration.ofSeconds(20));
            relay.cut();
            StoqException.ConnectionClosed ended = assertThrows(StoqException.ConnectionClosed.class, () -> {
                while (true) {
                    stream.write(new byte[100_000], 0, 100_000);
                }
            });
            assertInstanceOf(CloseReason.IdleTimeout.class, ended.reason());
            assertInstanceOf(CloseReason.IdleTimeout.class, serverEnd.get());
        }
    }

    @Test
    void noThreadOutlivesItsTransport() throws Exception {
        Set<Thread> before = stoqThreads();
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            stream.write(new byte[10], 0, 10);
            pair.peer().acceptStream();
            assertFalse(without(before, stoqThreads()).isEmpty(), "the names of the threads have changed");
        }
        for (Thread left : without(before, stoqThreads())) {
            left.join(Duration.ofSeconds(20));
            assertFalse(left.isAlive(), left.getName());
        }
    }

    @Test
    void aServerThatClosesGivesItsPortBackAndTellsItsClients() throws Exception {
        try (Pair pair = new Pair("auto")) {
            InetSocketAddress address = pair.server.localAddress();
            pair.peer();
            pair.server.close();
            CloseReason.Application reason = assertInstanceOf(
                    CloseReason.Application.class, pair.client.closed().get());
            assertTrue(reason.byPeer());
            try (StoqServer next = pair.serverTransport
                    .server()
                    .tls(Pair.serverTls("test"))
                    .bind(address)
                    .onConnection(connection -> {})
                    .start()) {
                assertEquals(address, next.localAddress());
            }
        }
    }

    @Test
    void connectionsOfOneBuilderShareASocket() throws Exception {
        BlockingQueue<InetSocketAddress> clients = new LinkedBlockingQueue<>();
        try (Pair pair = new Pair(
                "auto",
                DEFAULTS,
                DEFAULTS,
                builder -> builder.onConnection(connection -> clients.add(connection.remoteAddress())))) {
            ClientBuilder builder = pair.clientTransport.client().tls(Pair.clientTls("test"));
            int port = pair.server.localAddress().getPort();
            InetSocketAddress first = clients.take();
            try (StoqConnection one = builder.connect("::1", port);
                    StoqConnection two = builder.connect("localhost", port)) {
                assertEquals("localhost", two.serverName());
                assertTrue(one.isOpen());
                InetSocketAddress second = clients.take();
                assertEquals(second, clients.take());
                assertNotEquals(first, second, "another TLS configuration has another socket");
            }
        }
    }

    @Test
    void aFixedLocalPortCanBeUsedAgainAndAgain() throws Exception {
        try (Pair pair = new Pair("auto")) {
            InetSocketAddress local;
            try (DatagramSocket free = new DatagramSocket(new InetSocketAddress("::1", 0))) {
                local = new InetSocketAddress("::1", free.getLocalPort());
            }
            ClientBuilder builder =
                    pair.clientTransport.client().tls(Pair.clientTls("test")).local(local);
            for (int i = 0; i < 5; i++) {
                try (StoqConnection connection = builder.connect(pair.server.localAddress())) {
                    assertTrue(connection.isOpen());
                }
            }
        }
    }

    @Test
    void openingWaitsForThePeersLimit() throws Exception {
        ConnectionConfig two = ConnectionConfig.builder().maxStreams(2, 0).build();
        try (Pair pair = new Pair("auto", DEFAULTS, two, builder -> builder)) {
            StoqStream first = pair.client.openStream();
            pair.client.openStream();
            CompletableFuture<StoqStream> third = pair.client.openStreamAsync(true);
            CompletableFuture<StoqStream> given = pair.client.openStreamAsync(true);
            CompletableFuture<StoqStream> fourth = pair.client.openStreamAsync(true);
            given.cancel(false);
            assertFalse(third.isDone());
            Thread.currentThread().interrupt();
            assertThrows(StoqException.Interrupted.class, pair.client::openStream);
            assertTrue(Thread.interrupted());
            first.finish();
            try (StoqStream accepted = pair.peer().acceptStream()) {
                assertEquals(-1, accepted.inputStream().read());
            }
            assertEquals(-1, first.inputStream().read());
            assertEquals(8, third.get().id());
            third.get().reset(1);
            third.get().stopSending(1);
            assertEquals(12, fourth.get().id());
            CompletableFuture<StoqStream> never = pair.client.openStreamAsync(false);
            pair.client.close();
            assertInstanceOf(
                    StoqException.ConnectionClosed.class,
                    never.handle((stream, failure) -> failure).get());
        }
    }

    @Test
    void streamsThatAreResetBeforeAnybodyAcceptsThemPileUpNowhere() throws Exception {
        ConnectionConfig few = ConnectionConfig.builder().maxStreams(10, 10).build();
        try (Pair pair = new Pair("auto", DEFAULTS, few, builder -> builder)) {
            for (int i = 0; i < 500; i++) {
                StoqStream stream = pair.client.openStream();
                stream.write(new byte[10], 0, 10);
                stream.reset(1);
                stream.stopSending(1);
            }
            StoqStream last = pair.client.openStream();
            last.write(ByteBuffer.wrap(new byte[] {42}));
            last.finish();
            StoqStream accepted = pair.peer().acceptStream();
            while (accepted.id() != last.id()) {
                accepted = pair.peer().acceptStream();
            }
            assertEquals(42, accepted.inputStream().read());
        }
    }

    @Test
    void aTaskThatThrowsEndsWhatItWasGiven() throws Exception {
        try (Pair pair = new Pair(
                "auto",
                DEFAULTS,
                DEFAULTS,
                builder -> builder.onStream(stream -> {
                    throw new IllegalStateException("clumsy");
                }))) {
            StoqStream stream = pair.client.openStream();
            stream.write(new byte[10], 0, 10);
            StoqException.StreamReset reset =
                    assertThrows(StoqException.StreamReset.class, () -> stream.read(new byte[1], 0, 1));
            assertEquals(ConnectionTask.FAILED, reset.errorCode());
            assertTrue(pair.client.isOpen());
        }
        try (Pair pair = new Pair(
                "auto",
                DEFAULTS,
                DEFAULTS,
                builder -> builder.onConnection(connection -> {
                    throw new IllegalStateException("clumsy");
                }))) {
            CloseReason.Application reason = assertInstanceOf(
                    CloseReason.Application.class, pair.client.closed().get());
            assertEquals(ConnectionTask.FAILED, reason.code());
        }
    }

    @Test
    void aServerMayAskForProofOfTheAddressFirst() throws Exception {
        try (Pair pair = new Pair("auto", DEFAULTS, DEFAULTS, builder -> builder.retry(EndpointConfig.Retry.ALWAYS))) {
            pair.client.openStream().write(new byte[3], 0, 3);
            assertEquals(3, pair.peer().acceptStream().inputStream().readNBytes(3).length);
            assertTrue(pair.server.statistics().retriesSent() >= 1, "no Retry was sent");
        }
    }

    @Test
    void aServerThatIsFullSaysSo() throws Exception {
        try (Pair pair = new Pair("auto", DEFAULTS, DEFAULTS, builder -> builder.maxConnections(1))) {
            StoqException.ConnectionClosed refused =
                    assertThrows(StoqException.ConnectionClosed.class, () -> pair.connect(DEFAULTS));
            CloseReason.Transport reason = assertInstanceOf(CloseReason.Transport.class, refused.reason());
            assertEquals(TransportErrorCode.CONNECTION_REFUSED, reason.code());
            assertEquals(1, pair.server.connections());
        }
    }

    @Test
    void connectingCanBeGivenUp() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (StoqTransport transport = StoqTransport.create()) {
            ClientBuilder builder = transport.client().tls(Pair.clientTls("test"));
            assertTrue(builder.connectAsync("::1", 9).cancel(false));
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            Thread connecting = Thread.startVirtualThread(() -> {
                begun.countDown();
                outcome.complete(assertThrows(StoqException.class, () -> builder.connect("::1", 9)));
            });
            begun.await();
            connecting.interrupt();
            assertInstanceOf(StoqException.Interrupted.class, outcome.get());
        }
    }

    @Test
    void manyConnectionsComeAndGo() throws Exception {
        try (Pair pair = new Pair(
                "auto",
                DEFAULTS,
                DEFAULTS,
                builder -> builder.onStream(stream -> stream.inputStream().transferTo(stream.outputStream())))) {
            ClientBuilder builder = pair.clientTransport.client().tls(Pair.clientTls("test"));
            for (int i = 0; i < 50; i++) {
                try (StoqConnection connection = builder.connect(pair.server.localAddress());
                        StoqStream stream = connection.openStream()) {
                    stream.write(new byte[] {(byte) i}, 0, 1);
                    stream.finish();
                    assertEquals(i, stream.inputStream().read());
                }
            }
            assertEquals(51, pair.server.statistics().accepted());
            assertTrue(pair.server.socketStatistics().datagramsReceived() > 100);
        }
    }

    @Test
    void addressesThatCannotBeReachedAreNamed() {
        ConnectionConfig impatient = ConnectionConfig.builder()
                .handshakeTimeout(Duration.ofMillis(200))
                .build();
        try (StoqTransport transport = StoqTransport.create()) {
            ClientBuilder builder =
                    transport.client().tls(Pair.clientTls("test")).config(impatient);
            StoqException.Address unknown =
                    assertThrows(StoqException.Address.class, () -> builder.connect("no-such-host.invalid", 1));
            assertTrue(unknown.getMessage().contains("no-such-host.invalid"), unknown.getMessage());
            assertThrows(StoqException.Address.class, () -> builder.connect("::1", 0));
            // Documentation addresses have no route, or lead nowhere.
            assertThrows(StoqException.class, () -> builder.connect("2001:db8::1", 4433));
            StoqException.Bind foreign = assertThrows(
                    StoqException.Bind.class,
                    () -> transport
                            .server()
                            .tls(Pair.serverTls("test"))
                            .bind("2001:db8::1", 0)
                            .onConnection(connection -> {})
                            .start());
            assertTrue(foreign.getMessage().contains("2001:db8"), foreign.getMessage());
        }
    }

    @Test
    void whatIsMissingIsNamed() {
        try (StoqTransport transport = StoqTransport.create()) {
            assertTrue(message(() -> transport.client().connect("::1", 1)).contains("tls(...)"));
            assertTrue(message(() -> transport.server().bind("::1", 0).start()).contains("tls(...)"));
            assertTrue(
                    message(() -> transport.server().tls(Pair.serverTls("test")).start())
                            .contains("bind(...)"));
            assertTrue(message(() -> transport
                            .server()
                            .tls(Pair.serverTls("test"))
                            .bind("::1", 0)
                            .start())
                    .contains("onConnection(...)"));
        }
        assertThrows(
                IllegalArgumentException.class, () -> StoqTransport.builder().eventLoops(0));
        assertThrows(
                IllegalArgumentException.class,
                () -> StoqTransport.builder().io("kqueue").build());
    }

    private static String message(Executable call) {
        return assertThrows(IllegalStateException.class, call).getMessage();
    }

    private static Set<Thread> stoqThreads() {
        Set<Thread> found = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("stoq-")) {
                found.add(thread);
            }
        }
        return found;
    }

    private static Set<Thread> without(Set<Thread> before, Set<Thread> now) {
        Set<Thread> added = new HashSet<>(now);
        added.removeAll(before);
        return added;
    }
}
