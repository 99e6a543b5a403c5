package io.stoq.bench.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.stoq.congestion.CongestionAlgorithm;
import io.stoq.connection.Connection;
import io.stoq.datagram.Datagrams;
import io.stoq.stream.SendChunk;
import io.stoq.stream.Stream;
import io.stoq.telemetry.Telemetry;
import io.stoq.transport.QlogOptions;
import io.stoq.transport.qlog.Qlog;
import io.stoq.transport.telemetry.FlightRecorder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The gate "0 bytes allocated per packet by our own code". Client and server run on this thread, with packet protection that
 * allocates nothing, so what the thread allocates is the engine's, for both sides together.
 *
 * <p>It does not depend on what is compiled yet: the packet path has nothing that escape analysis would have to remove. Once
 * in a while the JVM itself, or the entropy for the next packet number to leave out, allocates a few bytes on this thread; so
 * rounds are repeated until one is without. What the engine allocated for packets, trains, acknowledgements or flow control
 * would be there in all of them: a round has 16,384 packets.
 */
class AllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int PACKETS = 16_384;
    private static final int MAX_ROUNDS = 50;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final long MAX_QLOG_BYTES = 200 << 20;

    @ParameterizedTest
    @CsvSource({"CUBIC, 1232", "CUBIC, 1452", "CUBIC, 16383", "CUBIC, 65487", "BBR2, 1452", "BBR2, 65487", "BBR3, 1452"
    })
    void aBulkTransferAllocatesNothing(CongestionAlgorithm congestion, int payloadBytes) {
        try (EnginePair pair = pair(payloadBytes, congestion)) {
            Stream stream = pair.client().connection().openStream(false);
            stream.handler(pair.client());
            byte[] data = new byte[CHUNK_BYTES];
            requireRoundWithoutAllocation(
                    () -> write(stream, chunks(data, (long) PACKETS * payloadBytes - stream.bufferedBytes())),
                    () -> pair.transfer(PACKETS));
            assertTrue(pair.server().streamBytes() > PACKETS * (payloadBytes - 64L));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CongestionAlgorithm.class,
            names = {"CUBIC", "BBR2"})
    void lossesAndTheirRepairAllocateNothing(CongestionAlgorithm congestion) {
        try (EnginePair pair = pair(1452, congestion)) {
            pair.losing(4);
            Stream stream = pair.client().connection().openStream(false);
            stream.handler(pair.client());
            byte[] data = new byte[CHUNK_BYTES];
            requireRoundWithoutAllocation(
                    () -> write(stream, chunks(data, PACKETS * 1452L - stream.bufferedBytes())),
                    () -> pair.transfer(PACKETS));
            assertTrue(pair.client().connection().statistics().losses().packets() > 50);
        }
    }

    @Test
    void theLoopOfARecordedConnectionAllocatesNothing(@TempDir Path folder) throws IOException {
        try (Qlog qlog = Qlog.open(QlogOptions.to(folder).withMaxFileBytes(MAX_QLOG_BYTES));
                EnginePair pair = pair(1452, CongestionAlgorithm.CUBIC, qlog)) {
            pair.losing(4);
            Stream stream = pair.client().connection().openStream(false);
            stream.handler(pair.client());
            byte[] data = new byte[CHUNK_BYTES];
            // Once as many blocks as are needed are there; a queue that another thread waits for allocates now and
            // then.
            requireRoundWithoutAllocation(
                    () -> write(stream, chunks(data, PACKETS * 1452L - stream.bufferedBytes())),
                    () -> pair.transfer(PACKETS));
        }
        try (var files = Files.list(folder)) {
            assertTrue(
                    files.mapToLong(file -> file.toFile().length()).sum() > PACKETS * 100L, "all of it was recorded");
        }
    }

    @Test
    void manyStreamsAllocateNothing() {
        try (EnginePair pair = pair(1452)) {
            byte[] data = new byte[CHUNK_BYTES];
            List<Stream> streams = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Stream stream = pair.client().connection().openStream(true);
                stream.handler(pair.client());
                streams.add(stream);
            }
            requireRoundWithoutAllocation(
                    () -> streams.forEach(stream -> write(stream, chunks(data, CHUNK_BYTES - stream.bufferedBytes()))),
                    () -> pair.transfer(PACKETS));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 1200})
    void datagramsAllocateNothing(int bytes) {
        try (EnginePair pair = pair(1452)) {
            Connection client = pair.client().connection();
            byte[] data = new byte[bytes];
            long[] accepted = {0};
            requireRoundWithoutAllocation(() -> {}, () -> {
                for (int packets = 0; packets < PACKETS; packets += 8) {
                    while (client.sendDatagram(data, 0, bytes)) {
                        accepted[0]++;
                    }
                    pair.transfer(8);
                }
            });
            long waiting = Datagrams.MAX_QUEUED_BYTES / bytes;
            assertTrue(pair.server().datagrams() >= accepted[0] - waiting, "all but the last that wait have come");
        }
    }

    @Test
    void theMeterSeesAnObjectOfSixteenBytes() {
        List<Object> kept = new ArrayList<>(1);
        assertTrue(allocatedBytes(() -> kept.add(new Object())) >= 16);
        assertEquals(0, allocatedBytes(() -> {}));
    }

    private static EnginePair pair(int payloadBytes) {
        return pair(payloadBytes, CongestionAlgorithm.CUBIC);
    }

    private static EnginePair pair(int payloadBytes, CongestionAlgorithm congestion) {
        // As in a transport: Flight Recorder could record at any time, and does not.
        return pair(payloadBytes, congestion, FlightRecorder.telemetry());
    }

    private static EnginePair pair(int payloadBytes, CongestionAlgorithm congestion, Telemetry telemetry) {
        return new EnginePair(new NoCipher(), payloadBytes, congestion, new EngineSide(), new EngineSide(), telemetry);
    }

    /** The application's own objects, made before the round. */
    private static List<SendChunk> chunks(byte[] data, long bytes) {
        List<SendChunk> chunks = new ArrayList<>();
        for (long left = bytes; left > 0; left -= data.length) {
            chunks.add(new SendChunk(data));
        }
        return chunks;
    }

    private static void write(Stream stream, List<SendChunk> chunks) {
        chunks.forEach(stream::write);
    }

    private static void requireRoundWithoutAllocation(Runnable preparation, Runnable round) {
        List<Long> allocated = new ArrayList<>();
        while (allocated.size() < MAX_ROUNDS) {
            preparation.run();
            long bytes = allocatedBytes(round);
            if (bytes == 0) {
                return;
            }
            allocated.add(bytes);
        }
        fail("each round of " + PACKETS + " packets allocated something, in bytes: " + allocated);
    }

    private static long allocatedBytes(Runnable action) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        action.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
