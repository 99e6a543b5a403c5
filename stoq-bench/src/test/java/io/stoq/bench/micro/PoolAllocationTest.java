package io.stoq.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.stoq.StoqException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The gate "0 bytes allocated to acquire and release". It does not depend on what is compiled yet: leases are made with their
 * connection. Once in a while the JVM itself allocates on this thread, so rounds are repeated until one is without.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoolAllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int OPERATIONS = 10_000;
    private static final int MAX_ROUNDS = 50;

    @FunctionalInterface
    private interface Operation {
        Object run() throws StoqException;
    }

    @Test
    void acquiringAndReleasingAllocatesNothing() throws StoqException {
        PoolBenchmark pools = new PoolBenchmark();
        pools.connections = 4;
        pools.open();
        try {
            requireRoundWithoutAllocation(pools::roundRobin);
            requireRoundWithoutAllocation(pools::leastLoaded);
            requireRoundWithoutAllocation(pools::pinned);
        } finally {
            pools.close();
        }
    }

    private static void requireRoundWithoutAllocation(Operation operation) throws StoqException {
        long id = Thread.currentThread().threadId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            long before = THREADS.getThreadAllocatedBytes(id);
            Object last = null;
            for (int i = 0; i < OPERATIONS; i++) {
                last = operation.run();
            }
            least = Math.min(least, THREADS.getThreadAllocatedBytes(id) - before);
            if (last == null) {
                fail("nothing was acquired");
            }
            if (least == 0) {
                return;
            }
        }
        assertEquals(0, least, "bytes for " + OPERATIONS + " operations, in the best of " + MAX_ROUNDS + " rounds");
    }
}
