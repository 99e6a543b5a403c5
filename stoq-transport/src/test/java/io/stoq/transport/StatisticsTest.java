package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.ConnectionStatistics;
import io.stoq.EndpointStatistics;
import io.stoq.StoqConnection;
import io.stoq.StoqStream;
import io.stoq.StreamStatistics;
import io.stoq.TransportStatistics;
import io.stoq.config.ConnectionConfig;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What operators can ask a running transport for, from any thread. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StatisticsTest {

    private static final int BYTES = 3_000_000;

    @Test
    void aStreamTellsHowFarItIs() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            stream.write(new byte[BYTES], 0, BYTES);
            stream.finish();
            StoqStream accepted = pair.peer().acceptStream();
            assertEquals(BYTES, accepted.inputStream().readAllBytes().length);
            stream.awaitDelivered(Duration.ofSeconds(20));
            StreamStatistics sent = stream.statistics();
            assertEquals(BYTES, sent.bytesSent());
            assertEquals(BYTES, sent.bytesAcknowledged());
            assertEquals(0, sent.bytesUnacknowledged());
            assertTrue(sent.sendLimitBytes() >= BYTES, sent.toString());
            StreamStatistics received = accepted.statistics();
            assertEquals(BYTES, received.bytesReceived());
            assertEquals(BYTES, received.bytesDelivered());
            assertEquals(0, received.bytesSent());
        }
    }

    @Test
    void aConnectionTellsOfItsPathAndItsHandshake() throws Exception {
        try (Pair pair = new Pair("auto")) {
            Pair.exchange(pair.client, pair.peer(), BYTES);
            ConnectionStatistics statistics = pair.client.statistics();
            assertTrue(statistics.handshakeNs() > 1, statistics.toString());
            assertTrue(statistics.localConnectionId().matches("([0-9a-f]{2}){4,20}"), statistics.toString());
            assertEquals("cubic", statistics.path().controller());
            assertTrue(statistics.path().validated());
            assertEquals(pair.client.remoteAddress(), statistics.path().remote());
            assertTrue(statistics.path().minRttNs() > 0, statistics.toString());
            assertTrue(statistics.path().minRttNs() <= statistics.path().latestRttNs(), statistics.toString());
            assertTrue(statistics.bytesSent() > BYTES, statistics.toString());
            assertEquals(0, statistics.pathChanges());
        }
    }

    @Test
    void aTransportAddsUpWhatHasEndedToo() throws Exception {
        try (Pair pair = new Pair("auto")) {
            Pair.exchange(pair.client, pair.peer(), BYTES);
            StoqConnection second = pair.connect(ConnectionConfig.defaults());
            Pair.exchange(second, pair.nextPeer(), BYTES);
            EndpointStatistics open = pair.clientTransport.statistics().endpoints();
            assertEquals(2, open.connections());
            assertEquals(2, open.started());
            assertEquals(2, open.traffic().handshakes());
            assertTrue(open.traffic().measured() > 0, open.toString());
            second.close(7, "done");
            pair.clientTransport.close();
            TransportStatistics after = pair.clientTransport.statistics();
            assertEquals(0, after.openSockets());
            assertEquals(0, after.endpoints().connections());
            assertEquals(2, after.endpoints().closed().application());
            assertEquals(2, after.endpoints().traffic().handshakes());
            assertEquals(0, after.endpoints().traffic().bytesInFlight());
            assertTrue(after.endpoints().traffic().bytesSent() >= 2L * BYTES, after.toString());
            assertTrue(after.sockets().bytesSent() >= 2L * BYTES, after.toString());
            assertEquals(
                    after.sockets().datagramsSent(),
                    after.sockets().datagramsPerSendCall() * after.sockets().sendCalls(),
                    1e-6);
            assertEquals(2, pair.serverTransport.statistics().endpoints().accepted());
        }
    }
}
