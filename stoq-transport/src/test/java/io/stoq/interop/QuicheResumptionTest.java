package io.stoq.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.quic.QuicChannel;
import io.stoq.ConnectionHandler;
import io.stoq.EarlyData;
import io.stoq.StoqConnection;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import io.stoq.transport.StoqTransport;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Key exchange and resumption against BoringSSL, which is in Netty's codec, in both roles. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class QuicheResumptionTest {

    private static final Identity IDENTITY = Identity.selfSigned("localhost", "::1");

    @TempDir
    Path directory;

    private final BlockingQueue<StoqConnection> accepted = new LinkedBlockingQueue<>();

    private StoqTls.Builder client() {
        return StoqTls.builder()
                .trust(Trust.certificates(IDENTITY.certificates().getFirst()))
                .applicationProtocols("echo");
    }

    private StoqServer server(StoqTransport transport, StoqTls.Builder tls) throws Exception {
        return transport
                .server()
                .tls(tls.identity(IDENTITY).applicationProtocols("echo").build())
                .bind("::1", 0)
                .handler(new ConnectionHandler() {
                    @Override
                    public void onConnected(StoqConnection connection) {
                        accepted.add(connection);
                    }
                })
                .onStream(stream -> stream.inputStream().transferTo(stream.outputStream()))
                .start();
    }

    private InetSocketAddress serve(QuichePeer peer) throws Exception {
        QuichePeer.write(IDENTITY, directory);
        return peer.serve(directory.resolve("cert.pem"), directory.resolve("key.pem"), false);
    }

    private static void echo(StoqConnection connection) throws Exception {
        byte[] bytes = new byte[5000];
        try (StoqStream stream = connection.openStream()) {
            stream.write(bytes, 0, bytes.length);
            stream.finish();
            assertArrayEquals(bytes, stream.inputStream().readAllBytes());
        }
    }

    /** A single group on BoringSSL's side, so that there is no other to agree on. */
    @ParameterizedTest
    @CsvSource({"X25519MLKEM768, X25519MLKEM768", "X25519, x25519", "P-256, secp256r1", "P-384, secp384r1"})
    void aQuicheServerAgreesOnEachGroup(String theirs, String ours) throws Exception {
        try (QuichePeer peer = new QuichePeer(theirs);
                StoqTransport transport = StoqTransport.create()) {
            InetSocketAddress server = serve(peer);
            for (StoqTls.Builder tls : List.of(client(), client().keyExchangeGroups(ours))) {
                try (StoqConnection connection =
                        transport.client().tls(tls.build()).connect("::1", server.getPort())) {
                    echo(connection);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"X25519MLKEM768, X25519MLKEM768", "X25519, x25519", "P-256, secp256r1", "P-384, secp384r1"})
    void aQuicheClientAgreesOnEachGroup(String theirs, String ours) throws Exception {
        for (StoqTls.Builder tls : List.of(StoqTls.builder(), StoqTls.builder().keyExchangeGroups(ours))) {
            try (StoqTransport transport = StoqTransport.create();
                    StoqServer server = server(transport, tls);
                    QuichePeer peer = new QuichePeer(theirs)) {
                peer.connect(server.localAddress());
                assertEquals(10, peer.ask(new byte[10]).get().length);
            }
        }
    }

    @Test
    void aQuicheServerResumesOurSession() throws Exception {
        StoqTls tls = client().build();
        try (QuichePeer peer = new QuichePeer();
                StoqTransport transport = StoqTransport.create()) {
            InetSocketAddress server = serve(peer);
            for (int i = 0; i < 4; i++) {
                try (StoqConnection connection =
                        transport.client().tls(tls).serverName("localhost").connect("::1", server.getPort())) {
                    assertEquals(i > 0, connection.isResumed(), "connection " + i);
                    assertEquals(IDENTITY.certificates(), connection.peerCertificates());
                    echo(connection);
                }
            }
        }
    }

    @Test
    void aQuicheClientResumesItsSessionWithUs() throws Exception {
        try (StoqTransport transport = StoqTransport.create();
                StoqServer server = server(transport, StoqTls.builder());
                QuichePeer peer = new QuichePeer()) {
            for (int i = 0; i < 4; i++) {
                QuicChannel connection = peer.connect(server.localAddress());
                assertEquals(10, peer.ask(new byte[10]).get().length);
                assertEquals(i > 0, accepted.poll(20, TimeUnit.SECONDS).isResumed(), "connection " + i);
                assertTrue(connection.isActive());
                peer.close(0, "");
            }
        }
    }

    @Test
    void aQuicheServerTakesOurEarlyData() throws Exception {
        StoqTls tls = client().earlyData(true).build();
        try (QuichePeer peer = new QuichePeer().withEarlyData();
                StoqTransport transport = StoqTransport.create()) {
            InetSocketAddress server = serve(peer);
            for (int i = 0; i < 3; i++) {
                try (StoqConnection connection = transport
                        .client()
                        .tls(tls)
                        .serverName("localhost")
                        .earlyData(true)
                        .connect("::1", server.getPort())) {
                    echo(connection);
                    assertEquals(
                            i == 0 ? EarlyData.NONE : EarlyData.ACCEPTED,
                            connection.earlyData().get(20, TimeUnit.SECONDS));
                }
            }
        }
    }

    /** Whether what the client writes then is in time for a 0-RTT packet is a matter of its threads: it may try again. */
    @Test
    void weTakeTheEarlyDataOfAQuicheClient() throws Exception {
        BlockingQueue<StoqStream> streams = new LinkedBlockingQueue<>();
        try (StoqTransport transport = StoqTransport.create();
                StoqServer server = transport
                        .server()
                        .tls(StoqTls.builder()
                                .identity(IDENTITY)
                                .applicationProtocols("echo")
                                .earlyData(true)
                                .build())
                        .bind("::1", 0)
                        .onStream(stream -> {
                            stream.inputStream().transferTo(stream.outputStream());
                            streams.add(stream);
                        })
                        .start();
                QuichePeer peer = new QuichePeer().withEarlyData()) {
            peer.connect(server.localAddress());
            assertEquals(10, peer.ask(new byte[10]).get().length);
            assertFalse(streams.poll(20, TimeUnit.SECONDS).isEarlyData());
            peer.close(0, "");
            peer.earlyQuestion(new byte[10]);
            boolean early = false;
            for (int i = 0; i < 50 && !early; i++) {
                peer.connect(server.localAddress());
                StoqStream stream = streams.poll(20, TimeUnit.SECONDS);
                assertEquals(EarlyData.ACCEPTED, stream.connection().earlyData().get(20, TimeUnit.SECONDS));
                early = stream.isEarlyData();
                // With the answer to this the next ticket is there.
                assertEquals(10, peer.ask(new byte[10]).get().length);
                assertFalse(streams.poll(20, TimeUnit.SECONDS).isEarlyData());
                peer.close(0, "");
            }
            assertTrue(early);
        }
    }

    @Test
    void aQuicheClientWhoseTicketIsUnknownGetsAFullHandshake() throws Exception {
        try (StoqTransport transport = StoqTransport.create();
                QuichePeer peer = new QuichePeer()) {
            int port = 0;
            for (int i = 0; i < 2; i++) {
                // The same address, another server: its ticket keys are its own.
                try (StoqServer server = transport
                        .server()
                        .tls(StoqTls.builder()
                                .identity(IDENTITY)
                                .applicationProtocols("echo")
                                .build())
                        .bind("::1", port)
                        .handler(new ConnectionHandler() {
                            @Override
                            public void onConnected(StoqConnection connection) {
                                accepted.add(connection);
                            }
                        })
                        .onStream(stream -> stream.inputStream().transferTo(stream.outputStream()))
                        .start()) {
                    port = server.localAddress().getPort();
                    peer.connect(server.localAddress());
                    assertEquals(10, peer.ask(new byte[10]).get().length);
                    assertFalse(accepted.poll(20, TimeUnit.SECONDS).isResumed());
                    peer.close(0, "");
                }
            }
        }
    }
}
