package io.stoq.bench.perf;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.stoq.SocketStatistics;
import io.stoq.bench.terminal.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * The result of one run of handshakes, full or resumed.
 *
 * @param io how the client's datagrams moved
 * @param certificate the server's kind of key
 * @param resume whether sessions were to be resumed
 * @param fullHandshakes how many of all, with those of the warm-up, were not resumed
 * @param concurrency handshakes in flight
 * @param handshakes completed in the window, as the server counts them
 * @param samples handshakes per second of each second
 * @param handshakesPerServerCpuS over the processor time of the server's whole process, user and system
 * @param failures connections that were not established, and lost handshakes beside
 * @param firstFailure what became of the first of those, or null
 * @param latencyMsP50 from the client's wish for a connection to its being established, as are the next ones
 * @param kernelDrops arrivals dropped on full receive buffers of either side
 * @param serverConnectionsLeft connections that the server still knew of some seconds after the last was closed
 * @param stolenPercent processor time that other guests took from this machine, or null where unknown
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonPropertyOrder({"stack"})
public record HandshakeReport(
        String stack,
        String io,
        String certificate,
        String keyExchange,
        boolean resume,
        long fullHandshakes,
        int concurrency,
        double seconds,
        int warmupSeconds,
        double handshakesPerS,
        @JsonProperty("handshakes_per_server_cpu_s") Double handshakesPerServerCpuS,
        @JsonProperty("handshakes_per_client_cpu_s") Double handshakesPerClientCpuS,
        List<Double> samples,
        long handshakes,
        long failures,
        String firstFailure,
        @JsonProperty("latency_ms_p50") double latencyMsP50,
        @JsonProperty("latency_ms_p90") double latencyMsP90,
        @JsonProperty("latency_ms_p99") double latencyMsP99,
        @JsonProperty("latency_ms_max") double latencyMsMax,
        Double allocatedBytesPerHandshakeServer,
        Double allocatedBytesPerHandshakeClient,
        Double sendCallsPerHandshakeServer,
        Double receiveCallsPerHandshakeServer,
        Double datagramsSentPerHandshakeServer,
        Double datagramsReceivedPerHandshakeServer,
        long kernelDrops,
        int serverConnectionsLeft,
        Double stolenPercent,
        String java,
        String os,
        int cpus)
        implements Report {

    /** What the run was asked for, and what was found to be agreed on. */
    public record Settings(
            int concurrency, int warmupSeconds, String certificate, String keyExchange, boolean resume) {}

    static HandshakeReport of(
            HandshakeWindow window, Throwable failure, long fullHandshakes, int connectionsLeft, Settings settings) {
        HandshakeCounts clientFirst = window.first().client();
        HandshakeCounts clientLast = window.last().client();
        HandshakeCounts serverFirst = window.first().server();
        HandshakeCounts serverLast = window.last().server();
        SocketStatistics client = difference(clientFirst.socket(), clientLast.socket());
        SocketStatistics server = difference(serverFirst.socket(), serverLast.socket());
        Histogram latencies = window.latenciesNs();
        long handshakes = window.handshakes();
        return new HandshakeReport(
                "stoq",
                clientLast.socket().mechanism(),
                settings.certificate(),
                settings.keyExchange(),
                settings.resume(),
                fullHandshakes,
                settings.concurrency(),
                rounded(window.seconds()),
                settings.warmupSeconds(),
                rounded(window.perSecond()),
                ratio(handshakes, (serverLast.cpuNs() - serverFirst.cpuNs()) / 1e9),
                ratio(handshakes, (clientLast.cpuNs() - clientFirst.cpuNs()) / 1e9),
                window.samples().stream().map(HandshakeReport::rounded).toList(),
                handshakes,
                window.failures(),
                failure == null ? null : failure.getMessage(),
                rounded(latencies.getValueAtPercentile(50) / 1e6),
                rounded(latencies.getValueAtPercentile(90) / 1e6),
                rounded(latencies.getValueAtPercentile(99) / 1e6),
                rounded(latencies.getMaxValue() / 1e6),
                ratio(serverLast.allocatedBytes() - serverFirst.allocatedBytes(), handshakes),
                ratio(clientLast.allocatedBytes() - clientFirst.allocatedBytes(), handshakes),
                ratio(server.sendCalls(), handshakes),
                ratio(server.receiveCalls(), handshakes),
                ratio(server.datagramsSent(), handshakes),
                ratio(server.datagramsReceived(), handshakes),
                client.kernelDrops() + server.kernelDrops(),
                connectionsLeft,
                window.stolenPercent() == null ? null : rounded(window.stolenPercent()),
                Runtime.version().toString(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors());
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(Units.count(Math.round(handshakesPerS)) + (resume ? " resumed" : " full") + " handshakes/s: "
                + Units.count(handshakes) + " in " + String.format(Locale.ROOT, "%.1f s", seconds) + ", " + certificate
                + " and " + keyExchange);
        lines.add(row(
                "per core",
                perCpuSecond("server", handshakesPerServerCpuS) + ", "
                        + perCpuSecond("client", handshakesPerClientCpuS)));
        lines.add(row(
                "latency",
                String.format(
                        Locale.ROOT,
                        "p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, at most %.2f ms with %d in flight",
                        latencyMsP50,
                        latencyMsP90,
                        latencyMsP99,
                        latencyMsMax,
                        concurrency)));
        if (allocatedBytesPerHandshakeServer != null && allocatedBytesPerHandshakeClient != null) {
            lines.add(row(
                    "allocated",
                    "server " + Units.bytes(allocatedBytesPerHandshakeServer) + ", client "
                            + Units.bytes(allocatedBytesPerHandshakeClient) + " per handshake"));
        }
        lines.add(
                row("failures", Units.count(failures) + (firstFailure == null ? "" : ", the first: " + firstFailure)));
        if (resume) {
            lines.add(row("full", Units.count(fullHandshakes) + " of all, warm-up included"));
        }
        if (serverConnectionsLeft > 0) {
            lines.add(row("left behind", Units.plural(serverConnectionsLeft, "connection") + " at the server"));
        }
        if (kernelDrops > 0) {
            lines.add(row(
                    "dropped",
                    Units.count(kernelDrops) + " arrivals on full receive buffers; raise net.core.rmem_max"));
        }
        if (stolenPercent != null && stolenPercent > 1) {
            lines.add(row("unsteady", stolenPercent + " % of this machine's time went to other guests; measure again"));
        }
        return lines;
    }

    private static String perCpuSecond(String side, Double rate) {
        return side + " "
                + (rate == null ? "unknown" : Units.count(Math.round(rate)) + " per second of processor time");
    }

    private static String row(String name, String value) {
        return String.format("  %-12s %s", name, value);
    }

    private static SocketStatistics difference(SocketStatistics first, SocketStatistics last) {
        return new SocketStatistics(
                last.mechanism(),
                last.receiveCalls() - first.receiveCalls(),
                last.datagramsReceived() - first.datagramsReceived(),
                last.bytesReceived() - first.bytesReceived(),
                last.sendCalls() - first.sendCalls(),
                last.datagramsSent() - first.datagramsSent(),
                last.bytesSent() - first.bytesSent(),
                last.sendErrors() - first.sendErrors(),
                last.kernelDrops() - first.kernelDrops());
    }

    private static Double ratio(double amount, double base) {
        return base <= 0 ? null : rounded(amount / base);
    }

    private static double rounded(double value) {
        return Math.rint(value * 1e4) / 1e4;
    }
}
