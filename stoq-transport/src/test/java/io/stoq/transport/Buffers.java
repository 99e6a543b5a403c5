package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.transport.driver.LoopBuffers;
import java.time.Duration;

/** What tests expect of the buffers of a transport with one loop. */
final class Buffers {

    private static final long PATIENCE_NS = Duration.ofSeconds(20).toNanos();

    private Buffers() {}

    static int inUse(StoqTransport transport) {
        return transport.bufferStatistics().inUse();
    }

    /** Until so many are in use: no time is measured, only the state is asked for. */
    static void awaitInUse(int count, StoqTransport transport) {
        long untilNs = System.nanoTime() + PATIENCE_NS;
        while (inUse(transport) != count) {
            assertTrue(System.nanoTime() - untilNs < 0, () -> inUse(transport) + " buffers in use, not " + count);
            Thread.yield();
        }
    }

    /** A thread that was in the middle of a call when its connection ended may need a moment to see that. */
    static void requireAllGivenBack(StoqTransport transport) {
        long untilNs = System.nanoTime() + PATIENCE_NS;
        while (inUse(transport) != 0 && System.nanoTime() - untilNs < 0) {
            Thread.yield();
        }
        LoopBuffers buffers = transport.buffers(0);
        buffers.statistics(); // makes what the loop did last visible here
        buffers.pool().requireNoneInUse();
    }
}
