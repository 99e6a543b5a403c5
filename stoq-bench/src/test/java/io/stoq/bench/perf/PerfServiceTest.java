package io.stoq.bench.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import io.stoq.transport.StoqTransport;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as any client of draft-banks-quic-performance sees it. */
@Timeout(60)
class PerfServiceTest {

    private final PerfService service = new PerfService(true);
    private StoqTransport transport;
    private StoqConnection connection;

    @BeforeEach
    void connect() throws StoqException {
        Identity identity = Identity.selfSigned("::1");
        transport = StoqTransport.create();
        StoqServer server = transport
                .server()
                .tls(StoqTls.builder()
                        .identity(identity)
                        .applicationProtocols("perf")
                        .build())
                .bind("::1", 0)
                .handler(service)
                .start();
        connection = transport
                .client()
                .tls(StoqTls.builder()
                        .trust(Trust.fingerprint(identity.sha256Fingerprint()))
                        .applicationProtocols("perf")
                        .build())
                .connect("::1", server.localAddress().getPort());
    }

    @AfterEach
    void close() {
        transport.close();
    }

    private static void request(StoqStream stream, long wantedBytes, int moreBytes) throws StoqException {
        stream.write(ByteBuffer.allocate(8).putLong(wantedBytes).flip());
        stream.write(Pattern.bytes(), 0, moreBytes);
        stream.finish();
    }

    /** Reads to the end, or to a length, and returns how many bytes came; all must be the pattern's. */
    private static long drain(StoqStream stream, long enoughBytes) throws StoqException {
        ByteBuffer buffer = ByteBuffer.allocate(100_000);
        long position = 0;
        while (position < enoughBytes && stream.read(buffer.clear()) >= 0) {
            assertTrue(Pattern.matches(buffer.flip(), position));
            position += buffer.limit();
        }
        return position;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1000, Pattern.PERIOD_BYTES, 3_000_000})
    void asManyBytesComeBackAsWereAskedFor(long wantedBytes) throws StoqException {
        try (StoqStream stream = connection.openStream()) {
            request(stream, wantedBytes, 5000);
            assertEquals(wantedBytes, drain(stream, Long.MAX_VALUE));
        }
        assertEquals(5000, service.tally().receivedBytes.sum());
        assertEquals(0, service.tally().mismatches.sum());
    }

    @Test
    void theAnswerToAOneWayStreamComesOnOneOfTheServers() throws StoqException {
        try (StoqStream stream = connection.openUnidirectionalStream()) {
            request(stream, 700_000, 10);
        }
        StoqStream answer = connection.acceptStream();
        assertFalse(answer.isBidirectional());
        assertEquals(700_000, drain(answer, Long.MAX_VALUE));
    }

    @Test
    void anUnlimitedAnswerGoesOnUntilTheClientStopsIt() throws StoqException {
        try (StoqStream stream = connection.openStream()) {
            request(stream, -1, 0);
            assertTrue(drain(stream, 5_000_000) >= 5_000_000);
            stream.stopSending(0);
        }
        try (StoqStream next = connection.openStream()) {
            request(next, 10, 0);
            assertEquals(10, drain(next, Long.MAX_VALUE));
        }
    }

    @Test
    void aStreamThatEndsWithinItsHeaderIsJustEnded() throws StoqException {
        try (StoqStream stream = connection.openStream()) {
            stream.write(new byte[7], 0, 7);
            stream.finish();
            assertEquals(0, drain(stream, Long.MAX_VALUE));
        }
    }

    @Test
    void theHeaderMayComeInPieces() throws StoqException {
        try (StoqStream stream = connection.openStream()) {
            for (byte b : new byte[] {0, 0, 0, 0, 0, 0, 1, 2}) {
                stream.write(new byte[] {b}, 0, 1);
                stream.awaitDelivered(Duration.ofSeconds(10));
            }
            stream.finish();
            assertEquals(0x102, drain(stream, Long.MAX_VALUE));
        }
    }

    @Test
    void dataThatIsNotThePatternIsCounted() throws StoqException {
        try (StoqStream stream = connection.openStream()) {
            stream.write(new byte[1000], 0, 1000);
            stream.finish();
            assertEquals(0, drain(stream, Long.MAX_VALUE));
        }
        assertTrue(service.tally().mismatches.sum() > 0);
    }
}
