package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.config.ConnectionConfig;
import io.stoq.pool.PoolConfig;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server is killed and started again under a pool in use. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PoolFailoverTest {

    private static final int THREADS = 8;
    private static final int KILLS = 3;

    /** Threads that now and then open a stream, and begin to write only when the server was killed. */
    private static final int SLOW_THREADS = 3;

    private static final int SLOW_EVERY = 10;
    private static final int REQUESTS_BETWEEN_KILLS = 200;

    private final Set<Long> executed = ConcurrentHashMap.newKeySet();
    private final Queue<Long> executedTwice = new ConcurrentLinkedQueue<>();
    private final Queue<String> lostUnsent = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger lostSent = new AtomicInteger();
    private volatile CountDownLatch killed = new CountDownLatch(1);
    private final AtomicInteger slow = new AtomicInteger();
    private volatile boolean over;

    @Test
    void noRequestThatWasNotSentIsLost() throws Exception {
        ConnectionConfig impatient = ConnectionConfig.builder()
                .handshakeTimeout(Duration.ofMillis(300))
                .build();
        PoolConfig config = PoolConfig.builder()
                .connections(2, 4)
                .requestsPerConnection(4)
                .backoff(Duration.ofMillis(5), Duration.ofMillis(50), 0.5)
                .breaker(1000, Duration.ofSeconds(1))
                .acquireTimeout(Duration.ofSeconds(60))
                .build();
        StoqTransport first = StoqTransport.builder().eventLoops(1).build();
        StoqServer server = start(first, 0);
        int port = server.localAddress().getPort();
        try (StoqTransport clients = StoqTransport.builder().eventLoops(2).build();
                StoqPool pool = clients.pool("::1", port)
                        .tls(Pair.clientTls("test"))
                        .connections(impatient)
                        .config(config)
                        .build()) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                long base = (long) i << 32;
                threads.add(Thread.startVirtualThread(() -> askOnAndOn(pool, base)));
            }
            StoqTransport running = first;
            for (int kill = 1; kill <= KILLS; kill++) {
                awaitAnswers(kill * REQUESTS_BETWEEN_KILLS);
                while (slow.get() < SLOW_THREADS) {
                    Thread.yield();
                }
                slow.set(0);
                running.close();
                CountDownLatch told = killed;
                killed = new CountDownLatch(1);
                told.countDown();
                running = StoqTransport.builder().eventLoops(1).build();
                start(running, port);
            }
            awaitAnswers((KILLS + 1) * REQUESTS_BETWEEN_KILLS);
            over = true;
            killed.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(List.of(), List.copyOf(lostUnsent));
            assertEquals(List.of(), List.copyOf(executedTwice));
            assertTrue(executed.size() >= answered.get());
            assertTrue(executed.size() <= answered.get() + lostSent.get());
            assertTrue(pool.statistics().broken() >= KILLS, "the kills went unnoticed");
            assertTrue(pool.statistics().failedOver() >= KILLS * SLOW_THREADS, "each slow request had to begin anew");
            running.close();
        }
    }

    private void awaitAnswers(int count) {
        while (answered.get() < count) {
            assertFalse(over);
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    private void askOnAndOn(StoqPool pool, long base) {
        for (long id = base; !over; id++) {
            long request = id;
            StoqStream[] used = new StoqStream[1];
            try {
                CountDownLatch kill = killed;
                long answer = pool.exchange(stream -> {
                    if (used[0] == null && request >>> 32 < SLOW_THREADS && request % SLOW_EVERY == 0) {
                        await(kill);
                    }
                    used[0] = stream;
                    DataOutputStream out = new DataOutputStream(stream.outputStream());
                    out.writeLong(request);
                    stream.finish();
                    return new DataInputStream(stream.inputStream()).readLong();
                });
                if (answer != request) {
                    lostUnsent.add("request " + request + " was answered as " + answer);
                }
                answered.incrementAndGet();
            } catch (StoqException.ConnectionClosed lost) {
                if (used[0] == null || used[0].isUnsent()) {
                    lostUnsent.add(lost.toString());
                }
                lostSent.incrementAndGet();
            } catch (IOException | RuntimeException other) {
                lostUnsent.add(other.toString());
            }
        }
    }

    private void await(CountDownLatch kill) {
        slow.incrementAndGet();
        try {
            kill.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private StoqServer start(StoqTransport transport, int port) throws StoqException {
        return transport
                .server()
                .tls(Pair.serverTls("test"))
                .bind("::1", port)
                .onStream(stream -> {
                    long request = new DataInputStream(stream.inputStream()).readLong();
                    if (!executed.add(request)) {
                        executedTwice.add(request);
                    }
                    new DataOutputStream(stream.outputStream()).writeLong(request);
                })
                .start();
    }
}
