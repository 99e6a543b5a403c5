package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.config.ConnectionConfig;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams as threads use them: waiting, taking turns, being interrupted. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BlockingFaceTest {

    private static final int MIB = 1 << 20;

    /** A server that lets 64 KiB of a stream come before somebody reads. */
    private static final ConnectionConfig NARROW = ConnectionConfig.builder()
            .streamWindowBytes(65_536, 65_536)
            .connectionWindowBytes(131_072, 131_072)
            .build();

    private static Pair narrow() throws Exception {
        return new Pair("auto", ConnectionConfig.defaults(), NARROW, builder -> builder);
    }

    @Test
    void aWriterWhosePeerDoesNotReadStopsAndGoesOnWhenItDoes() throws Exception {
        try (Pair pair = narrow()) {
            StoqStream stream = pair.client.openStream();
            AtomicLong written = new AtomicLong();
            Thread writer = Thread.startVirtualThread(() -> {
                byte[] piece = new byte[100_000];
                try {
                    for (int i = 0; i < 200; i++) {
                        stream.write(piece, 0, piece.length);
                        written.addAndGet(piece.length);
                    }
                    stream.finish();
                } catch (StoqException unexpected) {
                    throw new AssertionError(unexpected);
                }
            });
            StoqStream accepted = pair.peer().acceptStream();
            awaitWaiting(writer);
            // What may be under way: the sender's bound, and what the receiver holds and grants.
            assertTrue(written.get() <= (4 << 20) + (1 << 20) + 65_536, () -> written + " bytes were taken");
            assertEquals(20_000_000, accepted.inputStream().readAllBytes().length);
            writer.join();
            assertEquals(20_000_000, written.get());
        }
    }

    @Test
    void anInterruptedWriteTellsHowFarItCameAndTheStreamGoesOn() throws Exception {
        try (Pair pair = narrow()) {
            StoqStream stream = pair.client.openStream();
            byte[] bytes = pattern(20 * MIB);
            ByteBuffer source = ByteBuffer.wrap(bytes);
            CompletableFuture<StoqException.Interrupted> outcome = new CompletableFuture<>();
            Thread writer = Thread.startVirtualThread(() -> {
                outcome.complete(assertThrows(StoqException.Interrupted.class, () -> stream.write(source)));
            });
            StoqStream accepted = pair.peer().acceptStream();
            awaitWaiting(writer);
            writer.interrupt();
            assertEquals(source.position(), outcome.get().bytesTransferred());
            CompletableFuture<byte[]> received = readAll(accepted);
            stream.write(source);
            stream.finish();
            assertArrayEquals(bytes, received.get());
        }
    }

    @Test
    void manySmallWritesArriveInOrder() throws Exception {
        try (Pair pair = new Pair("auto")) {
            byte[] bytes = pattern(MIB);
            SplittableRandom random = new SplittableRandom(7);
            OutputStream out = pair.client.openStream().outputStream();
            CompletableFuture<byte[]> received = readAll(pair);
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(1 + random.nextInt(60), bytes.length - at);
                out.write(bytes, at, length);
                at += length;
            }
            out.close();
            assertArrayEquals(bytes, received.get());
        }
    }

    @Test
    void writesOfSeveralThreadsAreNotMixed() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                byte[] record = new byte[10_007];
                Arrays.fill(record, (byte) i);
                writers.add(Thread.startVirtualThread(() -> {
                    try {
                        for (int k = 0; k < 50; k++) {
                            stream.write(record, 0, record.length);
                        }
                    } catch (StoqException unexpected) {
                        throw new AssertionError(unexpected);
                    }
                }));
            }
            CompletableFuture<byte[]> received = readAll(pair);
            for (Thread writer : writers) {
                writer.join();
            }
            stream.finish();
            byte[] all = received.get();
            assertEquals(8 * 50 * 10_007, all.length);
            for (int at = 0; at < all.length; at++) {
                assertEquals(all[at - at % 10_007], all[at], "records are mixed");
            }
        }
    }

    @Test
    void referencedBytesAreReleasedOnceWhenThePeerHasThem() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            byte[] bytes = pattern(3 * MIB);
            AtomicInteger releases = new AtomicInteger();
            CompletableFuture<byte[]> received = readAll(pair);
            for (int at = 0; at < bytes.length; at += 65_536) {
                stream.writeReferenced(bytes, at, 65_536, releases::incrementAndGet);
            }
            stream.finish();
            stream.awaitDelivered(Duration.ofSeconds(30));
            assertArrayEquals(bytes, received.get());
            assertEquals(bytes.length / 65_536, releases.get());
        }
    }

    @Test
    void referencedBytesAreReleasedWhenTheStreamOrTheConnectionEnds() throws Exception {
        try (Pair pair = narrow()) {
            AtomicInteger releases = new AtomicInteger();
            CompletableFuture<Void> afterReset = new CompletableFuture<>();
            StoqStream one = pair.client.openStream();
            one.writeReferenced(new byte[MIB], 0, MIB, () -> {
                releases.incrementAndGet();
                afterReset.complete(null);
            });
            one.reset(3);
            afterReset.get();
            CompletableFuture<Void> afterClose = new CompletableFuture<>();
            StoqStream two = pair.client.openStream();
            two.writeReferenced(new byte[MIB], 0, MIB, () -> {
                releases.incrementAndGet();
                afterClose.complete(null);
            });
            pair.client.close();
            afterClose.get();
            assertEquals(2, releases.get());
            byte[] late = new byte[1];
            assertThrows(
                    StoqException.ConnectionClosed.class,
                    () -> two.writeReferenced(late, 0, 1, releases::incrementAndGet));
            assertEquals(2, releases.get());
        }
    }

    @Test
    void waitingForDeliveryEndsInATimeoutWhileNobodyReads() throws Exception {
        try (Pair pair = narrow()) {
            StoqStream stream = pair.client.openStream();
            stream.write(new byte[3 * MIB], 0, 3 * MIB);
            assertThrows(StoqException.Timeout.class, () -> stream.awaitDelivered(Duration.ofMillis(50)));
            CompletableFuture<byte[]> received = readAll(pair);
            stream.finish();
            stream.awaitDelivered(Duration.ofSeconds(30));
            assertEquals(3 * MIB, received.get().length);
        }
    }

    @Test
    void deliveryFailsWithTheConnection() throws Exception {
        try (Pair pair = narrow()) {
            StoqStream stream = pair.client.openStream();
            stream.write(new byte[3 * MIB], 0, 3 * MIB);
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            Thread waiting = Thread.startVirtualThread(() -> outcome.complete(
                    assertThrows(StoqException.class, () -> stream.awaitDelivered(Duration.ofSeconds(30)))));
            awaitWaiting(waiting);
            pair.peer().close(5, "enough");
            assertInstanceOf(StoqException.ConnectionClosed.class, outcome.get());
        }
    }

    @Test
    void closingAStreamUnreadStopsItsWriter() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            stream.write(new byte[10], 0, 10);
            StoqStream accepted = pair.peer().acceptStream();
            try (InputStream in = accepted.inputStream()) {
                assertTrue(in.read() == 0);
            }
            assertThrows(StoqException.Closed.class, () -> accepted.read(new byte[1], 0, 1));
            StoqException.StreamReset stopped = assertThrows(StoqException.StreamReset.class, () -> {
                while (true) {
                    stream.write(new byte[10_000], 0, 10_000);
                }
            });
            assertEquals(0, stopped.errorCode());
            // It may have answered before it read the end: nothing is wrong with a request that ends now.
            stream.finish();
            // The other direction lives on.
            accepted.write(new byte[7], 0, 7);
            accepted.close();
            assertEquals(7, stream.inputStream().readAllBytes().length);
        }
    }

    @Test
    void theEndOfAStreamIsReadAgainAndAgain() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openUnidirectionalStream();
            stream.finish();
            stream.finish();
            StoqStream accepted = pair.peer().acceptStream();
            assertFalse(accepted.isBidirectional());
            assertFalse(accepted.isLocal());
            assertEquals(-1, accepted.inputStream().read());
            assertEquals(-1, accepted.read(ByteBuffer.allocate(5)));
            assertThrows(IllegalStateException.class, accepted::finish);
            assertThrows(IllegalStateException.class, stream::inputStream);
            stream.close();
            accepted.close();
            accepted.close();
        }
    }

    @Test
    void aThreadThatWaitsInReadIsWokenByAnothersStop() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            Thread reader = Thread.startVirtualThread(() ->
                    outcome.complete(assertThrows(StoqException.class, () -> stream.read(new byte[1], 0, 1))));
            awaitWaiting(reader);
            stream.stopSending(4);
            assertInstanceOf(StoqException.Closed.class, outcome.get());
        }
    }

    /** A stream is bounded by its peer's memory also where a thousand of them are open: nothing is lost or mixed up. */
    @Test
    void aThousandStreamsAtOnceKeepTheirBytesApart() throws Exception {
        try (Pair pair = new Pair("auto")) {
            List<StoqStream> streams = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                StoqStream stream = pair.client.openStream();
                stream.write(ByteBuffer.allocate(4).putInt(i).flip());
                streams.add(stream);
            }
            for (int i = 0; i < 1000; i++) {
                StoqStream accepted = pair.peer().acceptStream();
                byte[] number = accepted.inputStream().readNBytes(4);
                accepted.write(number, 0, 4);
                accepted.finish();
            }
            for (int i = 0; i < 1000; i++) {
                byte[] answer = streams.get(i).inputStream().readAllBytes();
                assertEquals(i, ByteBuffer.wrap(answer).getInt());
                streams.get(i).close();
            }
        }
    }

    // ---- vocabulary

    /** Until the thread waits for something: no time is measured, only the state is asked for. */
    static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(thread.isAlive(), "the thread ended instead of waiting");
            Thread.onSpinWait();
        }
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        new Random(11).nextBytes(bytes);
        return bytes;
    }

    private static CompletableFuture<byte[]> readAll(Pair pair) {
        return async(() -> pair.peer().acceptStream().inputStream().readAllBytes());
    }

    private static CompletableFuture<byte[]> readAll(StoqStream stream) {
        return async(() -> stream.inputStream().readAllBytes());
    }

    private static CompletableFuture<byte[]> async(Callable<byte[]> call) {
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                result.complete(call.call());
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }
}
