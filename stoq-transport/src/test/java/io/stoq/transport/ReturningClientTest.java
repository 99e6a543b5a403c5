package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.EndpointStatistics;
import io.stoq.StoqConnection;
import io.stoq.StoqServer;
import io.stoq.config.EndpointConfig;
import io.stoq.tls.StoqTls;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that comes again shows what it got the last time, and is not asked to prove its address. RFC 9000 §8.1.3. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReturningClientTest {

    @Test
    void theSecondConnectionNeedsNoRetryAndAnotherNameStartsAnew() throws Exception {
        try (StoqTransport serverTransport = StoqTransport.create();
                StoqTransport clientTransport = StoqTransport.create();
                StoqServer server = serverTransport
                        .server()
                        .tls(Pair.serverTls("test"))
                        .retry(EndpointConfig.Retry.ALWAYS)
                        .bind("::1", 0)
                        .onConnection(connection ->
                                connection.acceptStream().inputStream().readAllBytes())
                        .start()) {
            StoqTls tls = Pair.clientTls("test");
            ClientBuilder builder = clientTransport.client().tls(tls);
            int port = server.localAddress().getPort();
            exchange(builder, port);
            assertEquals(1, server.statistics().tokens().acceptedRetry());
            for (int again = 1; again <= 3; again++) {
                exchange(builder, port);
                EndpointStatistics statistics = server.statistics();
                assertEquals(again, statistics.tokens().acceptedNew());
                assertEquals(1, statistics.tokens().acceptedRetry());
            }
            assertEquals(4, server.statistics().tokens().issued());
            exchange(builder.serverName("localhost"), port);
            assertEquals(2, server.statistics().tokens().acceptedRetry());
            assertEquals(0, server.statistics().tokens().rejected());
        }
    }

    /** The server's answer to a stream comes behind its token, which was sent when the handshake was over. */
    private static void exchange(ClientBuilder builder, int port) throws Exception {
        try (StoqConnection connection = builder.connect("::1", port)) {
            var stream = connection.openStream();
            stream.write(new byte[1000], 0, 1000);
            stream.finish();
            stream.awaitDelivered(java.time.Duration.ofSeconds(20));
            assertTrue(connection.isOpen());
        }
    }
}
