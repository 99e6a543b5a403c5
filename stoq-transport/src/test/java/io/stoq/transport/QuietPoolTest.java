package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqConnection;
import io.stoq.StoqServer;
import io.stoq.pool.PoolConfig;
import io.stoq.pool.PoolEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool that nobody uses, as the event loops see it: what wakes them, and how long they sleep. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class QuietPoolTest {

    private static final int CONNECTIONS = 2;

    /**
     * The pool's timers, for the PING and for its answer; what it asks the connection's loop, and the answers to that; the
     * acknowledgement; a probe timer that was set and is not needed. Looks at the connections would be a hundred more.
     */
    private static final long WAKE_UPS_FOR_A_PING = 12;

    private final WatchedLoops clientLoops = new WatchedLoops();
    private final WatchedLoops serverLoops = new WatchedLoops();
    private final StoqTransport clients =
            StoqTransport.builder().backend(clientLoops).eventLoops(2).build();
    private final StoqTransport servers =
            StoqTransport.builder().backend(serverLoops).eventLoops(1).build();
    private final List<StoqConnection> accepted = new CopyOnWriteArrayList<>();
    private final CountDownLatch opened = new CountDownLatch(CONNECTIONS);

    @AfterEach
    void close() {
        clients.close();
        servers.close();
    }

    /** A pool whose connections are open and were used. */
    private StoqPool usedPool(Duration pingInterval) throws Exception {
        StoqServer server = servers.server()
                .tls(Pair.serverTls("test"))
                .bind("::1", 0)
                .onConnection(accepted::add)
                .onStream(stream -> stream.inputStream().transferTo(stream.outputStream()))
                .start();
        PoolConfig config = PoolConfig.builder()
                .connections(CONNECTIONS, CONNECTIONS)
                .checks(Duration.ofMillis(1), pingInterval, Duration.ofMillis(100))
                .build();
        StoqPool pool = clients.pool("::1", server.localAddress().getPort())
                .tls(Pair.clientTls("test"))
                .config(config)
                .events(event -> {
                    if (event instanceof PoolEvent.Opened) {
                        opened.countDown();
                    }
                })
                .build();
        opened.await();
        use(pool);
        return pool;
    }

    private static void use(StoqPool pool) throws Exception {
        for (int i = 0; i < CONNECTIONS; i++) {
            int answer = pool.exchange(stream -> {
                stream.outputStream().write(42);
                stream.finish();
                return stream.inputStream().read();
            });
            assertEquals(42, answer);
        }
    }

    @Test
    void withoutPingsNoLoopWakesUpBeforeTheIdleTimeoutComesNear() throws Exception {
        StoqPool pool = usedPool(Duration.ZERO);
        long longNs = TimeUnit.SECONDS.toNanos(10); // the idle timeout is 30 s
        while (!clientLoops.sleepFor(longNs) || !serverLoops.sleepFor(longNs)) {
            Thread.onSpinWait();
            Thread.yield();
        }
        assertTrue(accepted.stream().allMatch(StoqConnection::isOpen));
        use(pool); // and it still is what it was
        while (!clientLoops.sleepFor(longNs) || !serverLoops.sleepFor(longNs)) {
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    @Test
    void withPingsTheLoopsWakeUpForTheseOnly() throws Exception {
        usedPool(Duration.ofMillis(200));
        awaitHeard(heard() + 10);
        // Asking the server wakes its loop, and not the clients'.
        long before = clientLoops.wakeUps();
        long heardBefore = heard();
        awaitHeard(heardBefore + 20);
        long wakeUps = clientLoops.wakeUps() - before;
        long pings = heard() - heardBefore;
        assertTrue(wakeUps <= WAKE_UPS_FOR_A_PING * (pings + 2), () -> wakeUps + " wake-ups for " + pings + " PINGs");
    }

    /** Packets that the server got. */
    private long heard() {
        return accepted.stream()
                .mapToLong(connection -> connection.statistics().packetsReceived())
                .sum();
    }

    private void awaitHeard(long packets) {
        while (heard() < packets) {
            Thread.yield();
        }
    }
}
