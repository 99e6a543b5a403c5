package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.config.ConnectionConfig;
import io.stoq.pool.PoolConfig;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a pool does where its users' time is over, or they are interrupted: it gets everything back. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoolDeadlineTest {

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int STREAMS = 2;

    private static Pair pair() throws Exception {
        ConnectionConfig few = ConnectionConfig.builder()
                .streamWindowBytes(65_536, 65_536)
                .maxStreams(STREAMS, STREAMS)
                .build();
        return new Pair("auto", ConnectionConfig.defaults(), few, builder -> builder);
    }

    private static StoqPool pool(Pair pair) throws Exception {
        return pair.clientTransport
                .pool("::1", pair.server.localAddress().getPort())
                .tls(Pair.clientTls("test"))
                .config(PoolConfig.builder().connections(1, 1).build())
                .build();
    }

    private static void awaitNothingInFlight(StoqPool pool) {
        while (pool.statistics().inFlight() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void acquiringTakesAsLongAsItIsGiven() throws Exception {
        try (StoqTransport transport = StoqTransport.builder().eventLoops(1).build();
                DatagramSocket silent = new DatagramSocket(new InetSocketAddress("::1", 0));
                StoqPool pool = transport
                        .pool("::1", silent.getLocalPort())
                        .tls(Pair.clientTls("test"))
                        .build()) {
            assertThrows(StoqException.Timeout.class, () -> pool.acquire(SHORT));
            assertThrows(StoqException.Timeout.class, () -> pool.acquire(7, SHORT));
            assertThrows(StoqException.Timeout.class, () -> pool.openStream(SHORT));
            assertThrows(StoqException.Timeout.class, () -> pool.openStream(7, SHORT));
        }
    }

    @Test
    void theDeadlineCoversThePeersLimitToo() throws Exception {
        try (Pair pair = pair();
                StoqPool pool = pool(pair)) {
            List<StoqStream> streams = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                streams.add(pool.openStream(LONG));
            }
            assertThrows(StoqException.Timeout.class, () -> pool.openStream(SHORT));
            CompletableFuture<StoqStream> waiting = pool.openStreamAsync();
            waiting.cancel(true);
            awaitInFlight(pool, STREAMS);
            for (StoqStream stream : streams) {
                stream.reset(0);
                stream.stopSending(0);
            }
            StoqStream next = pool.openStreamAsync(3).get();
            next.reset(0);
            next.stopSending(0);
            awaitNothingInFlight(pool);
        }
    }

    /** Interrupted while it waits for the answer, for room to write, or for a stream: nothing stays in flight. */
    @Test
    void anInterruptedExchangeGivesItsStreamAndLeaseBack() throws Exception {
        try (Pair pair = pair();
                StoqPool pool = pool(pair)) {
            interrupted(pool, stream -> {
                stream.write(new byte[1], 0, 1);
                stream.read(ByteBuffer.allocate(1));
            });
            interrupted(pool, stream -> stream.write(ByteBuffer.allocate(16 << 20)));
            awaitNothingInFlight(pool);
            List<StoqStream> streams = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                streams.add(pool.openStream(LONG));
            }
            interrupted(pool, stream -> {});
            awaitInFlight(pool, STREAMS);
            for (StoqStream stream : streams) {
                stream.reset(0);
                stream.stopSending(0);
            }
            awaitNothingInFlight(pool);
        }
    }

    private static void awaitInFlight(StoqPool pool, int count) {
        while (pool.statistics().inFlight() != count) {
            Thread.onSpinWait();
        }
    }

    private interface Use {
        void of(StoqStream stream) throws StoqException;
    }

    private static void interrupted(StoqPool pool, Use use) throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread thread = Thread.startVirtualThread(() -> {
            try {
                pool.exchange(stream -> {
                    use.of(stream);
                    return null;
                });
                failure.complete(null);
            } catch (Throwable thrown) {
                assertTrue(Thread.currentThread().isInterrupted());
                failure.complete(thrown);
            }
        });
        BlockingFaceTest.awaitWaiting(thread);
        while (!failure.isDone() && pool.statistics().inFlight() == 0) {
            Thread.onSpinWait();
        }
        thread.interrupt();
        assertInstanceOf(StoqException.Interrupted.class, failure.get());
    }
}
