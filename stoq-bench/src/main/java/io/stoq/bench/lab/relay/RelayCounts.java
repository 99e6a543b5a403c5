package io.stoq.bench.lab.relay;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * What a relay has done so far.
 *
 * @param atNs the relay's clock, from its start
 * @param routes in the order of the specification
 * @param clients that have a port of their own towards the server now
 * @param refused datagrams of clients for whom there was no room
 * @param rebinds changes of such a port
 * @param stale datagrams to a port that was given up
 * @param unsent datagrams for which the kernel had no room or no way
 * @param kernelDrops datagrams dropped on full receive buffers, before the relay saw them
 * @param meanLateUs by how many microseconds datagrams left too late
 * @param p99LateUs the 99th percentile of that
 * @param maxLateUs the most of that
 */
@JsonNaming(SnakeCaseStrategy.class)
public record RelayCounts(
        long atNs,
        LaneCounts up,
        LaneCounts down,
        List<RouteCounts> routes,
        int clients,
        long refused,
        long rebinds,
        long stale,
        long unsent,
        long kernelDrops,
        double meanLateUs,
        double p99LateUs,
        double maxLateUs) {

    /** What has passed of one route; bytes are UDP payload. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record RouteCounts(long upBytes, long downBytes) {}
}
