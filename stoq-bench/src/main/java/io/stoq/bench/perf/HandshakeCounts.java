package io.stoq.bench.perf;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.stoq.SocketStatistics;
import java.lang.management.ManagementFactory;

/**
 * What one side of a handshake load has done by some moment; differences of two are rates. Travels between processes as
 * JSON.
 *
 * @param atNs the process's own clock
 * @param cpuNs processor time of the whole process, user and system
 * @param allocatedBytes heap allocated by all threads since the start
 * @param completed handshakes that this side has seen complete
 * @param connections open, closing or draining now
 */
public record HandshakeCounts(
        long atNs, long cpuNs, long allocatedBytes, long completed, int connections, SocketStatistics socket) {

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** The counts of this process as of now. */
    public static HandshakeCounts now(long completed, int connections, SocketStatistics socket) {
        return new HandshakeCounts(
                System.nanoTime(),
                PROCESS.getProcessCpuTime(),
                THREADS.getTotalThreadAllocatedBytes(),
                completed,
                connections,
                socket);
    }
}
