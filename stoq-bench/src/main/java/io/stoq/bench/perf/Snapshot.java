package io.stoq.bench.perf;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.stoq.BufferStatistics;
import io.stoq.SocketStatistics;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * What one process has done by some moment; differences of two are rates. Travels between processes as JSON.
 *
 * @param atNs the process's own clock
 * @param cpuNs processor time of the whole process, user and system
 * @param allocatedBytes heap allocated by all threads since the start
 * @param gcMs time that the garbage collectors took
 * @param receivedBytes of the application
 * @param acknowledgedBytes of the application, sent and acknowledged
 * @param mismatches pieces of data that were not what had been sent
 * @param packetsSent {@link #UNKNOWN} where the stack does not tell; so for the losses and the times
 * @param smoothedRttNs the largest of the open connections
 * @param maxDatagramBytes how large their datagrams may be by what is known of the path; the smallest of the open connections
 * @param buffers of the transport; null where the stack has none, or they are not asked for
 */
public record Snapshot(
        long atNs,
        long cpuNs,
        long allocatedBytes,
        long gcMs,
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
        SocketStatistics socket,
        BufferStatistics buffers) {

    /** Stands for a count that a stack does not keep. */
    public static final long UNKNOWN = -1;

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final List<GarbageCollectorMXBean> COLLECTORS = ManagementFactory.getGarbageCollectorMXBeans();

    static Snapshot of(Tally tally, PacketTotals packets, SocketStatistics socket, BufferStatistics buffers) {
        return new Snapshot(
                System.nanoTime(),
                PROCESS.getProcessCpuTime(),
                THREADS.getTotalThreadAllocatedBytes(),
                collectedMs(),
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
                socket,
                buffers);
    }

    /** Snapshot of a server. */
    public static Snapshot of(PerfService service, SocketStatistics socket) {
        return of(service.tally(), service.packets(), socket, null);
    }

    /**
     * Snapshot of a side that is not STOQ's.
     *
     * @param packetsSent {@link #UNKNOWN} where the stack does not tell; so for the losses and the times
     * @param maxDatagramBytes how large its datagrams may be
     */
    public static Snapshot of(
            Tally tally,
            long packetsSent,
            long packetsLost,
            long smoothedRttNs,
            int maxDatagramBytes,
            SocketStatistics socket) {
        return new Snapshot(
                System.nanoTime(),
                PROCESS.getProcessCpuTime(),
                THREADS.getTotalThreadAllocatedBytes(),
                collectedMs(),
                tally.receivedBytes.sum(),
                UNKNOWN,
                UNKNOWN,
                tally.mismatches.sum(),
                packetsSent,
                packetsLost,
                UNKNOWN,
                smoothedRttNs,
                UNKNOWN,
                maxDatagramBytes,
                socket,
                null);
    }

    private static long collectedMs() {
        long sum = 0;
        for (GarbageCollectorMXBean collector : COLLECTORS) {
            sum += Math.max(0, collector.getCollectionTime());
        }
        return sum;
    }
}
