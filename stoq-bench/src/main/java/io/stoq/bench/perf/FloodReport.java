package io.stoq.bench.perf;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.stoq.EndpointStatistics;
import io.stoq.bench.terminal.Units;
import java.util.List;
import java.util.Locale;

/**
 * What a flood of first packets does to a connection that was there before. Each phase is as long as the others.
 *
 * @param packetsPerS that were to be sent
 * @param packetsToServer that were sent to the server, in all
 * @param gbpsAlone throughput without a flood; median of the seconds of all rounds, as the others
 * @param gbpsBeside with the same flood to a socket that nobody reads: what making it costs this machine
 * @param gbpsFlooded with the flood to the server
 * @param keptPercent of what is left beside the flood
 * @param residentBytesBefore the server process's memory before the first flood
 * @param residentBytesAfter and after the last
 * @param retries Retry packets that the server sent
 * @param refused clients that it turned away
 */
@JsonNaming(SnakeCaseStrategy.class)
public record FloodReport(
        int packetsPerS,
        long packetsToServer,
        double gbpsAlone,
        double gbpsBeside,
        double gbpsFlooded,
        double keptPercent,
        long residentBytesBefore,
        long residentBytesAfter,
        long retries,
        long accepted,
        long refused,
        long kernelDrops,
        int cpus)
        implements Report {

    /** Seconds of each phase, Gbit/s. */
    public record Samples(List<Double> alone, List<Double> beside, List<Double> flooded) {}

    /** What the server's process holds, in bytes. */
    public record Resident(long before, long after) {}

    /** @param kernelDrops arrivals dropped on full receive buffers of the server */
    public static FloodReport of(
            int perSecond,
            long packets,
            Samples samples,
            Resident resident,
            EndpointStatistics server,
            long kernelDrops) {
        double beside = median(samples.beside);
        double flooded = median(samples.flooded);
        return new FloodReport(
                perSecond,
                packets,
                rounded(median(samples.alone)),
                rounded(beside),
                rounded(flooded),
                rounded(100 * flooded / beside),
                resident.before,
                resident.after,
                server.retriesSent(),
                server.accepted(),
                server.refused(),
                kernelDrops,
                Runtime.getRuntime().availableProcessors());
    }

    private static double median(List<Double> samples) {
        List<Double> sorted = samples.stream().sorted().toList();
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }

    private static double rounded(double value) {
        return Math.rint(value * 1e3) / 1e3;
    }

    @Override
    public List<String> lines() {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "%.1f %% of %s kept under %s forged first packets/s",
                        keptPercent,
                        Units.gbits(gbpsBeside),
                        Units.count(packetsPerS)),
                row(
                        "alone",
                        Units.gbits(gbpsAlone) + "; with the flood to nobody " + Units.gbits(gbpsBeside)
                                + "; to the server " + Units.gbits(gbpsFlooded)),
                row(
                        "flood",
                        Units.count(packetsToServer) + " packets to the server, " + Units.count(retries)
                                + " answered by Retry packets, " + Units.count(refused) + " refused"),
                row(
                        "memory",
                        "of the server's process " + Units.bytes(residentBytesBefore) + " before, "
                                + Units.bytes(residentBytesAfter) + " after"),
                row("dropped", Units.count(kernelDrops) + " arrivals at the server for want of receive buffer"));
    }

    private static String row(String name, String value) {
        return String.format("  %-12s %s", name, value);
    }
}
