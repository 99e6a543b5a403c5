package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.EarlyData;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Resumption, early data and exported keys as applications see them, over sockets. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EarlyDataFaceTest {

    private record Heard(boolean early, EarlyData outcome, byte[] exported) {}

    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

    private StoqServer server(StoqTransport transport, int port, StoqTls.Builder tls) throws Exception {
        return transport
                .server()
                .tls(tls.identity(Pair.IDENTITY)
                        .applicationProtocols("test")
                        .ticketSecrets(new byte[32])
                        .build())
                .bind("::1", port)
                .onStream(stream -> {
                    boolean early = stream.isEarlyData();
                    byte[] asked = stream.inputStream().readAllBytes();
                    stream.write(asked, 0, asked.length);
                    stream.finish();
                    EarlyData outcome = stream.connection().earlyData().get();
                    heard.add(new Heard(
                            early, outcome, stream.connection().exportKeyingMaterial("EXPORTER-test", null, 32)));
                })
                .start();
    }

    private static StoqTls client(boolean early) {
        return StoqTls.builder()
                .trust(Trust.certificates(Pair.IDENTITY.certificates().getFirst()))
                .applicationProtocols("test")
                .earlyData(early)
                .build();
    }

    /** Connects, asks early or not, and once more after the handshake: with that answer the server's tickets are there. */
    private Heard ask(StoqTransport transport, StoqTls tls, int port, boolean early, EarlyData outcome)
            throws Exception {
        try (StoqConnection connection =
                transport.client().tls(tls).earlyData(early).connect("::1", port)) {
            assertEquals("test", connection.applicationProtocol());
            assertEquals(Pair.IDENTITY.certificates(), connection.peerCertificates());
            boolean wasEarly = echo(connection);
            assertEquals(outcome, connection.earlyData().get());
            assertTrue(outcome != EarlyData.NONE || !wasEarly);
            Heard first = heard.poll(20, TimeUnit.SECONDS);
            assertArrayEquals(first.exported, connection.exportKeyingMaterial("EXPORTER-test", null, 32));
            assertFalse(echo(connection));
            assertFalse(heard.poll(20, TimeUnit.SECONDS).early());
            return first;
        }
    }

    /** Whether the stream was opened early. */
    private static boolean echo(StoqConnection connection) throws Exception {
        StoqStream stream = connection.openStream();
        byte[] bytes = "question".repeat(500).getBytes(StandardCharsets.US_ASCII);
        stream.write(bytes, 0, bytes.length);
        stream.finish();
        assertArrayEquals(bytes, stream.inputStream().readAllBytes());
        return stream.isEarlyData();
    }

    @Test
    void aSecondConnectionCarriesItsQuestionInTheFirstFlight() throws Exception {
        try (StoqTransport transport = StoqTransport.create();
                StoqServer server = server(transport, 0, StoqTls.builder().earlyData(true))) {
            int port = server.localAddress().getPort();
            StoqTls tls = client(true);
            assertFalse(ask(transport, tls, port, true, EarlyData.NONE).early());
            // Over the loopback the handshake may be complete before this thread has opened its stream: it tries again.
            boolean early = false;
            for (int i = 0; i < 100 && !early; i++) {
                Heard second = ask(transport, tls, port, true, EarlyData.ACCEPTED);
                assertEquals(EarlyData.ACCEPTED, second.outcome());
                early = second.early();
            }
            assertTrue(early);
            assertFalse(ask(transport, tls, port, false, EarlyData.NONE).early(), "not asked for");
        }
    }

    @Test
    void aServerThatWasStartedAnewRejectsItAndGetsItAgain() throws Exception {
        try (StoqTransport transport = StoqTransport.create()) {
            StoqTls tls = client(true);
            int port;
            try (StoqServer server = server(transport, 0, StoqTls.builder().earlyData(true))) {
                port = server.localAddress().getPort();
                ask(transport, tls, port, true, EarlyData.NONE);
            }
            try (StoqServer _ = server(transport, port, StoqTls.builder().earlyData(true))) {
                assertFalse(ask(transport, tls, port, true, EarlyData.REJECTED).early());
            }
        }
    }

    @Test
    void withoutEarlyDataSessionsAreResumedAllTheSame() throws Exception {
        try (StoqTransport transport = StoqTransport.create();
                StoqServer server = server(transport, 0, StoqTls.builder())) {
            int port = server.localAddress().getPort();
            StoqTls tls = client(true);
            ask(transport, tls, port, true, EarlyData.NONE);
            assertFalse(ask(transport, tls, port, true, EarlyData.NONE).early());
            StoqConnection connection = transport.client().tls(tls).connect("::1", port);
            assertTrue(connection.isResumed());
            connection.close();
            assertThrows(
                    StoqException.ConnectionClosed.class,
                    () -> connection.exportKeyingMaterial("EXPORTER-test", null, 32));
        }
    }
}
