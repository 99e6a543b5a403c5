package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.MemoryStatistics;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.config.ConnectionConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Applications that do not read, and peers that do not: what they make this side hold is bounded, and nothing is lost. */
class MemoryTest {

    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final int STREAMS = 40;
    private static final long PATIENCE_NS = Duration.ofSeconds(30).toNanos();

    private static ConnectionConfig config(int windowBytes, int memoryBytes) {
        return ConnectionConfig.builder()
                .connectionWindowBytes(windowBytes, windowBytes)
                .streamWindowBytes(windowBytes, windowBytes)
                .maxStreams(100, 100)
                .memoryBytes(memoryBytes)
                .build();
    }

    @Test
    void anApplicationThatDoesNotReadIsNotBuriedAndGetsItAllLater() throws Exception {
        ConnectionConfig serverConfig = config(MIB, 4 * MIB);
        try (Pair pair = new Pair("auto", ConnectionConfig.defaults(), serverConfig, builder -> builder)) {
            Readers readers = new Readers(pair.peer());
            List<CompletableFuture<Void>> writers = writers(pair.client, STREAMS, MIB, readers.accepted);
            await(() -> memory(pair.peer()).withheld() > 0);
            assertTrue(memory(pair.peer()).heldBytes() <= 8 * MIB);
            readers.begin();
            for (CompletableFuture<Integer> reader : readers.all) {
                assertEquals(MIB, reader.get(60, TimeUnit.SECONDS));
            }
            all(writers);
            await(() -> memory(pair.peer()).heldBytes() < MIB);
            MemoryStatistics memory = memory(pair.peer());
            assertTrue(memory.peakBytes() <= 8 * MIB, memory::toString);
            assertEquals(0, memory.streamsReset(), memory::toString);
            assertEquals(
                    memory.withheld(),
                    pair.serverTransport.statistics().endpoints().memory().withheld());
        }
    }

    @Test
    void writersWaitWhereThePeerDoesNotRead() throws Exception {
        ConnectionConfig clientConfig = config(MIB, 4 * MIB);
        try (Pair pair = new Pair("auto", clientConfig, ConnectionConfig.defaults(), builder -> builder)) {
            Readers readers = new Readers(pair.peer());
            List<CompletableFuture<Void>> writers = writers(pair.client, STREAMS, 2 * MIB, readers.accepted);
            await(() -> memory(pair.client).heldBytes() > MIB + MIB / 2);
            readers.begin();
            for (CompletableFuture<Integer> reader : readers.all) {
                assertEquals(2 * MIB, reader.get(60, TimeUnit.SECONDS));
            }
            all(writers);
            await(() -> memory(pair.client).heldBytes() < MIB);
            MemoryStatistics memory = memory(pair.client);
            // Half of the budget, and a piece for each writer that was let in at the same time.
            assertTrue(memory.peakBytes() < 2 * MIB + STREAMS * 70 * KIB, memory::toString);
        }
    }

    @Test
    void streamsThatAreResetForMemorySayWhyOnBothSides() throws Exception {
        try (Pair pair = new Pair(
                "auto",
                ConnectionConfig.defaults(),
                ConnectionConfig.defaults(),
                builder -> builder.memoryBytes(2 * MIB))) {
            Readers readers = new Readers(pair.peer());
            List<CompletableFuture<Void>> writers = writers(pair.client, STREAMS, MIB, readers.accepted);
            await(() -> memory(pair.peer()).streamsReset() > 0);
            readers.begin();
            int reset = 0;
            for (CompletableFuture<Integer> reader : readers.all) {
                reset += failsWith(reader, StoqException.OverBudget.class) ? 1 : 0;
            }
            assertTrue(reset > 0 && reset < STREAMS, reset + " were reset");
            int stopped = 0;
            for (CompletableFuture<Void> writer : writers) {
                if (failsWith(writer, StoqException.StreamReset.class)) {
                    StoqException.StreamReset why = (StoqException.StreamReset) writer.exceptionNow();
                    assertEquals(StoqStream.OVER_BUDGET, why.errorCode());
                    stopped++;
                }
            }
            assertTrue(stopped <= reset, stopped + " of " + reset);
            MemoryStatistics memory =
                    pair.serverTransport.statistics().endpoints().memory();
            assertTrue(memory.peakBytes() <= 4 * MIB, memory::toString);
            assertEquals(reset, memory.streamsReset());
            assertTrue(pair.client.isOpen());
        }
    }

    /** Streams that have carried much get large segments; those that wait for more keep room that nobody fills. */
    @Test
    void roomOnManyOpenStreamsDoesNotUseUpTheBudget() throws Exception {
        int bytes = 300_000;
        try (Pair pair = new Pair("auto", ConnectionConfig.defaults(), config(MIB, 3 * MIB), builder -> builder)) {
            List<StoqStream> open = new ArrayList<>();
            for (int i = 0; i < 90; i++) {
                StoqStream stream = pair.client.openUnidirectionalStream();
                open.add(stream);
                Thread.startVirtualThread(() -> {
                    try {
                        stream.outputStream().write(new byte[bytes]);
                    } catch (IOException e) {
                        stream.reset(1); // which the reader sees
                    }
                });
                byte[] received = new byte[bytes];
                accept(pair.peer(), 1).getFirst().inputStream().readNBytes(received, 0, bytes);
            }
            assertEquals(90, pair.peer().statistics().streams());
            assertEquals(0, memory(pair.peer()).streamsReset());
            assertTrue(memory(pair.peer()).heldBytes() < 3 * MIB);
        }
    }

