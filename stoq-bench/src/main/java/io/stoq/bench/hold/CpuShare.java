package io.stoq.bench.hold;

import io.stoq.bench.perf.CpuTimes;
import java.io.IOException;

/**
 * Processor time over some time: of both sides in percent of one core, of all other processes in percent of the machine.
 *
 * @param otherPercent null where the system does not tell
 */
record CpuShare(double clientPercent, double serverPercent, Double otherPercent) {

    /** Where that time begins. */
    record Start(long atNs, long clientNs, long serverNs, CpuTimes machine) {

        static Start now(HoldServer server) throws IOException, InterruptedException {
            return new Start(
                    System.nanoTime(), Footprint.cpuNs(), server.connections().cpuNs(), CpuTimes.read());
        }
    }

    static CpuShare since(Start from, HoldServer server) throws IOException, InterruptedException {
        Start to = Start.now(server);
        double percentPerNs = 100.0 / (to.atNs - from.atNs);
        double client = (to.clientNs - from.clientNs) * percentPerNs;
        double serving = (to.serverNs - from.serverNs) * percentPerNs;
        Double busy = CpuTimes.busyPercent(from.machine, to.machine);
        int processors = Runtime.getRuntime().availableProcessors();
        return new CpuShare(client, serving, busy == null ? null : Math.max(0, busy - (client + serving) / processors));
    }
}
