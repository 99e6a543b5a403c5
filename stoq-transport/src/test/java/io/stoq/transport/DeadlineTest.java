package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.config.ConnectionConfig;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting that ends by a deadline or an interruption, and what it leaves behind: nothing. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DeadlineTest {

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int STREAMS = 4;

    /** A server that lets the client open few streams, and send 64 KiB before somebody reads. */
    private static final ConnectionConfig NARROW = ConnectionConfig.builder()
            .streamWindowBytes(65_536, 65_536)
            .connectionWindowBytes(131_072, 131_072)
            .maxStreams(STREAMS, STREAMS)
            .build();

    private static Pair narrow() throws Exception {
        return new Pair("auto", ConnectionConfig.defaults(), NARROW, builder -> builder);
    }

    @Test
    void aReadThatTimedOutLeavesTheStreamAsItWas() throws Exception {
        try (Pair pair = narrow()) {
            StoqStream stream = pair.client.openStream();
            stream.write(ByteBuffer.wrap(new byte[] {1}));
            StoqStream accepted = pair.peer().acceptStream();
            ByteBuffer target = ByteBuffer.allocate(10);
            assertEquals(1, accepted.read(target, LONG));
            assertThrows(StoqException.Timeout.class, () -> accepted.read(target, SHORT));
            assertThrows(StoqException.Timeout.class, () -> accepted.read(target, Duration.ZERO));
            assertThrows(StoqException.Timeout.class, () -> accepted.read(target, Duration.ofSeconds(-1)));
            stream.write(ByteBuffer.wrap(new byte[] {2, 3}), LONG);
            stream.finish();
            assertEquals(2, accepted.read(target, Duration.ofSeconds(Long.MAX_VALUE)));
            assertEquals(-1, accepted.read(target, LONG));
            assertEquals(3, target.position());
        }
    }

    @Test
    void aWriteThatTimedOutTellsHowFarItCameAndCanGoOn() throws Exception {
        try (Pair pair = narrow()) {
            StoqStream stream = pair.client.openStream();
            ByteBuffer source = ByteBuffer.wrap(new byte[16 << 20]);
            assertThrows(StoqException.Timeout.class, () -> stream.write(source, SHORT));
            assertTrue(source.position() > 0 && source.hasRemaining(), source::toString);
            StoqStream accepted = pair.peer().acceptStream();
            CompletableFuture<Integer> read = read(accepted);
            stream.write(source, LONG);
            stream.finish();
            assertEquals(16 << 20, read.get());
        }
    }

    @Test
    void closingAfterAWriteThatWasCutShortResetsTheStream() throws Exception {
        try (Pair pair = narrow()) {
            StoqStream stream = pair.client.openStream();
            assertThrows(StoqException.Timeout.class, () -> stream.write(ByteBuffer.allocate(16 << 20), SHORT));
            stream.close();
            stream.close();
            StoqStream accepted = pair.peer().acceptStream();
            ExecutionException failure =
                    assertThrows(ExecutionException.class, () -> read(accepted).get());
            assertInstanceOf(StoqException.StreamReset.class, failure.getCause());
        }
    }

    @Test
    void openingAStreamTimesOutWhereThePeerAllowsNoMore() throws Exception {
        try (Pair pair = narrow()) {
            List<StoqStream> streams = openAll(pair.client);
            assertThrows(StoqException.Timeout.class, () -> pair.client.openStream(SHORT));
            assertEquals(STREAMS, pair.client.statistics().streams());
            streams.getFirst().reset(1);
            streams.getFirst().stopSending(1);
            pair.client.openStream(LONG).close();
            pair.client.openUnidirectionalStream(LONG).close();
        }
    }

    /** Each round a stream becomes free in about the moment in which the thread that waits for it is interrupted. */
    @Test
    void interruptedOpeningsCostThePeersLimitNothing() throws Exception {
        try (Pair pair = narrow()) {
            List<StoqStream> streams = openAll(pair.client);
            for (int round = 0; round < 200; round++) {
                AtomicReference<Throwable> failure = new AtomicReference<>();
                BlockingQueue<StoqStream> opened = new LinkedBlockingQueue<>();
                Thread opener = Thread.startVirtualThread(() -> {
                    try {
                        opened.add(pair.client.openStream());
                    } catch (StoqException.Interrupted expected) {
                        assertTrue(Thread.currentThread().isInterrupted());
                    } catch (Throwable unexpected) {
                        failure.set(unexpected);
                    }
                });
                StoqStream given = streams.removeFirst();
                given.reset(1);
                given.stopSending(1);
                if (round % 2 == 0) {
                    Thread.yield();
                }
                opener.interrupt();
                opener.join();
                assertEquals(null, failure.get());
                // Without credit that comes back for what was given up, this would time out.
                streams.add(opened.isEmpty() ? pair.client.openStream(LONG) : opened.take());
            }
        }
    }

    @Test
    void acceptingAndReceivingKnowDeadlines() throws Exception {
        try (Pair pair = narrow()) {
            assertThrows(StoqException.Timeout.class, () -> pair.client.acceptStream(SHORT));
            assertThrows(StoqException.Timeout.class, () -> pair.client.receiveDatagram(SHORT));
        }
    }

    @Test
    void anInterruptedThreadGetsATypedErrorFromEveryCallThatWaits() throws Exception {
        try (Pair pair = narrow()) {
            openAll(pair.client);
            StoqStream stream = pair.client.openUnidirectionalStream();
            assertThrows(StoqException.Timeout.class, () -> stream.write(ByteBuffer.allocate(16 << 20), SHORT));
            StoqStream accepted = pair.peer().acceptStream();
            accepted.inputStream().readNBytes(accepted.inputStream().available());
            interrupted(() -> pair.client.openStream());
            interrupted(() -> pair.client.acceptStream());
            interrupted(() -> pair.client.receiveDatagram());
            interrupted(() -> stream.write(ByteBuffer.allocate(16 << 20)));
            interrupted(() -> stream.awaitDelivered(LONG));
            StoqStream silent = pair.peer().openStream();
            interrupted(() -> silent.read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void deliveryAndRoomAreToldByFutures() throws Exception {
        try (Pair pair = narrow()) {
            StoqStream stream = pair.client.openUnidirectionalStream();
            assertEquals(null, stream.writable().get());
            assertEquals(null, stream.delivered().get());
            ByteBuffer piece = ByteBuffer.allocate(1 << 20);
            while (stream.tryWrite(piece)) {
                piece.rewind();
            }
            CompletableFuture<Void> writable = stream.writable();
            CompletableFuture<Void> delivered = stream.delivered();
            assertFalse(delivered.isDone());
            assertThrows(StoqException.Timeout.class, () -> stream.awaitDelivered(SHORT));
            CompletableFuture<Integer> read = read(pair.peer().acceptStream());
            writable.get();
            assertTrue(stream.tryWrite(piece.rewind()));
            delivered.get();
            stream.finish();
            assertEquals(0, read.get() % (1 << 20));
            stream.awaitDelivered(LONG);
        }
    }

    @Test
    void promisesOfAStreamThatEndsAreBrokenWithTheReason() throws Exception {
        try (Pair pair = narrow()) {
            StoqStream reset = full(pair);
            CompletableFuture<Void> delivered = reset.delivered();
            CompletableFuture<Void> writable = reset.writable();
            reset.reset(7);
            assertInstanceOf(StoqException.Closed.class, failure(delivered));
            writable.get();
            assertThrows(StoqException.Closed.class, () -> reset.tryWrite(ByteBuffer.allocate(1)));

            StoqStream stopped = full(pair);
            delivered = stopped.delivered();
            StoqStream accepted = pair.peer().acceptStream();
            while (accepted.id() != stopped.id()) {
                accepted = pair.peer().acceptStream();
            }
            accepted.stopSending(9);
            assertInstanceOf(StoqException.StreamReset.class, failure(delivered));

            StoqStream cut = full(pair);
            delivered = cut.delivered();
            writable = cut.writable();
            pair.client.close();
            assertInstanceOf(StoqException.ConnectionClosed.class, failure(delivered));
            writable.get();
            assertInstanceOf(StoqException.ConnectionClosed.class, failure(cut.delivered()));
        }
    }

    private static StoqStream full(Pair pair) throws Exception {
        StoqStream stream = pair.client.openUnidirectionalStream(LONG);
        ByteBuffer piece = ByteBuffer.allocate(1 << 20);
        while (stream.tryWrite(piece)) {
            piece.rewind();
        }
        return stream;
    }

    private static Throwable failure(CompletableFuture<?> future) {
        return assertThrows(ExecutionException.class, future::get).getCause();
    }

    private static List<StoqStream> openAll(StoqConnection connection) throws Exception {
        List<StoqStream> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(connection.openStream(LONG));
        }
        return streams;
    }

    private static CompletableFuture<Integer> read(StoqStream stream) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return stream.inputStream().readAllBytes().length;
                    } catch (java.io.IOException e) {
                        throw new CompletionException(e);
                    }
                },
                Thread::startVirtualThread);
    }

    private interface Waiting {
        void call() throws Exception;
    }

    private static void interrupted(Waiting waiting) throws Exception {
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().unstarted(() -> {
            try {
                waiting.call();
                outcome.complete(null);
            } catch (Throwable thrown) {
                outcome.complete(Thread.currentThread().isInterrupted() ? thrown : new AssertionError("flag", thrown));
            }
        });
        thread.start();
        thread.interrupt();
        assertInstanceOf(StoqException.Interrupted.class, outcome.get());
    }
}
