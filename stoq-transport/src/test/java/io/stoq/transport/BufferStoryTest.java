package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.BufferStatistics;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import io.stoq.buffer.BufferPool;
import io.stoq.config.ConnectionConfig;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where buffers go when streams and connections end, one way or another. Each pair fails when it is closed where one is
 * missing, as do those of all other tests; what was given back is overwritten, so that nobody reads it unnoticed.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BufferStoryTest {

    private static final int MIB = 1 << 20;
    private static final byte[] BYTES = bytes(3 * MIB);

    @Test
    void whatIsAcknowledgedAndReadComesBackWhileTheConnectionLives() throws Exception {
        try (Pair pair = new Pair("auto")) {
            // The second finds what the first has missed.
            for (int i = 0; i < 2; i++) {
                StoqStream stream = pair.client.openStream();
                CompletableFuture<byte[]> received = readAll(pair.peer()::acceptStream);
                stream.write(BYTES, 0, BYTES.length);
                stream.finish();
                assertArrayEquals(BYTES, received.get());
                Buffers.awaitInUse(0, pair.clientTransport);
                Buffers.awaitInUse(0, pair.serverTransport);
            }
            assertTrue(pair.clientTransport.bufferStatistics().highWater() > 0);
            assertTrue(pair.serverTransport.bufferStatistics().highWater() > 0);
        }
    }

    @Test
    void aLongTransferNeedsNoMoreMemoryThanIsUnderWay() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            CompletableFuture<byte[]> received = readAll(pair.peer()::acceptStream);
            for (int i = 0; i < 64; i++) {
                stream.write(BYTES, 0, MIB);
            }
            stream.finish();
            assertEquals(64 * MIB, received.get().length);
            // The sender's bound, a part of it once more where memory of the heap had taken a buffer's place, and
            // slabs.
            long bytes = pair.clientTransport.bufferStatistics().bytes();
            assertTrue(bytes <= 12 * MIB, () -> bytes + " bytes are kept");
        }
    }

    @Test
    void whatCameBeforeTheEndOfTheConnectionCanBeReadAfterIt() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            stream.write(BYTES, 0, 1);
            StoqStream accepted = pair.peer().acceptStream();
            accepted.write(BYTES, 0, 300_000);
            accepted.finish();
            accepted.awaitDelivered(Duration.ofSeconds(30));
            pair.peer().close();
            pair.client.closed().get();
            // The pool has its buffers back, and the reader its bytes.
            Buffers.awaitInUse(0, pair.clientTransport);
            // Others use what the pool has now.
            StoqConnection other = pair.connect(ConnectionConfig.defaults());
            other.openStream().write(BYTES, 1, 2 * MIB);
            assertArrayEquals(bytes(300_000), stream.inputStream().readAllBytes());
        }
    }

    @Test
    void streamsThatNobodyReadsKeepTheirBytesButNotTheBuffers() throws Exception {
        try (Pair pair = new Pair("auto")) {
            List<StoqStream> streams = answeredAndUnread(pair, 60);
            // Of the 60, the newest 16 have theirs still: at most one of each size.
            int inUse = Buffers.inUse(pair.clientTransport);
            assertTrue(inUse <= 3 * 20, () -> inUse + " buffers for what nobody reads");
            for (int i = 0; i < 60; i++) {
                byte[] answer = streams.get(i).inputStream().readAllBytes();
                assertArrayEquals(bytes(i, 5_000), answer);
            }
            Buffers.awaitInUse(0, pair.clientTransport);
            Buffers.awaitInUse(0, pair.serverTransport);
        }
    }

    @Test
    void streamsThatEndedUnreadGiveTheBuffersBackWithTheirConnection() throws Exception {
        try (Pair pair = new Pair("auto")) {
            List<StoqStream> streams = answeredAndUnread(pair, 5);
            assertTrue(Buffers.inUse(pair.clientTransport) >= 5);
            pair.client.close();
            Buffers.awaitInUse(0, pair.clientTransport);
            for (int i = 0; i < 5; i++) {
                assertArrayEquals(bytes(i, 5_000), streams.get(i).inputStream().readAllBytes());
            }
        }
    }

    @Test
    void aResetGivesTheBuffersBackOnBothSides() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openUnidirectionalStream();
            stream.write(BYTES, 0, BYTES.length);
            StoqStream accepted = pair.peer().acceptStream();
            assertTrue(accepted.read(new byte[100], 0, 100) > 0);
            stream.reset(9);
            Buffers.awaitInUse(0, pair.clientTransport);
            Buffers.awaitInUse(0, pair.serverTransport);
            assertThrows(
                    StoqException.StreamReset.class,
                    () -> accepted.inputStream().readAllBytes());
        }
    }

    @Test
    void stopSendingGivesTheBuffersBackOnBothSides() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openUnidirectionalStream();
            stream.write(BYTES, 0, BYTES.length);
            StoqStream accepted = pair.peer().acceptStream();
            accepted.stopSending(9);
            Buffers.awaitInUse(0, pair.serverTransport);
            Buffers.awaitInUse(0, pair.clientTransport);
        }
    }

    @Test
    void aWriterThatIsInterruptedWhileItWaitsLeavesNothingBehind() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            CompletableFuture<StoqException.Interrupted> outcome = new CompletableFuture<>();
            Thread writer = Thread.startVirtualThread(() -> outcome.complete(
                    assertThrows(StoqException.Interrupted.class, () -> stream.write(ByteBuffer.allocate(64 * MIB)))));
            StoqStream accepted = pair.peer().acceptStream();
            while (writer.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            writer.interrupt();
            long written = outcome.get().bytesTransferred();
            stream.finish();
            assertEquals(written, accepted.inputStream().readAllBytes().length);
            Buffers.awaitInUse(0, pair.clientTransport);
            Buffers.awaitInUse(0, pair.serverTransport);
        }
    }

    @Test
    void aConnectionThatDiesGivesItsBuffersBackOnBothSides() throws Exception {
        ConnectionConfig brief =
                ConnectionConfig.builder().idleTimeout(Duration.ofSeconds(1)).build();
        try (Pair pair = new Pair("auto", ConnectionConfig.defaults(), brief, builder -> builder);
                CuttableRelay relay = new CuttableRelay(pair.server.localAddress())) {
            StoqConnection client = pair.clientTransport
                    .client()
                    .tls(Pair.clientTls("test"))
                    .config(brief)
                    .connect("::1", relay.port());
            pair.peer(); // of the pair's own connection
            StoqStream stream = client.openStream();
            CompletableFuture<StoqException> outcome = new CompletableFuture<>();
            Thread.startVirtualThread(() -> outcome.complete(assertThrows(
                    StoqException.ConnectionClosed.class, () -> stream.write(ByteBuffer.allocate(64 * MIB)))));
            StoqStream accepted = pair.nextPeer().acceptStream();
            assertTrue(accepted.read(new byte[100], 0, 100) > 0);
            relay.cut();
            outcome.get();
            Buffers.awaitInUse(0, pair.clientTransport);
            Buffers.awaitInUse(0, pair.serverTransport);
        }
    }

    @Test
    void aHandlerThatLeavesBytesAndNeverAsksForThemHoldsNoBufferBeyondTheConnection() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            stream.write(BYTES, 0, 200_000);
            stream.finish();
            StoqStream accepted = pair.peer().acceptStream();
            stream.awaitDelivered(Duration.ofSeconds(30));
            CompletableFuture<Void> called = new CompletableFuture<>();
            accepted.handler(new StreamEvents() {
                @Override
                public void onData(StoqStream from, ByteBuffer data) {
                    called.complete(null);
                }
            });
            called.get();
            assertTrue(Buffers.inUse(pair.serverTransport) > 0);
            pair.client.close();
            Buffers.awaitInUse(0, pair.serverTransport);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 40})
    void withFewBuffersOrNoneEverythingArrivesAllTheSame(int maxBuffers) throws Exception {
        try (Pair pair = new Pair(transport -> transport.maxBuffers(maxBuffers))) {
            StoqStream stream = pair.client.openStream();
            CompletableFuture<byte[]> received = readAll(pair.peer()::acceptStream);
            stream.write(BYTES, 0, BYTES.length);
            stream.finish();
            assertArrayEquals(BYTES, received.get());
            BufferStatistics statistics = pair.clientTransport.bufferStatistics();
            assertEquals(maxBuffers, statistics.maxBuffers());
            assertTrue(statistics.buffers() <= maxBuffers, statistics::toString);
            assertTrue(statistics.misses() > 0, statistics::toString);
        }
    }

    @Test
    void aNumberOfBuffersOutOfRangeIsRefused() {
        for (int count : new int[] {-1, 65_536}) {
            assertTrue(assertThrows(
                            IllegalArgumentException.class,
                            () -> StoqTransport.builder().maxBuffers(count))
                    .getMessage()
                    .startsWith("maxBuffers is " + count));
        }
    }

    @Test
    void theStatisticsOfAClosedTransportAreThoseOfItsEnd() throws Exception {
        Pair pair = new Pair("auto");
        StoqStream stream = pair.client.openStream();
        stream.write(BYTES, 0, MIB);
        pair.close();
        BufferStatistics statistics = pair.clientTransport.bufferStatistics();
        assertEquals(BufferPool.DEFAULT_MAX_BUFFERS, statistics.maxBuffers());
        assertEquals(0, statistics.inUse());
        assertTrue(statistics.buffers() > 0);
    }

    // ---- vocabulary

    /** Streams of the client that have ended in both directions, with 5,000 bytes to read. */
    private static List<StoqStream> answeredAndUnread(Pair pair, int count) throws Exception {
        List<StoqStream> streams = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StoqStream stream = pair.client.openStream();
            stream.write(BYTES, 0, 1);
            stream.finish();
            streams.add(stream);
            StoqStream accepted = pair.peer().acceptStream();
            assertEquals(1, accepted.inputStream().readAllBytes().length);
            accepted.write(BYTES, i, 5_000);
            accepted.finish();
            accepted.awaitDelivered(Duration.ofSeconds(30));
        }
        return streams;
    }

    @FunctionalInterface
    private interface Acceptance {
        StoqStream accept() throws StoqException;
    }

    private static CompletableFuture<byte[]> readAll(Acceptance acceptance) {
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                result.complete(acceptance.accept().inputStream().readAllBytes());
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static byte[] bytes(int from, int length) {
        return Arrays.copyOfRange(BYTES, from, from + length);
    }
}
