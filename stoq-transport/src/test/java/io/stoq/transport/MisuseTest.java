package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.CloseReason;
import io.stoq.ConnectionHandler;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import io.stoq.config.ConnectionConfig;
import io.stoq.pool.PoolConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** What applications do that they should not, and what becomes of it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MisuseTest {

    private static final Duration MOMENT = Duration.ofMillis(1);

    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void release() {
        released.countDown();
    }

    @Test
    void aClosedConnectionSaysSoAtEachCall() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqConnection closed = pair.client;
            StoqStream stream = closed.openStream();
            closed.close(7, "enough");
            closed.close(8, "once more");
            closed.close();
            List<Executable> calls = List.of(
                    closed::openStream,
                    closed::openUnidirectionalStream,
                    () -> await(closed.openStreamAsync(true)),
                    closed::acceptStream,
                    () -> closed.acceptStream(MOMENT),
                    () -> closed.sendDatagram(ByteBuffer.allocate(1)),
                    () -> closed.sendDatagram(ByteBuffer.allocate(1), MOMENT),
                    closed::receiveDatagram,
                    () -> closed.receiveDatagram(MOMENT),
                    closed::ping,
                    () -> await(closed.updateKeys()),
                    () -> stream.write(new byte[1], 0, 1),
                    () -> stream.tryWrite(ByteBuffer.allocate(1)),
                    () -> stream.read(new byte[1], 0, 1),
                    stream::finish);
            for (int i = 0; i < calls.size(); i++) {
                StoqException.ConnectionClosed refusal =
                        assertThrows(StoqException.ConnectionClosed.class, calls.get(i), "call " + i);
                CloseReason.Application reason = assertInstanceOf(CloseReason.Application.class, refusal.reason());
                assertEquals(7, reason.code(), "the first close counts");
            }
            closed.flush();
            stream.flush();
            stream.reset(1);
            stream.stopSending(1);
            stream.close();
            assertTrue(closed.statistics().packetsSent() > 0, "figures outlive it");
        }
    }

    private static void await(CompletableFuture<?> future) throws Throwable {
        try {
            future.get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    @Test
    void aClosedStreamSaysSoAtEachCall() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            stream.write(new byte[10], 0, 10);
            stream.close();
            stream.close();
            stream.finish();
            assertThrows(StoqException.Closed.class, () -> stream.write(new byte[1], 0, 1));
            assertThrows(StoqException.Closed.class, () -> stream.tryWrite(ByteBuffer.allocate(1)));
            assertThrows(IOException.class, () -> stream.outputStream().write(1));
            assertThrows(StoqException.Closed.class, () -> stream.read(new byte[1], 0, 1));
            assertThrows(IOException.class, () -> stream.inputStream().read());
            assertEquals(10, pair.peer().acceptStream().inputStream().readAllBytes().length);
            assertTrue(pair.client.isOpen());
        }
    }

    @Test
    void aClosedTransportOrServerSaysSo() throws Exception {
        StoqTransport transport = StoqTransport.create();
        StoqServer server = transport
                .server()
                .tls(Pair.serverTls("test"))
                .bind("::1", 0)
                .onConnection(connection -> {})
                .start();
        int port = server.localAddress().getPort();
        server.close();
        server.close();
        assertEquals(0, server.connections());
        assertEquals(0, server.statistics().accepted());
        transport.close();
        transport.close();
        server.close();
        ClientBuilder client = transport.client().tls(Pair.clientTls("test"));
        assertThrows(StoqException.Closed.class, () -> client.connect("::1", port));
        assertThrows(StoqException.Closed.class, () -> await(client.connectAsync("::1", port)));
        assertThrows(
                StoqException.Closed.class,
                () -> transport.pool("::1", port).tls(Pair.clientTls("test")).build());
        assertThrows(
                StoqException.Closed.class,
                () -> transport
                        .server()
                        .tls(Pair.serverTls("test"))
                        .bind("::1", 0)
                        .onConnection(connection -> {})
                        .start());
        assertEquals(0, transport.statistics().openSockets());
    }

    /** Blocks its event loop at the first stream. */
    private ConnectionHandler blocking(CountDownLatch blocked) {
        return new ConnectionHandler() {
            @Override
            public StreamEvents onStream(StoqStream stream) {
                blocked.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return null;
            }
        };
    }

    @Test
    void aHandlerThatBlocksHoldsUpItsOwnLoopOnly() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        try (StoqTransport servers = StoqTransport.builder().eventLoops(2).build();
                StoqTransport clients = StoqTransport.create()) {
            StoqServer stuck = servers.server()
                    .tls(Pair.serverTls("test"))
                    .bind("::1", 0)
                    .handler(blocking(blocked))
                    .onStream(stream -> stream.inputStream().transferTo(stream.outputStream()))
                    .start();
            StoqServer well = servers.server()
                    .tls(Pair.serverTls("test"))
                    .bind("::1", 0)
                    .onStream(stream -> stream.inputStream().transferTo(stream.outputStream()))
                    .start();
            ClientBuilder client = clients.client().tls(Pair.clientTls("test"));
            try (StoqConnection waiting = client.connect(stuck.localAddress());
                    StoqConnection other = client.connect(well.localAddress())) {
                StoqStream unanswered = waiting.openStream();
                unanswered.write(new byte[] {1}, 0, 1);
                unanswered.finish();
                blocked.await();
                StoqStream answered = other.openStream();
                answered.write(new byte[] {2}, 0, 1);
                answered.finish();
                assertEquals(2, answered.inputStream().read());
                released.countDown();
                assertEquals(1, unanswered.inputStream().read(), "late, and not lost");
            }
        }
    }

    @Test
    void aHandlerThatNeverReturnsDoesNotKeepItsTransportFromClosing() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        ConnectionConfig defaults = ConnectionConfig.defaults();
        try (StoqTransport clients = StoqTransport.create();
                StoqTransport servers = StoqTransport.builder().eventLoops(1).build()) {
            StoqServer stuck = servers.server()
                    .tls(Pair.serverTls("test"))
                    .config(defaults)
                    .bind("::1", 0)
                    .handler(blocking(blocked))
                    .start();
            StoqConnection client = clients.client().tls(Pair.clientTls("test")).connect(stuck.localAddress());
            client.openStream().write(new byte[1], 0, 1);
            blocked.await();
            stuck.close();
        }
        // Closing returned although the loop did not.
        assertEquals(1, released.getCount());
    }

    @Test
    void aPeerThatNeverReadsStopsTheWriterAndNobodyElse() throws Exception {
        ConnectionHandler deaf = new ConnectionHandler() {
            @Override
            public StreamEvents onStream(StoqStream stream) {
                return (from, data) -> {}; // takes nothing
            }
        };
        ConnectionConfig narrow = ConnectionConfig.builder()
                .streamWindowBytes(65_536, 65_536)
                .connectionWindowBytes(1 << 20, 1 << 20)
                .build();
        try (Pair pair = new Pair("auto", ConnectionConfig.defaults(), narrow, builder -> builder.handler(deaf))) {
            StoqStream unread = pair.client.openStream();
            while (unread.tryWrite(ByteBuffer.allocate(65_536))) {
                Thread.yield(); // until the transport's buffer is full
            }
            StoqStream other = pair.client.openStream();
            other.write(new byte[1000], 0, 1000);
            other.awaitDelivered(Duration.ofSeconds(20));
            assertThrows(StoqException.Timeout.class, () -> unread.awaitDelivered(MOMENT));
            assertTrue(pair.client.isOpen());
        }
    }

    @Test
    void namesThatLeadNowhereAreExplained() throws Exception {
        try (StoqTransport transport = StoqTransport.create()) {
            ClientBuilder client = transport.client().tls(Pair.clientTls("test"));
            for (String name : List.of(TestNames.ONLY_IPV4, TestNames.NO_ADDRESS)) {
                String expected =
                        name.equals(TestNames.ONLY_IPV4) ? "has only IPv4 addresses (127.0.0.1)" : "not known";
                assertContains(expected, () -> client.connect(name, 4433));
                assertContains(expected, () -> await(client.connectAsync(name, 4433)));
                try (StoqPool pool =
                        transport.pool(name, 4433).tls(Pair.clientTls("test")).build()) {
                    assertContains(expected, pool::acquire);
                }
            }
        }
    }

    private static void assertContains(String expected, Executable call) {
        String message = assertThrows(StoqException.Address.class, call).getMessage();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void aNameWithADeadAndALiveAddressLeadsToTheLiveOne() throws Exception {
        try (Pair pair = new Pair("auto")) {
            PoolBuilder builder = pair.clientTransport
                    .pool(TestNames.DEAD_AND_LIVE, pair.server.localAddress().getPort())
                    .tls(Pair.clientTls("test"))
                    .serverName("localhost")
                    .config(PoolConfig.builder().connections(2, 2).build());
            try (StoqPool pool = builder.build();
                    PoolLease lease = pool.acquire()) {
                assertFalse(lease.connection().remoteAddress().getHostString().contains("db8"));
                assertTrue(lease.connection().isOpen());
            }
        }
    }
}
