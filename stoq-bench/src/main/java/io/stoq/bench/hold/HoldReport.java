package io.stoq.bench.hold;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.stoq.bench.perf.Latency;
import io.stoq.bench.perf.Report;
import io.stoq.bench.terminal.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What many connections cost. Nulls stand for what the system does not tell.
 *
 * @param io how the client's datagrams moved
 * @param keepAliveSeconds of silence after which a side breaks it
 * @param established connections that were open when the requests ended
 * @param openingSeconds that the handshakes took in all, with a bounded number in flight
 * @param failures sum of the four kinds that follow
 * @param uncleanEnds connections of which the server did not hear that all is done
 * @param firstFailure in words, or null
 * @param heapBytesPerConnection of live objects: the slope over {@code steps}, of the side where it is larger
 * @param rssBytesPerConnection of resident memory, likewise: heap, and all else
 * @param fileDescriptors of both processes, with all connections open
 * @param fileDescriptorsAdded how many more that are than at the first step
 * @param idleCpuPercent of one core, while no connection says anything, keep-alives aside; of the side where it is larger
 * @param statisticsMs that it took to add up all the client's connections, as a scrape of its metrics does
 * @param requests that were due; each counts from when it was
 * @param latencyUs null where none was answered
 * @param requestCpuPercentClient of one core, while there are requests
 * @param otherCpuPercent of the whole machine, that other processes took meanwhile
 * @param collector that both JVMs were made to use
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonPropertyOrder({"stack"})
public record HoldReport(
        String stack,
        String io,
        String aead,
        String cc,
        int connections,
        int idleSeconds,
        int holdSeconds,
        double keepAliveSeconds,
        int established,
        double openingSeconds,
        long failures,
        long handshakeFailures,
        long lostConnections,
        long failedRequests,
        long uncleanEnds,
        String firstFailure,
        Long heapBytesPerConnection,
        Long heapBytesPerConnectionClient,
        Long heapBytesPerConnectionServer,
        Long rssBytesPerConnection,
        Long rssBytesPerConnectionClient,
        Long rssBytesPerConnectionServer,
        Long fileDescriptors,
        Long fileDescriptorsAdded,
        double idleCpuPercent,
        double idleCpuPercentClient,
        double idleCpuPercentServer,
        double statisticsMs,
        long requests,
        long answers,
        Latency latencyUs,
        double requestCpuPercentClient,
        double requestCpuPercentServer,
        Double otherCpuPercent,
        List<Step> steps,
        String collector,
        double seconds,
        String java,
        String os,
        int cpus)
        implements Report {

    private static final double DISTURBING_PERCENT = 5;

    /** With fewer the heap's own ups and downs are as large as what all connections take. */
    private static final int ENOUGH_CONNECTIONS = 1000;

    /** What the run was asked for, beside its shape. */
    public record Settings(String aead, String congestion, double keepAliveSeconds) {}

    /** What was found out on the way. */
    record Outcome(
            int established,
            long openingNs,
            long allNs,
            List<Step> steps,
            long statisticsNs,
            CpuShare idle,
            CpuShare requesting,
            long uncleanEnds) {}

    static HoldReport of(
            Outcome outcome, Requests requests, Failures failures, String io, HoldShape shape, Settings settings) {
        List<Step> steps = outcome.steps();
        Double heapClient = Step.slope(steps, step -> step.client().heapBytes());
        Double heapServer = Step.slope(steps, step -> step.server().heapBytes());
        Double rssClient = Step.slope(steps, step -> step.client().residentBytes());
        Double rssServer = Step.slope(steps, step -> step.server().residentBytes());
        Long descriptors = steps.getLast().descriptors();
        Long descriptorsAtFirst = steps.getFirst().descriptors();
        CpuShare idle = outcome.idle();
        CpuShare requesting = outcome.requesting();
        return new HoldReport(
                "stoq",
                io,
                settings.aead(),
                settings.congestion(),
                shape.connections(),
                shape.idleSeconds(),
                shape.holdSeconds(),
                settings.keepAliveSeconds(),
                outcome.established(),
                rounded(outcome.openingNs() / 1e9),
                failures.handshakes.sum()
                        + failures.lostConnections.sum()
                        + failures.requests.sum()
                        + outcome.uncleanEnds(),
                failures.handshakes.sum(),
                failures.lostConnections.sum(),
                failures.requests.sum(),
                outcome.uncleanEnds(),
                failures.first(),
                larger(heapClient, heapServer),
                whole(heapClient),
                whole(heapServer),
                larger(rssClient, rssServer),
                whole(rssClient),
                whole(rssServer),
                descriptors,
                descriptors == null ? null : descriptors - descriptorsAtFirst,
                rounded(Math.max(idle.clientPercent(), idle.serverPercent())),
                rounded(idle.clientPercent()),
                rounded(idle.serverPercent()),
                rounded(outcome.statisticsNs() / 1e6),
                requests.sent(),
                requests.answered(),
                Latency.of(requests.latenciesNs()),
                rounded(requesting.clientPercent()),
                rounded(requesting.serverPercent()),
                requesting.otherPercent() == null ? null : rounded(requesting.otherPercent()),
                steps,
                HoldJvm.COLLECTOR,
                rounded(outcome.allNs() / 1e9),
                Runtime.version().toString(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors());
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(Units.plural(established, "connection") + " held, "
                + (failures == 0 ? "no failure" : Units.plural(failures, "failure")) + ": "
                + Units.plural(answers, "request") + " answered of " + Units.count(requests) + " in " + holdSeconds
                + " s");
        if (failures > 0) {
            lines.add(row(
                    "failures",
                    Units.plural(handshakeFailures, "handshake") + ", "
                            + Units.plural(lostConnections, "lost connection") + ", "
                            + Units.plural(failedRequests, "request") + ", "
                            + Units.plural(uncleanEnds, "unclean end")
                            + (firstFailure == null ? "" : "; the first: " + firstFailure)));
        }
        lines.add(row("heap", each(heapBytesPerConnectionClient, heapBytesPerConnectionServer)));
        lines.add(row("resident", each(rssBytesPerConnectionClient, rssBytesPerConnectionServer)));
        if (connections < ENOUGH_CONNECTIONS) {
            lines.add(row("", "which says little: the slope over so few is less than the noise of a JVM"));
        }
        lines.add(row(
                "descriptors",
                fileDescriptors == null
                        ? "unknown"
                        : Units.count(fileDescriptors) + " in both processes, " + Units.count(fileDescriptorsAdded)
                                + " more than with "
                                + Units.plural(steps.getFirst().connections(), "connection")));
        lines.add(row(
                "idle",
                String.format(
                        Locale.ROOT,
                        "client %.1f %%, server %.1f %% of a core, with keep-alives every %.0f s",
                        idleCpuPercentClient,
                        idleCpuPercentServer,
                        keepAliveSeconds)));
        lines.add(row(
                "statistics", String.format(Locale.ROOT, "%.1f ms over all the client's connections", statisticsMs)));
        lines.add(row(
                "handshakes",
                String.format(
                        Locale.ROOT,
                        "%.1f s, %s a second",
                        openingSeconds,
                        Units.count(Math.round(established / openingSeconds)))));
        lines.add(row("request", latencyUs == null ? "none was answered" : latencyUs.text()));
        lines.add(row(
                "at work",
                String.format(
                        Locale.ROOT,
                        "client %.0f %%, server %.0f %% of a core",
                        requestCpuPercentClient,
                        requestCpuPercentServer)));
        if (otherCpuPercent != null && otherCpuPercent > DISTURBING_PERCENT) {
            lines.add(row(
                    "unsteady",
                    String.format(
                            Locale.ROOT,
                            "%.0f %% of this machine's time went to other processes; measure again",
                            otherCpuPercent)));
        }
        return lines;
    }

    private static String each(Long client, Long server) {
        return "client " + bytes(client) + ", server " + bytes(server) + " per idle connection";
    }

    private static String bytes(Long bytes) {
        return bytes == null ? "unknown" : Units.count(bytes) + " B";
    }

    private static String row(String name, String value) {
        return String.format("  %-12s %s", name, value);
    }

    private static Long larger(Double client, Double server) {
        return client == null || server == null ? null : whole(Math.max(client, server));
    }

    private static Long whole(Double value) {
        return value == null ? null : Math.round(value);
    }

    private static double rounded(double value) {
        return Math.rint(value * 1e3) / 1e3;
    }
}
