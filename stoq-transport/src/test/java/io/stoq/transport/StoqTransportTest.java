package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import io.stoq.transport.io.IoBackends;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The public API over real sockets. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class StoqTransportTest {

    private static final int MIB = 1 << 20;

    static Stream<String> mechanisms() {
        return Stream.of("epoll", "io_uring", "nio").filter(StoqTransportTest::isAvailable);
    }

    private static boolean isAvailable(String io) {
        try {
            return IoBackends.select(io) != null;
        } catch (UnsupportedOperationException absent) {
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void fiftyMebibytesGoBothWaysAtOnce(String io) throws Exception {
        try (Pair pair = new Pair(io)) {
            byte[] up = random(50 * MIB, 1);
            byte[] down = random(50 * MIB, 2);
            StoqStream stream = pair.client.openStream();
            Future<?> upload = write(stream, up);
            StoqStream accepted = pair.peer().acceptStream();
            Future<?> download = write(accepted, down);
            CompletableFuture<byte[]> received =
                    CompletableFuture.supplyAsync(() -> readAll(stream), Thread::startVirtualThread);
            assertArrayEquals(digest(up), digest(readAll(accepted)));
            assertArrayEquals(digest(down), digest(received.get()));
            upload.get();
            download.get();
        }
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void callbacksMoveFiftyMebibytesWithoutABlockedThread(String io) throws Exception {
        CompletableFuture<byte[]> digest = new CompletableFuture<>();
        MessageDigest sum = MessageDigest.getInstance("SHA-256");
        ConnectionHandler handler = new ConnectionHandler() {
            @Override
            public StreamEvents onStream(StoqStream stream) {
                return new StreamEvents() {
                    @Override
                    public void onData(StoqStream from, ByteBuffer data) {
                        sum.update(data);
                    }

                    @Override
                    public void onFinished(StoqStream from) {
                        digest.complete(sum.digest());
                    }
                };
            }
        };
        ConnectionConfig config = ConnectionConfig.defaults();
        try (Pair pair = new Pair(io, config, config, builder -> builder.handler(handler))) {
            byte[] bytes = random(50 * MIB, 3);
            StoqStream stream = pair.client.openStream();
            Pump pump = new Pump(bytes);
            stream.handler(pump);
            pump.onWritable(stream);
            assertArrayEquals(digest(bytes), digest.get());
        }
    }

    /** Writes by reference, as much as the transport takes. */
    private static final class Pump implements StreamEvents {

        private static final int PIECE_BYTES = 200_000;

        private final byte[] bytes;
        private int at;

        Pump(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void onData(StoqStream stream, ByteBuffer data) {}

        @Override
        public synchronized void onWritable(StoqStream stream) {
            try {
                while (at < bytes.length) {
                    int length = Math.min(PIECE_BYTES, bytes.length - at);
                    if (!stream.tryWriteReferenced(bytes, at, length, () -> {})) {
                        return;
                    }
                    at += length;
                }
                stream.finish();
            } catch (StoqException failure) {
                throw new AssertionError(failure);
            }
        }
    }

    @Test
    void aHundredVirtualThreadsShareAConnection() throws Exception {
        try (Pair pair = new Pair(
                        "auto",
                        ConnectionConfig.defaults(),
                        ConnectionConfig.defaults(),
                        builder ->
                                builder.onStream(stream -> stream.inputStream().transferTo(stream.outputStream())));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                byte[] bytes = random(100_000 + i, i);
                done.add(threads.submit(() -> {
                    try (StoqStream stream = pair.client.openStream()) {
                        Future<?> writing = write(stream, bytes);
                        assertArrayEquals(bytes, readAll(stream));
                        writing.get();
                    }
                    return null;
                }));
            }
            for (Future<?> one : done) {
                one.get();
            }
        }
    }

    @Test
    void aWriterWaitsForAReaderThatDoesNotRead() throws Exception {
        ConnectionConfig small = ConnectionConfig.builder()
                .streamWindowBytes(65_536, 65_536)
                .connectionWindowBytes(65_536, 131_072)
                .build();
        try (Pair pair = new Pair("auto", ConnectionConfig.defaults(), small, builder -> builder)) {
            StoqStream stream = pair.client.openStream();
            byte[] piece = new byte[65_536];
            int taken = 0;
            while (stream.tryWrite(ByteBuffer.wrap(piece))) {
                taken += piece.length;
                assertTrue(taken < 64 * MIB, "nothing pushes back");
            }
            CompletableFuture<Void> writable = new CompletableFuture<>();
            stream.handler(new StreamEvents() {
                @Override
                public void onData(StoqStream from, ByteBuffer data) {}

                @Override
                public void onWritable(StoqStream to) {
                    writable.complete(null);
                }
            });
            StoqStream accepted = pair.peer().acceptStream();
            assertEquals(taken, accepted.inputStream().readNBytes(taken).length);
            writable.get();
        }
    }

    @Test
    void eachDirectionEndsForItself() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            stream.write(ByteBuffer.wrap(new byte[10]));
            stream.finish();
            StoqStream accepted = pair.peer().acceptStream();
            assertEquals(10, readAll(accepted).length);
            accepted.write(ByteBuffer.wrap(new byte[20]));
            accepted.finish();
            assertEquals(20, readAll(stream).length);
            assertThrows(StoqException.Closed.class, () -> stream.write(ByteBuffer.wrap(new byte[1])));
        }
    }

    @Test
    void resetsAndStopsBringTheirCode() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            stream.write(ByteBuffer.wrap(new byte[10]));
            StoqStream accepted = pair.peer().acceptStream();
            stream.reset(71);
            StoqException.StreamReset reset = assertThrows(StoqException.StreamReset.class, () -> {
                while (accepted.read(ByteBuffer.allocate(100)) >= 0) {
                    // what came before the reset may still be delivered
                }
            });
            assertEquals(71, reset.errorCode());
            stream.stopSending(72);
            StoqException.StreamReset stopped = assertThrows(StoqException.StreamReset.class, () -> {
                while (true) {
                    accepted.write(ByteBuffer.wrap(new byte[10_000]));
                }
            });
            assertEquals(72, stopped.errorCode());
        }
    }

    @Test
    void datagramsGoBothWays() throws Exception {
        try (Pair pair = new Pair("auto")) {
            assertTrue(pair.client.sendDatagram(ByteBuffer.wrap(new byte[] {1, 2, 3})));
            assertArrayEquals(new byte[] {1, 2, 3}, pair.peer().receiveDatagram(Duration.ofSeconds(20)));
            assertTrue(pair.peer().sendDatagram(ByteBuffer.wrap(new byte[0])));
            assertEquals(0, pair.client.receiveDatagram(Duration.ofSeconds(20)).length);
            int tooLong = 65_487; // of UDP payload, with nothing left for a packet around it
            assertThrows(
                    StoqException.DatagramRefused.class,
                    () -> pair.client.sendDatagram(ByteBuffer.wrap(new byte[tooLong])));
        }
    }

    @Test
    void closingTellsThePeerWhy() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            stream.write(ByteBuffer.wrap(new byte[10]));
            StoqStream accepted = pair.peer().acceptStream();
            pair.client.close(99, "that is all");
            pair.client.close(98, "again");
            CloseReason.Application reason = assertInstanceOf(
                    CloseReason.Application.class, pair.peer().closed().get());
            assertEquals(99, reason.code());
            assertEquals("that is all", reason.reason());
            assertTrue(reason.byPeer());
            assertThrows(StoqException.ConnectionClosed.class, () -> {
                while (accepted.read(ByteBuffer.allocate(100)) >= 0) {
                    // bytes from before the end
                }
            });
            assertThrows(StoqException.ConnectionClosed.class, () -> pair.client.openStream());
            assertThrows(StoqException.ConnectionClosed.class, () -> pair.peer().acceptStream());
        }
    }

    @Test
    void aServerThatIsGoneEndsInTheIdleTimeout() throws Exception {
        ConnectionConfig impatient =
                ConnectionConfig.builder().idleTimeout(Duration.ofMillis(500)).build();
        try (Pair pair = new Pair("auto", impatient, ConnectionConfig.defaults(), builder -> builder)) {
            StoqStream stream = pair.client.openStream();
            stream.write(ByteBuffer.wrap(new byte[10]));
            // No goodbye reaches the client: both sides have been silent for too long by then.
            StoqException.ConnectionClosed ended =
                    assertThrows(StoqException.ConnectionClosed.class, () -> stream.read(ByteBuffer.allocate(10)));
            assertInstanceOf(CloseReason.IdleTimeout.class, ended.reason());
        }
    }

    @Test
    void aThreadThatWaitsCanBeInterrupted() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            Thread reader = Thread.startVirtualThread(() -> {
                try {
                    stream.read(ByteBuffer.allocate(10));
                } catch (Throwable failure) {
                    outcome.complete(failure);
                }
            });
            reader.interrupt();
            assertInstanceOf(StoqException.Interrupted.class, outcome.get());
            stream.write(ByteBuffer.wrap(new byte[5]));
            assertEquals(5, pair.peer().acceptStream().read(ByteBuffer.allocate(10)));
        }
    }

    @Test
    void keysCanBeChangedInMidTransfer() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            byte[] bytes = random(20 * MIB, 5);
            Future<?> writing = write(stream, bytes);
            StoqStream accepted = pair.peer().acceptStream();
            byte[] head = accepted.inputStream().readNBytes(MIB);
            assertTrue(pair.client.updateKeys().get());
            byte[] tail = readAll(accepted);
            writing.get();
            assertEquals(bytes.length, head.length + tail.length);
            assertTrue(pair.client.statistics().keyUpdates() > 0);
        }
    }

    // ---- what people get wrong

    @Test
    void ipv4IsRefusedWithAReason() {
        try (StoqTransport transport = StoqTransport.create()) {
            for (String host : new String[] {"127.0.0.1", "::ffff:127.0.0.1"}) {
                StoqException failure = assertThrows(
                        StoqException.class,
                        () -> transport.client().tls(Pair.clientTls("test")).connect(host, 4433));
                assertTrue(failure.getMessage().contains("IPv6 only"), failure.getMessage());
                assertThrows(
                        StoqException.class,
                        () -> transport
                                .server()
                                .tls(Pair.serverTls("test"))
                                .bind(host, 0)
                                .onConnection(connection -> {})
                                .start());
            }
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (Pair pair = new Pair("auto")) {
            int port = pair.server.localAddress().getPort();
            StoqException.Bind failure = assertThrows(
                    StoqException.Bind.class,
                    () -> pair.serverTransport
                            .server()
                            .tls(Pair.serverTls("test"))
                            .bind("::1", port)
                            .onConnection(connection -> {})
                            .start());
            assertTrue(failure.getMessage().contains(Integer.toString(port)), failure.getMessage());
        }
    }

    @Test
    void anUnknownProtocolAndAnUntrustedCertificateAreTlsFailures() throws Exception {
        try (Pair pair = new Pair("auto")) {
            int port = pair.server.localAddress().getPort();
            ClientBuilder stranger = pair.clientTransport.client().tls(Pair.clientTls("other"));
            StoqException.ConnectionClosed protocol =
                    assertThrows(StoqException.ConnectionClosed.class, () -> stranger.connect("::1", port));
            assertEquals(120, ((CloseReason.Tls) protocol.reason()).alert());
            ClientBuilder wary = pair.clientTransport
                    .client()
                    .tls(StoqTls.builder()
                            .trust(Trust.platform())
                            .applicationProtocols("test")
                            .build());
            StoqException.ConnectionClosed untrusted =
                    assertThrows(StoqException.ConnectionClosed.class, () -> wary.connect("::1", port));
            assertEquals(48, ((CloseReason.Tls) untrusted.reason()).alert());
            ClientBuilder misled =
                    pair.clientTransport.client().tls(Pair.clientTls("test")).serverName("other.test");
            StoqException.ConnectionClosed wrongName =
                    assertThrows(StoqException.ConnectionClosed.class, () -> misled.connect("::1", port));
            assertEquals(42, ((CloseReason.Tls) wrongName.reason()).alert());
            assertTrue(wrongName.getMessage().contains("other.test"), wrongName.getMessage());
        }
    }

    @Test
    void nobodyThereEndsInTheHandshakeTimeout() {
        ConnectionConfig impatient = ConnectionConfig.builder()
                .handshakeTimeout(Duration.ofMillis(300))
                .build();
        try (StoqTransport transport = StoqTransport.create()) {
            StoqException.ConnectionClosed failure = assertThrows(
                    StoqException.ConnectionClosed.class,
                    () -> transport
                            .client()
                            .tls(Pair.clientTls("test"))
                            .config(impatient)
                            .connect("::1", 9));
            assertInstanceOf(CloseReason.HandshakeTimeout.class, failure.reason());
        }
    }

    @Test
    void aHandlerThatThrowsLosesItsStreamAndNothingElse() throws Exception {
        ConnectionHandler clumsy = new ConnectionHandler() {
            @Override
            public StreamEvents onStream(StoqStream stream) {
                return (from, data) -> {
                    byte first = data.get();
                    if (first == 1) {
                        throw new IllegalStateException("clumsy");
                    }
                    data.position(data.limit());
                    try {
                        from.tryWrite(ByteBuffer.wrap("fine".getBytes(StandardCharsets.US_ASCII)));
                        from.finish();
                    } catch (StoqException failure) {
                        throw new AssertionError(failure);
                    }
                };
            }
        };
        ConnectionConfig config = ConnectionConfig.defaults();
        try (Pair pair = new Pair("auto", config, config, builder -> builder.handler(clumsy))) {
            StoqStream lost = pair.client.openStream();
            lost.write(ByteBuffer.wrap(new byte[] {1}));
            assertThrows(StoqException.StreamReset.class, () -> lost.read(ByteBuffer.allocate(1)));
            StoqStream kept = pair.client.openStream();
            kept.write(ByteBuffer.wrap(new byte[] {0}));
            assertEquals("fine", new String(readAll(kept), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void closingEndsEveryThreadAndClosesTwiceInPeace() throws Exception {
        StoqTransport transport = StoqTransport.create();
        StoqServer server = transport
                .server()
                .tls(Pair.serverTls("test"))
                .bind("::1", 0)
                .onConnection(accepted -> {})
                .start();
        StoqConnection connection = transport
                .client()
                .tls(Pair.clientTls("test"))
                .connect("::1", server.localAddress().getPort());
        transport.close();
        transport.close();
        server.close();
        assertFalse(connection.isOpen());
        assertThrows(StoqException.class, connection::openStream);
        assertThrows(
                StoqException.class,
                () -> transport.client().tls(Pair.clientTls("test")).connect("::1", 4433));
    }

    // ---- helpers of the tests

    private static Future<?> write(StoqStream stream, byte[] bytes) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                stream.write(ByteBuffer.wrap(bytes));
                stream.finish();
                done.complete(null);
            } catch (Throwable failure) {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }

    private static byte[] readAll(StoqStream stream) {
        try {
            return stream.inputStream().readAllBytes();
        } catch (java.io.IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static byte[] random(int bytes, long seed) {
        byte[] data = new byte[bytes];
        new Random(seed).nextBytes(data);
        return data;
    }

    private static byte[] digest(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