    @Test
    void datagramsThatNobodyTakesAreBoundedByTheBudget() throws Exception {
        try (Pair pair = new Pair("auto", ConnectionConfig.defaults(), config(MIB, 4 * MIB), builder -> builder)) {
            StoqConnection peer = pair.peer();
            long before = memory(peer).heldBytes();
            while (peer.droppedDatagrams() == 0) {
                pair.client.sendDatagram(ByteBuffer.allocate(1000), Duration.ofSeconds(30));
            }
            assertTrue(memory(peer).heldBytes() - before <= 512 * KIB + 128 * KIB);
            assertTrue(memory(peer).heldBytes() - before >= 256 * KIB);
        }
    }

    @Test
    void whatEndedUnreadStaysChargedUntilItIsRead() throws Exception {
        int bytes = 50_000;
        try (Pair pair = new Pair("auto")) {
            long idle = memory(pair.peer()).heldBytes();
            all(writers(pair.client, STREAMS, bytes, new CountDownLatch(0)));
            List<StoqStream> accepted = accept(pair.peer(), STREAMS);
            await(() -> memory(pair.peer()).heldBytes() - idle >= (long) STREAMS * bytes
                    && pair.peer().statistics().streams() == 0);
            for (StoqStream stream : accepted) {
                assertArrayEquals(new byte[bytes], stream.inputStream().readAllBytes());
            }
            await(() -> memory(pair.peer()).heldBytes() - idle < 64 * KIB);
        }
    }

    @Test
    void whatTheApplicationLetGoOfUnreadIsNotChargedForEver() throws Exception {
        int bytes = 50_000;
        try (Pair pair = new Pair("auto")) {
            all(writers(pair.client, STREAMS, bytes, new CountDownLatch(0)));
            accept(pair.peer(), STREAMS);
            await(() -> memory(pair.peer()).heldBytes() >= (long) STREAMS * bytes);
            await(() -> {
                System.gc();
                all(writers(pair.client, 1, 2, new CountDownLatch(0)));
                accept(pair.peer(), 1);
                return memory(pair.peer()).heldBytes() < MIB / 2;
            });
        }
    }

    @Test
    void budgetsThatDoNotFitAreRefused() {
        ConnectionConfig.Builder builder = ConnectionConfig.builder().memoryBytes(16 * MIB);
        String message =
                assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertTrue(message.contains("connectionWindowBytes"), message);
        assertThrows(
                IllegalArgumentException.class, () -> StoqTransport.builder().endpointMemoryBytes(1000));
        ConnectionConfig wide =
                ConnectionConfig.builder().connectionWindowBytes(MIB, 1L << 30).build();
        assertEquals(ConnectionConfig.leastMemoryBytes(wide.limits()), wide.memoryBytes());
    }

    // ---- steps

    private static MemoryStatistics memory(StoqConnection connection) {
        return connection.statistics().memory();
    }

    /** Each writes to a one-way stream of its own, after the first byte when all streams are known, and finishes it. */
    private static List<CompletableFuture<Void>> writers(
            StoqConnection connection, int count, int bytes, CountDownLatch known) {
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            writers.add(done);
            Thread.startVirtualThread(() -> {
                try (StoqStream stream = connection.openUnidirectionalStream()) {
                    stream.outputStream().write(0);
                    known.await();
                    stream.outputStream().write(new byte[bytes - 1]);
                    done.complete(null);
                } catch (IOException | InterruptedException e) {
                    done.completeExceptionally(e);
                }
            });
        }
        return writers;
    }

    private static List<StoqStream> accept(StoqConnection connection, int count) throws StoqException {
        List<StoqStream> accepted = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            accepted.add(connection.acceptStream(Duration.ofSeconds(30)));
        }
        return accepted;
    }

    /** Accepts streams as they come, and reads each to its end, on a thread of its own, but not before it is told to. */
    private static final class Readers {

        final List<CompletableFuture<Integer>> all = new ArrayList<>();
        final CountDownLatch accepted = new CountDownLatch(STREAMS);
        private final CountDownLatch begun = new CountDownLatch(1);

        Readers(StoqConnection connection) {
            for (int i = 0; i < STREAMS; i++) {
                CompletableFuture<Integer> read = new CompletableFuture<>();
                all.add(read);
                Thread.startVirtualThread(() -> {
                    try {
                        StoqStream stream = connection.acceptStream();
                        accepted.countDown();
                        begun.await();
                        read.complete(stream.inputStream().readAllBytes().length);
                    } catch (IOException | InterruptedException e) {
                        read.completeExceptionally(e);
                    }
                });
            }
        }

        void begin() {
            begun.countDown();
        }
    }

    private static boolean failsWith(CompletableFuture<?> future, Class<? extends Exception> expected)
            throws Exception {
        try {
            future.get(60, TimeUnit.SECONDS);
            return false;
        } catch (ExecutionException e) {
            assertInstanceOf(expected, e.getCause());
            return true;
        }
    }

    private static void all(List<CompletableFuture<Void>> futures) throws Exception {
        for (CompletableFuture<Void> future : futures) {
            future.get(60, TimeUnit.SECONDS);
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long untilNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.holds()) {
            assertTrue(System.nanoTime() - untilNs < 0, "it does not come to be");
            Thread.yield();
        }
    }
}
