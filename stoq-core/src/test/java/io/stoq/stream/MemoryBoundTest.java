package io.stoq.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.sim.Seeds;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** What a peer can make the reassembly hold, whatever its fragments look like. */
class MemoryBoundTest {

    private static final int STREAMS = 100;
    private static final int WINDOW = 16 * 1024;
    private static final StreamLimits LIMITS =
            new StreamLimits((long) STREAMS * WINDOW, 1 << 24, WINDOW, 1 << 24, STREAMS, STREAMS);
    private static final long CREDIT = (long) STREAMS * WINDOW;

    @Test
    void evenBytesOnly() {
        fragments(i -> 2 * i, WINDOW / 2);
    }

    @Test
    void oddBytesOnly() {
        fragments(i -> 2 * i + 1, WINDOW / 2);
    }

    @Test
    void descendingBytes() {
        fragments(i -> WINDOW - 1 - 2 * i, WINDOW / 2);
    }

    @Test
    void everyByteButTheFirstDescending() {
        fragments(i -> WINDOW - 1 - i, WINDOW - 1);
    }

    @Test
    void randomBytes() {
        Seeds.each(2, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            fragments(i -> 1 + random.nextInt(WINDOW - 1), WINDOW / 2);
        });
    }

    /** B-02. */
    @Test
    void oneByteAtTheLargestOffsetCostsOneBlockAndGivesNoCredit() {
        Side server = Side.server(new StreamLimits(1 << 30, 1 << 30, 1 << 28, 1 << 28, 4, 4));
        for (long id = 0; id < 16; id += 4) {
            server.data(id, (1 << 28) - 1, 1, false);
        }
        assertEquals(4L * Block.HELD_BYTES, server.streams.bytesHeld());
        assertTrue(server.frames().isEmpty());
    }

    @Test
    void blocksComeBackWhenTheGapIsFilledOrTheStreamReset() {
        Side server = Side.server(LIMITS);
        for (int stream = 0; stream < STREAMS; stream++) {
            long id = 4L * stream;
            for (int at = 1; at < WINDOW; at += 500) {
                server.data(id, at, 1, false);
            }
            if (stream % 2 == 0) {
                server.data(id, 0, WINDOW, true);
                assertEquals(WINDOW, server.recorder(id).bytes.size());
            } else {
                server.reset(id, 0, WINDOW);
            }
            assertEquals(0, server.streams.bytesHeld());
        }
    }

    private static void fragments(IntUnaryOperator offset, int count) {
        Side server = Side.server(LIMITS);
        byte[] one = new byte[1];
        for (int i = 0; i < count; i++) {
            int at = offset.applyAsInt(i);
            for (int stream = 0; stream < STREAMS; stream++) {
                server.streams.onStream(server.nowNs, 4L * stream, at, one, 0, 1, false);
            }
            if (i % 64 == 0) {
                assertTrue(server.streams.bytesHeld() <= 2 * CREDIT);
            }
        }
        assertTrue(server.streams.bytesHeld() <= 2 * CREDIT, () -> server.streams.bytesHeld() + " for " + CREDIT);
    }
}
