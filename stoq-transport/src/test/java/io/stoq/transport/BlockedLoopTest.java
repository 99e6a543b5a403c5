package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.stoq.ConnectionHandler;
import io.stoq.ShutdownOutcome;
import io.stoq.StoqConnection;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handlers that block an event loop: whom that holds up, and whom not. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BlockedLoopTest {

    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void release() {
        released.countDown();
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
        try (StoqTransport clients = StoqTransport.create();
                StoqTransport servers = StoqTransport.builder().eventLoops(1).build()) {
            StoqServer stuck = servers.server()
                    .tls(Pair.serverTls("test"))
                    .bind("::1", 0)
                    .handler(blocking(blocked))
                    .start();
            StoqConnection client = clients.client().tls(Pair.clientTls("test")).connect(stuck.localAddress());
            client.openStream().write(new byte[1], 0, 1);
            blocked.await();
            assertEquals(new ShutdownOutcome(0, 1), stuck.shutdown(Duration.ofMillis(1), 0));
            stuck.close();
        }
        // Closing returned although the loop did not.
        assertEquals(1, released.getCount());
    }
}
