package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.ConnectionHandler;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import io.stoq.config.ConnectionConfig;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small writes and datagrams over sockets: collected, flushed, pushed back. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BatchingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Pair delayed(Duration delay) throws Exception {
        return new Pair(builder -> builder.maxBatchDelay(delay));
    }

    private static byte[] receive(StoqConnection connection) throws StoqException {
        return connection.receiveDatagram(PATIENCE);
    }

    // ---- with a delay

    @Test
    void whatIsFlushedArrives() throws Exception {
        try (Pair pair = delayed(Duration.ofSeconds(1))) {
            StoqStream stream = pair.client.openStream();
            stream.write(new byte[] {1, 2}, 0, 2);
            stream.flush();
            StoqStream accepted = pair.peer().acceptStream(PATIENCE);
            assertArrayEquals(new byte[] {1, 2}, accepted.inputStream().readNBytes(2));
            OutputStream out = accepted.outputStream();
            out.write(3);
            out.flush();
            assertEquals(3, stream.inputStream().read());
            assertTrue(pair.client.sendDatagram(ByteBuffer.wrap(new byte[] {4})));
            pair.client.flush();
            assertArrayEquals(new byte[] {4}, receive(pair.peer()));
        }
    }

    @Test
    void whatNobodyFlushesArrivesWhenTheDelayHasPassed() throws Exception {
        try (Pair pair = delayed(Duration.ofMillis(5))) {
            StoqStream stream = pair.client.openStream();
            for (int i = 0; i < 20; i++) {
                stream.write(new byte[] {(byte) i}, 0, 1);
                assertTrue(pair.client.sendDatagram(ByteBuffer.wrap(new byte[] {(byte) i})));
            }
            StoqStream accepted = pair.peer().acceptStream(PATIENCE);
            for (int i = 0; i < 20; i++) {
                assertEquals(i, accepted.inputStream().read());
                assertArrayEquals(new byte[] {(byte) i}, receive(pair.peer()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"10, 1048576", "65536, 1000"})
    void aFullBatchWaitsForNoMore(int frames, int bytes) throws Exception {
        try (Pair pair = new Pair(builder -> builder.maxBatchDelay(Duration.ofSeconds(1))
                .maxBatchFrames(frames)
                .maxBatchBytes(bytes))) {
            StoqStream stream = pair.client.openStream();
            byte[] message = new byte[100];
            for (int i = 0; i < 1000; i++) {
                stream.write(message, 0, message.length);
            }
            StoqStream accepted = pair.peer().acceptStream(PATIENCE);
            assertEquals(100_000, accepted.inputStream().readNBytes(100_000).length);
        }
    }

    @Test
    void theEndOfAStreamAndWritersWhoWaitForRoomFlush() throws Exception {
        try (Pair pair = new Pair(builder -> builder.maxBatchDelay(Duration.ofSeconds(1))
                .maxBatchFrames(1 << 16)
                .maxBatchBytes(16 << 20)
                .streamSendBufferBytes(64 << 10))) {
            StoqStream stream = pair.client.openStream();
            byte[] bytes = new byte[8 * (64 << 10)]; // within the window of a stream that nobody reads
            stream.write(bytes, 0, bytes.length);
            stream.awaitDelivered(PATIENCE);
            stream.write(bytes, 0, 10);
            stream.finish();
            StoqStream accepted = pair.peer().acceptStream(PATIENCE);
            assertEquals(bytes.length + 10, accepted.inputStream().readAllBytes().length);
        }
    }

    @Test
    void aResetDoesNotWaitForTheBatch() throws Exception {
        try (Pair pair = delayed(Duration.ofSeconds(1))) {
            StoqStream stream = pair.client.openStream();
            stream.write(new byte[1], 0, 1);
            stream.flush();
            StoqStream accepted = pair.peer().acceptStream(PATIENCE);
            stream.write(new byte[1], 0, 1);
            stream.reset(7);
            StoqException.StreamReset reset = assertThrows(
                    StoqException.StreamReset.class,
                    () -> accepted.inputStream().readAllBytes());
            assertEquals(7, reset.errorCode());
        }
    }

    @Test
    void closingWithABatchThatWaitsGivesItsMemoryBack() throws Exception {
        try (Pair pair = delayed(Duration.ofSeconds(1))) {
            pair.client.openStream().write(new byte[1000], 0, 1000);
            pair.client.sendDatagram(ByteBuffer.allocate(1000));
        } // which requires that all buffers are back
    }

    // ---- datagrams under back-pressure

    /** Keeps the client's loop busy until it is let go, so that nothing can leave in the meantime. */
    private static CountDownLatch hold(Pair pair) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        StoqStream one = pair.client.openStream();
        one.handler(new StreamEvents() {
            @Override
            public void onData(StoqStream echoing, ByteBuffer data) {
                data.position(data.limit());
                held.countDown();
                awaitQuietly(release);
            }
        });
        one.write(new byte[1], 0, 1);
        pair.peer().acceptStream(PATIENCE).write(new byte[1], 0, 1);
        held.await();
        return release;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64, 1000})
    void datagramsThatWereTakenLeaveAndOthersWereRefused(int bytes) throws Exception {
        try (Pair pair = new Pair("auto")) {
            CountDownLatch release = hold(pair);
            int taken = 0;
            while (pair.client.sendDatagram(ByteBuffer.allocate(bytes))) {
                taken++;
            }
            assertTrue(taken * (bytes + 3L) >= (256 << 10) - 1003, "taken " + taken);
            assertFalse(pair.client.sendDatagram(ByteBuffer.allocate(bytes)));
            release.countDown();
            pair.client.sendDatagram(ByteBuffer.allocate(1200 - 1), PATIENCE);
            while (receive(pair.peer()).length != 1199) {
                // those that were taken, as far as the receiver keeps them
            }
        }
    }

    @Test
    void aSenderThatWasRefusedIsToldWhenThereIsRoom() throws Exception {
        CompletableFuture<Void> writable = new CompletableFuture<>();
        ConnectionHandler handler = new ConnectionHandler() {
            @Override
            public void onDatagramsWritable(StoqConnection connection) {
                writable.complete(null);
            }
        };
        ConnectionConfig config = ConnectionConfig.defaults();
        try (Pair pair = new Pair("auto");
                StoqConnection told = pair.clientTransport
                        .client()
                        .tls(Pair.clientTls("test"))
                        .config(config)
                        .handler(handler)
                        .connect("::1", pair.server.localAddress().getPort())) {
            CountDownLatch release = hold(pair);
            while (told.sendDatagram(ByteBuffer.allocate(500))) {
                // until it is full: both connections are of the loop that is held
            }
            assertFalse(writable.isDone());
            release.countDown();
            writable.get();
            assertTrue(told.sendDatagram(ByteBuffer.allocate(500)));
        }
    }

    @Test
    void aSenderWaitsForRoomAndNoLongerThanItWants() throws Exception {
        try (Pair pair = new Pair("auto")) {
            CountDownLatch release = hold(pair);
            while (pair.client.sendDatagram(ByteBuffer.allocate(500))) {
                // until it is full
            }
            assertThrows(
                    StoqException.Timeout.class,
                    () -> pair.client.sendDatagram(ByteBuffer.allocate(500), Duration.ofMillis(1)));
            CompletableFuture<Void> sent = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    pair.client.sendDatagram(ByteBuffer.allocate(499), PATIENCE);
                    sent.complete(null);
                } catch (StoqException e) {
                    sent.completeExceptionally(e);
                }
            });
            release.countDown();
            sent.get();
            while (receive(pair.peer()).length != 499) {
                // those before it
            }
        }
    }

    @Test
    void aSenderThatWaitsCanBeInterruptedAndHearsOfTheEnd() throws Exception {
        Pair pair = new Pair("auto");
        CountDownLatch release = hold(pair);
        while (pair.client.sendDatagram(ByteBuffer.allocate(500))) {
            // until it is full
        }
        Thread.currentThread().interrupt();
        assertThrows(
                StoqException.Interrupted.class, () -> pair.client.sendDatagram(ByteBuffer.allocate(500), PATIENCE));
        assertTrue(Thread.interrupted());
        pair.client.close(1, "enough");
        assertThrows(
                StoqException.ConnectionClosed.class,
                () -> pair.client.sendDatagram(ByteBuffer.allocate(500), PATIENCE));
        assertThrows(StoqException.ConnectionClosed.class, () -> pair.client.sendDatagram(ByteBuffer.allocate(500)));
        release.countDown();
        pair.close();
    }

    @Test
    void datagramsOfSeveralThreadsArriveWhole() throws Exception {
        try (Pair pair = new Pair("auto")) {
            int threads = 4;
            int each = 500;
            AtomicInteger failures = new AtomicInteger();
            List<Thread> senders = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                byte content = (byte) thread;
                senders.add(Thread.ofVirtual().start(() -> {
                    try {
                        for (int i = 0; i < each; i++) {
                            byte[] data = new byte[1 + i % 300];
                            Arrays.fill(data, content);
                            pair.client.sendDatagram(ByteBuffer.wrap(data), PATIENCE);
                        }
                    } catch (StoqException e) {
                        failures.incrementAndGet();
                    }
                }));
            }
            for (Thread sender : senders) {
                sender.join();
            }
            assertEquals(0, failures.get());
            pair.client.sendDatagram(ByteBuffer.allocate(1000), PATIENCE);
            for (byte[] data = receive(pair.peer()); data.length != 1000; data = receive(pair.peer())) {
                for (byte value : data) {
                    assertEquals(data[0], value);
                }
            }
        }
    }

    @Test
    void handlersThatAnswerEachDatagramAnswerAll() throws Exception {
        ConnectionHandler echo = new ConnectionHandler() {
            @Override
            public boolean onDatagram(StoqConnection connection, ByteBuffer data) {
                try {
                    return connection.sendDatagram(data);
                } catch (StoqException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        ConnectionConfig config = ConnectionConfig.defaults();
        try (Pair pair = new Pair("auto", config, config, builder -> builder.handler(echo))) {
            for (int i = 0; i < 2000; i++) {
                pair.client.sendDatagram(ByteBuffer.allocate(8).putInt(0, i), PATIENCE);
                if (i % 100 == 99) {
                    for (int answer = i - 99; answer <= i; answer++) {
                        assertEquals(
                                answer, ByteBuffer.wrap(receive(pair.client)).getInt());
                    }
                }
            }
        }
    }

    // ---- configuration

    @Test
    void limitsOutOfRangeAreRefusedByName() {
        StoqTransport.Builder builder = StoqTransport.builder();
        assertRefused("maxBatchFrames is 0; it must be within 1..65536", () -> builder.maxBatchFrames(0));
        assertRefused("maxBatchFrames is 65537", () -> builder.maxBatchFrames(65_537));
        assertRefused("maxBatchBytes is 0; it must be within 1..16777216", () -> builder.maxBatchBytes(0));
        assertRefused("maxBatchBytes is 16777217", () -> builder.maxBatchBytes((16 << 20) + 1));
        assertRefused(
                "maxBatchDelay is PT-0.001S; it must be within", () -> builder.maxBatchDelay(Duration.ofMillis(-1)));
        assertRefused(
                "maxBatchDelay is PT1.001S; it must be within", () -> builder.maxBatchDelay(Duration.ofMillis(1001)));
    }

    private static void assertRefused(String message, Runnable call) {
        String said = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(said.contains(message), said);
    }
}
