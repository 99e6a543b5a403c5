package io.stoq.bench.lab.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.bench.perf.Pattern;
import io.stoq.bench.perf.PerfService;
import io.stoq.bench.perf.Snapshot;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import io.stoq.transport.StoqTransport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transfers by way of a relay arrive whole, whatever the link does. */
@Timeout(120)
class TransferTest {

    private static final long MS = 1_000_000;
    private static final int BYTES = 500_000;

    private final PerfService service = new PerfService(true);
    private final Identity identity = Identity.selfSigned("::1");
    private StoqTransport transport;
    private StoqServer server;

    @BeforeEach
    void serve() throws StoqException {
        transport = StoqTransport.create();
        server = transport
                .server()
                .tls(StoqTls.builder()
                        .identity(identity)
                        .applicationProtocols("perf")
                        .build())
                .bind("::1", 0)
                .handler(service)
                .start();
    }

    @AfterEach
    void close() {
        transport.close();
    }

    private RelaySpec link(LinkSpec eachWay) {
        return RelaySpec.toLoopback(server.localAddress().getPort(), eachWay, eachWay);
    }

    private StoqConnection connect(Relay relay) throws StoqException {
        return transport
                .client()
                .tls(StoqTls.builder()
                        .trust(Trust.fingerprint(identity.sha256Fingerprint()))
                        .applicationProtocols("perf")
                        .build())
                .connect("::1", relay.address().getPort());
    }

    /** Sends the pattern, which the server compares, asks for as much, and compares that. */
    private void moveBothWays(StoqConnection connection, int bytes) throws StoqException {
        try (StoqStream stream = connection.openStream()) {
            stream.write(ByteBuffer.allocate(8).putLong(bytes).flip());
            for (int at = 0; at < bytes; at += Pattern.PERIOD_BYTES) {
                stream.write(Pattern.bytes(), 0, Math.min(Pattern.PERIOD_BYTES, bytes - at));
            }
            stream.finish();
            ByteBuffer buffer = ByteBuffer.allocate(100_000);
            long position = 0;
            while (stream.read(buffer.clear()) >= 0) {
                assertTrue(Pattern.matches(buffer.flip(), position));
                position += buffer.limit();
            }
            assertEquals(bytes, position);
        }
        assertEquals(0, Snapshot.of(service, server.socketStatistics()).mismatches());
    }

    static List<LinkSpec> links() {
        LinkSpec base = LinkSpec.CLEAN.rate(100_000_000, 200_000).delay(2 * MS, 0);
        return List.of(
                base,
                base.loss(0.05),
                base.reorder(0.1, 5 * MS),
                base.duplicate(0.2),
                base.corrupt(0.02),
                base.delay(2 * MS, 10 * MS),
                base.loss(0.02).reorder(0.05, 5 * MS).duplicate(0.05).corrupt(0.01),
                LinkSpec.CLEAN.rate(20_000_000, 10_000));
    }

    @ParameterizedTest
    @MethodSource("links")
    void whateverTheLinkDoesAllArrives(LinkSpec link) throws Exception {
        try (Relay relay = Relay.start(link(link));
                StoqConnection connection = connect(relay)) {
            moveBothWays(connection, BYTES);
            assertTrue(relay.counts().down().passedBytes() > BYTES);
            assertTrue(relay.counts().up().passedBytes() > BYTES);
        }
    }

    @Test
    void aClientWhosePortChangesInMidFlightGetsAll() throws Exception {
        // Slow enough for the change to come in the middle: 8 MB need 640 ms each way.
        LinkSpec link = LinkSpec.CLEAN.rate(100_000_000, 200_000).delay(5 * MS, 0);
        try (Relay relay = Relay.start(link(link));
                StoqConnection connection = connect(relay)) {
            CompletableFuture<Void> rebound = CompletableFuture.runAsync(() -> rebindAfter(relay, 1_000_000));
            moveBothWays(connection, 8_000_000);
            rebound.get(60, TimeUnit.SECONDS);
            assertEquals(1, relay.counts().rebinds());
        }
    }

    @Test
    void severalClientsShareTheLink() throws Exception {
        LinkSpec link =
                LinkSpec.CLEAN.rate(100_000_000, 100_000).delay(2 * MS, 0).loss(0.01);
        try (Relay relay = Relay.start(link(link));
                StoqConnection first = connect(relay);
                StoqConnection second = connect(relay)) {
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                try {
                    moveBothWays(second, BYTES);
                } catch (StoqException e) {
                    throw new AssertionError(e);
                }
            });
            moveBothWays(first, BYTES);
            other.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void nettysCodecGetsAllThroughALossyLinkAndAChangedPort() throws Exception {
        LinkSpec link = LinkSpec.CLEAN
                .rate(100_000_000, 200_000)
                .delay(5 * MS, 0)
                .loss(0.01)
                .reorder(0.01, 3 * MS);
        try (Relay relay = Relay.start(link(link));
                NettyClient client = new NettyClient(relay.address(), identity.sha256Fingerprint())) {
            CompletableFuture<Long> received = client.download(4_000_000);
            rebindAfter(relay, 500_000);
            assertEquals(4_000_000, received.get(60, TimeUnit.SECONDS));
            assertEquals(1, relay.counts().rebinds());
            assertTrue(relay.counts().down().lost() > 0);
        }
    }

    /** In mid-flight, which is when so many bytes have passed. */
    private static void rebindAfter(Relay relay, long bytes) {
        try {
            while (relay.counts().up().passedBytes() + relay.counts().down().passedBytes() < bytes) {
                Thread.onSpinWait();
            }
            relay.rebind();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
