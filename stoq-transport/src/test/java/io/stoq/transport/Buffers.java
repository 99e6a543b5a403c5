package io.stoq.transport;

import io.stoq.transport.driver.LoopBuffers;
import java.time.Duration;

/** What tests expect of the buffers of a transport with one loop. */
final class Buffers {

    private static final long PATIENCE_NS = Duration.ofSeconds(20).toNanos();

    private Buffers() {}

    /** A thread that was in the middle of a call when its connection ended may need a moment to see that. */
    static void requireAllGivenBack(StoqTransport transport) {
        long untilNs = System.nanoTime() + PATIENCE_NS;
        while (transport.bufferStatistics().inUse() != 0 && System.nanoTime() - untilNs < 0) {
            Thread.yield();
        }
        LoopBuffers buffers = transport.buffers(0);
        buffers.statistics();
        buffers.pool().requireNoneInUse();
    }
}
