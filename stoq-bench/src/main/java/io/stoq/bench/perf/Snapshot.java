package io.stoq.bench.perf;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.stoq.SocketStatistics;
import java.lang.management.ManagementFactory;

/**
 * What one process has done by some moment; differences of two are rates. Travels between processes as JSON.
 *
 * @param atNs the process's own clock
 * @param cpuNs processor time of the whole process, user and system
 * @param allocatedBytes heap allocated by all threads since the start
 * @param receivedBytes of the application
 * @param acknowledgedBytes of the application, sent and acknowledged
 * @param mismatches pieces of data that were not what had been sent
 * @param smoothedRttNs the largest of the open connections
 * @param maxDatagramBytes how large their datagrams may be by what is known of the path; the smallest of the open connections
 */
public record Snapshot(
        long atNs,
        long cpuNs,
        long allocatedBytes,
        long receivedBytes,
        long acknowledgedBytes,
        long receivedDatagrams,
        long mismatches,
        long packetsSent,
        long packetsLost,
        long packetsSpuriouslyLost,
        long smoothedRttNs,
        long minRttNs,
        int maxDatagramBytes,
        SocketStatistics socket) {

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Snapshot of(Tally tally, PacketTotals packets, SocketStatistics socket) {
        return new Snapshot(
                System.nanoTime(),
                PROCESS.getProcessCpuTime(),
                THREADS.getTotalThreadAllocatedBytes(),
                tally.receivedBytes.sum(),
                tally.acknowledgedBytes.sum(),
                tally.receivedDatagrams.sum(),
                tally.mismatches.sum(),
                packets.sent(),
                packets.lost(),
                packets.spuriouslyLost(),
                packets.smoothedRttNs(),
                packets.minRttNs(),
                packets.maxDatagramBytes(),
                socket);
    }

    /** Snapshot of a server. */
    public static Snapshot of(PerfService service, SocketStatistics socket) {
        return of(service.tally(), service.packets(), socket);
    }
}
