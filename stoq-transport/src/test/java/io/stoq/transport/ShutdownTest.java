package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.CloseReason;
import io.stoq.ShutdownOutcome;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.config.ConnectionConfig;
import io.stoq.pool.PoolConfig;
import io.stoq.wire.TransportErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers, transports and pools that end in good order, over loopback sockets. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ShutdownTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(50);

    @Test
    void aServerWaitsForStreamsInFlightAndRefusesWhatIsNew() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            stream.write(new byte[10], 0, 10);
            StoqStream accepted = pair.peer().acceptStream();
            StoqConnection idle = pair.connect(ConnectionConfig.defaults());
            pair.nextPeer();
            CompletableFuture<ShutdownOutcome> outcome = pair.server.shutdownAsync(LONG, 9);
            assertInstanceOf(CloseReason.Application.class, idle.closed().get());
            StoqException.ConnectionClosed refused =
                    assertThrows(StoqException.ConnectionClosed.class, () -> pair.connect(ConnectionConfig.defaults()));
            assertEquals(
                    TransportErrorCode.CONNECTION_REFUSED,
                    assertInstanceOf(CloseReason.Transport.class, refused.reason())
                            .code());
            StoqStream late = pair.client.openStream();
            late.write(new byte[10], 0, 10);
            assertThrows(
                    StoqException.StreamReset.class, () -> late.inputStream().read());
            stream.finish();
            assertEquals(10, accepted.inputStream().readAllBytes().length);
            accepted.write(new byte[20], 0, 20);
            accepted.finish();
            assertEquals(20, stream.inputStream().readAllBytes().length);
            assertEquals(new ShutdownOutcome(2, 0), outcome.get());
            assertEquals(
                    new CloseReason.Application(0, "shutting down", true),
                    pair.client.closed().get());
            // Once more does nothing, and neither does closing.
            assertEquals(outcome.get(), pair.server.shutdown(LONG, 9));
            pair.server.close();
        }
    }

    @Test
    void whatTakesTooLongIsCutWithTheCode() throws Exception {
        try (Pair pair = new Pair("auto")) {
            pair.client.openStream().write(new byte[10], 0, 10);
            pair.peer().acceptStream();
            assertEquals(new ShutdownOutcome(0, 1), pair.server.shutdown(SHORT, 9));
            assertEquals(
                    new CloseReason.Application(9, "shutting down", true),
                    pair.client.closed().get());
            assertThrows(IllegalArgumentException.class, () -> pair.server.shutdown(SHORT, -1));
        }
    }

    @Test
    void aSecondCallAndAnInterruptionChangeTheTimeAndTheWaitOnly() throws Exception {
        try (Pair pair = new Pair("auto")) {
            pair.client.openStream().write(new byte[10], 0, 10);
            pair.peer().acceptStream();
            CompletableFuture<Throwable> interrupted = new CompletableFuture<>();
            Thread waiting = Thread.startVirtualThread(() -> interrupted.complete(
                    assertThrows(StoqException.Interrupted.class, () -> pair.server.shutdown(LONG, 1))));
            BlockingFaceTest.awaitWaiting(waiting);
            waiting.interrupt();
            interrupted.get();
            assertTrue(pair.client.isOpen());
            assertEquals(new ShutdownOutcome(0, 1), pair.server.shutdown(SHORT, 2));
            assertEquals(
                    2,
                    assertInstanceOf(
                                    CloseReason.Application.class,
                                    pair.client.closed().get())
                            .code());
        }
    }

    @Test
    void aTransportShutsDownAllThatIsOnIt() throws Exception {
        StoqTransport transport = StoqTransport.builder().eventLoops(2).build();
        try (Pair pair = new Pair("auto")) {
            pair.peer();
            StoqServer server = transport
                    .server()
                    .tls(Pair.serverTls("test"))
                    .bind("::1", 0)
                    .onStream(stream -> stream.inputStream().transferTo(stream.outputStream()))
                    .start();
            StoqConnection client = transport
                    .client()
                    .tls(Pair.clientTls("test"))
                    .connect("::1", pair.server.localAddress().getPort());
            StoqPool pool = transport
                    .pool("::1", pair.server.localAddress().getPort())
                    .tls(Pair.clientTls("test"))
                    .config(PoolConfig.builder().connections(1, 1).build())
                    .build();
            PoolLease lease = pool.acquire();
            StoqStream stream = client.openStream();
            stream.write(new byte[10], 0, 10);
            CompletableFuture<ShutdownOutcome> outcome = transport.shutdownAsync(LONG, 3);
            assertFalse(transport.isOpen());
            assertThrows(StoqException.Closed.class, pool::acquire);
            StoqStream leased = lease.connection().openStream();
            leased.close();
            lease.close();
            stream.reset(0);
            stream.stopSending(0);
            StoqConnection first = pair.nextPeer();
            StoqConnection second = pair.nextPeer();
            // The stream of the lease was finished with nothing in it; the other one was reset, and is nobody's any
            // more.
            CompletableFuture.anyOf(closing(first), closing(second)).get();
            assertEquals(new ShutdownOutcome(2, 0), outcome.get());
            assertThrows(StoqException.ConnectionClosed.class, client::openStream);
            assertThrows(
                    StoqException.Closed.class,
                    () -> transport.client().tls(Pair.clientTls("test")).connect(server.localAddress()));
            assertEquals(ShutdownOutcome.NONE, transport.shutdown(LONG, 0));
            transport.close();
            Buffers.requireAllGivenBack(transport);
        }
    }

    @Test
    void closingCutsAShutdownShort() throws Exception {
        try (Pair pair = new Pair("auto")) {
            pair.client.openStream().write(new byte[10], 0, 10);
            pair.peer().acceptStream();
            CompletableFuture<ShutdownOutcome> outcome = pair.serverTransport.shutdownAsync(LONG, 0);
            pair.serverTransport.close();
            outcome.get();
            pair.client.closed().get();
        }
    }

    @Test
    void aPoolTellsWhatItsDrainCut() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqPool pool = pair.clientTransport
                    .pool("::1", pair.server.localAddress().getPort())
                    .tls(Pair.clientTls("test"))
                    .config(PoolConfig.builder().connections(2, 2).build())
                    .build();
            List<PoolLease> leases = new ArrayList<>();
            while (leases.stream().map(ShutdownTest::connection).distinct().count() < 2) {
                leases.add(pool.acquireAsync().get());
            }
            StoqConnection held = leases.getFirst().connection();
            for (PoolLease lease : leases) {
                if (lease.connection() != held) {
                    lease.close();
                }
            }
            assertEquals(new ShutdownOutcome(1, 1), pool.drain(SHORT));
            assertEquals(new ShutdownOutcome(1, 1), pool.drainAsync(SHORT).get());
            pool.close();
        }
    }

    private static StoqConnection connection(PoolLease lease) {
        try {
            return lease.connection();
        } catch (StoqException.Closed e) {
            throw new AssertionError(e);
        }
    }

    /** Whoever gets a stream ends its own direction too. */
    private static CompletableFuture<Object> closing(StoqConnection peer) {
        CompletableFuture<Object> done = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                peer.acceptStream().close();
                done.complete(null);
            } catch (StoqException ended) {
                done.complete(ended);
            }
        });
        return done;
    }
}
