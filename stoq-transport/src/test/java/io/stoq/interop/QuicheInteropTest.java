package io.stoq.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.stoq.CloseReason;
import io.stoq.ConnectionHandler;
import io.stoq.StoqConnection;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.config.EndpointConfig;
import io.stoq.protection.Aead;
import io.stoq.protection.IpsecMbPacketProtection;
import io.stoq.tls.CipherSuite;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import io.stoq.transport.ServerBuilder;
import io.stoq.transport.StoqTransport;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Netty's codec (quiche) over real sockets, in both roles. */
@ParameterizedClass
@EnumSource(
        value = Aead.class,
        names = {"IPSEC_MB", "JCA"})
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class QuicheInteropTest {

    private static final Identity IDENTITY = Identity.selfSigned("localhost", "::1");
    private static final int MIB = 1 << 20;

    @TempDir
    Path directory;

    private final Aead aead;

    QuicheInteropTest(Aead aead) {
        this.aead = aead;
        String reason = aead == Aead.IPSEC_MB ? IpsecMbPacketProtection.unavailableReason() : null;
        assumeTrue(reason == null, () -> "interop with ipsec-mb is skipped: " + reason);
    }

    // ---- STOQ as the client

    private StoqConnection connect(StoqTransport transport, InetSocketAddress server, CipherSuite... suites)
            throws Exception {
        StoqTls.Builder tls = StoqTls.builder()
                .aead(aead)
                .trust(Trust.certificates(IDENTITY.certificates().getFirst()))
                .applicationProtocols("echo");
        if (suites.length > 0) {
            tls.cipherSuites(suites);
        }
        return transport.client().tls(tls.build()).connect("::1", server.getPort());
    }

    private InetSocketAddress serve(QuichePeer peer, boolean retry) throws Exception {
        QuichePeer.write(IDENTITY, directory);
        return peer.serve(directory.resolve("cert.pem"), directory.resolve("key.pem"), retry);
    }

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void fiftyMebibytesGoThereAndBackWithEachCipher(CipherSuite suite) throws Exception {
        int bytes = suite == CipherSuite.AES_128_GCM_SHA256 ? 50 * MIB : 5 * MIB;
        try (QuichePeer peer = new QuichePeer();
                StoqTransport transport = StoqTransport.create();
                StoqConnection connection = connect(transport, serve(peer, false), suite)) {
            assertEquals("echo", connection.applicationProtocol());
            echo(connection, bytes);
        }
    }

    @Test
    void aHundredStreamsAtOnceAndThenMoreThanTheLimit() throws Exception {
        try (QuichePeer peer = new QuichePeer();
                StoqTransport transport = StoqTransport.create();
                StoqConnection connection = connect(transport, serve(peer, false));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 250; i++) {
                done.add(threads.submit(() -> {
                    echo(connection, 50_000);
                    return null;
                }));
            }
            for (Future<?> one : done) {
                one.get();
            }
        }
    }

    @Test
    void datagramsComeBack() throws Exception {
        try (QuichePeer peer = new QuichePeer();
                StoqTransport transport = StoqTransport.create();
                StoqConnection connection = connect(transport, serve(peer, false))) {
            assertTrue(connection.maxDatagramPayloadBytes() >= 1000);
            for (int size : new int[] {1, 500, 1000}) {
                assertTrue(connection.sendDatagram(ByteBuffer.wrap(new byte[size])));
                assertEquals(size, connection.receiveDatagram(Duration.ofSeconds(20)).length);
            }
        }
    }

    @Test
    void keysAreUpdatedInMidTransfer() throws Exception {
        try (QuichePeer peer = new QuichePeer();
                StoqTransport transport = StoqTransport.create();
                StoqConnection connection = connect(transport, serve(peer, false))) {
            for (int i = 0; i < 3; i++) {
                echo(connection, MIB);
                connection.updateKeys().get();
            }
            echo(connection, MIB);
            assertTrue(connection.statistics().keyUpdates() >= 1);
        }
    }

    @Test
    void theClosingCodeAndReasonArrive() throws Exception {
        try (QuichePeer peer = new QuichePeer();
                StoqTransport transport = StoqTransport.create()) {
            StoqConnection connection = connect(transport, serve(peer, false));
            echo(connection, 10);
            connection.close(42, "bye");
            QuicConnectionCloseEvent close = peer.closes.poll(20, TimeUnit.SECONDS);
            assertTrue(close.isApplicationClose());
            assertEquals(42, close.error());
            assertEquals("bye", new String(close.reason(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void aRetryIsFollowed() throws Exception {
        try (QuichePeer peer = new QuichePeer();
                StoqTransport transport = StoqTransport.create();
                StoqConnection connection = connect(transport, serve(peer, true))) {
            echo(connection, 10_000);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void lossAndReorderingAreRepaired(long seed) throws Exception {
        try (QuichePeer peer = new QuichePeer();
                LossyRelay relay = new LossyRelay(serve(peer, false), 0.02, seed);
                StoqTransport transport = StoqTransport.create();
                StoqConnection connection = connect(transport, relay.address())) {
            echo(connection, 2 * MIB);
            assertTrue(relay.dropped() > 0);
        }
    }

    private static void echo(StoqConnection connection, int bytes) throws Exception {
        byte[] sent = random(bytes);
        try (StoqStream stream = connection.openStream()) {
            CompletableFuture<Void> written = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    stream.write(sent, 0, sent.length);
                    stream.finish();
                    written.complete(null);
                } catch (Exception failure) {
                    written.completeExceptionally(failure);
                }
            });
            byte[] received = stream.inputStream().readAllBytes();
            written.get();
            assertArrayEquals(digest(sent), digest(received));
        }
    }

    // ---- STOQ as the server

    /** Echoes streams and datagrams; remembers why connections ended. */
    private StoqServer server(StoqTransport transport, BlockingQueue<CloseReason> ends, EndpointConfig.Retry retry)
            throws Exception {
        ServerBuilder server = transport
                .server()
                .tls(StoqTls.builder()
                        .aead(aead)
                        .identity(IDENTITY)
                        .applicationProtocols("echo")
                        .build())
                .retry(retry)
                .bind("::1", 0)
                .handler(new ConnectionHandler() {
                    @Override
                    public boolean onDatagram(StoqConnection connection, ByteBuffer data) {
                        try {
                            connection.sendDatagram(data);
                        } catch (Exception failure) {
                            throw new AssertionError(failure);
                        }
                        return true;
                    }

                    @Override
                    public void onClosed(StoqConnection connection, CloseReason reason) {
                        ends.add(reason);
                    }
                })
                .onStream(stream -> stream.inputStream().transferTo(stream.outputStream()));
        return server.start();
    }

    @ParameterizedTest
    @EnumSource(EndpointConfig.Retry.class)
    void aQuicheClientIsServed(EndpointConfig.Retry retry) throws Exception {
        BlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();
        try (StoqTransport transport = StoqTransport.create();
                StoqServer server = server(transport, ends, retry);
                QuichePeer peer = new QuichePeer()) {
            QuicChannel connection = peer.connect(server.localAddress());
            byte[] large = random(50 * MIB);
            assertArrayEquals(digest(large), digest(peer.ask(large).get()));
            List<CompletableFuture<byte[]>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(peer.ask(random(20_000 + i)));
            }
            for (int i = 0; i < 100; i++) {
                assertArrayEquals(random(20_000 + i), answers.get(i).get());
            }
            connection.writeAndFlush(Unpooled.wrappedBuffer(new byte[700]));
            assertEquals(700, peer.datagrams.poll(20, TimeUnit.SECONDS).length);
            peer.close(77, "enough");
            CloseReason.Application reason =
                    assertInstanceOf(CloseReason.Application.class, ends.poll(20, TimeUnit.SECONDS));
            assertEquals(77, reason.code());
            assertEquals("enough", reason.reason());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void aQuicheClientIsServedOverALossyPath(long seed) throws Exception {
        try (StoqTransport transport = StoqTransport.create();
                StoqServer server = server(transport, new LinkedBlockingQueue<>(), EndpointConfig.Retry.NEVER);
                LossyRelay relay = new LossyRelay(server.localAddress(), 0.02, seed);
                QuichePeer peer = new QuichePeer()) {
            peer.connect(relay.address());
            byte[] bytes = random(2 * MIB);
            assertArrayEquals(digest(bytes), digest(peer.ask(bytes).get()));
            assertTrue(relay.dropped() > 0);
        }
    }

    private static byte[] random(int bytes) {
        byte[] data = new byte[bytes];
        new Random(bytes).nextBytes(data);
        return data;
    }

    private static byte[] digest(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
