package io.stoq.bench.perf;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.stoq.bench.perf.Measurement.Moment;
import io.stoq.bench.terminal.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The result of one run. Nulls stand for what could not be seen from here. A GB is 10^9 bytes of application data.
 *
 * @param io how the client's datagrams moved
 * @param aead what sealed the client's packets: "ipsec-mb" or "jca"
 * @param aeadImplementation of which version and kind, or by which provider
 * @param payload the largest datagram that was allowed
 * @param datagramBytes the largest that was sent at the end, by what was found out about the path
 * @param samples Gbit/s of each second
 * @param countedBy "receiver", or "acknowledgements" where the server's counters are out of reach
 * @param datagramsPerSyscallClient the bulk's datagrams over the calls that moved them on this side: sends of the side
 *     that sends the bulk, receives of the other
 * @param packetsSent by the side that sends the bulk; so for the losses
 * @param lostPackets declared lost and repeated, spurious ones included
 * @param kernelDrops arrivals, each a datagram or a train, dropped on full receive buffers of either side
 * @param allocatedBytesPerPacketClient heap bytes over the bulk's datagrams that this side moved
 * @param gcMsClient time that the garbage collectors took
 * @param poolInUse the client's pooled buffers in use at the end
 * @param poolHighWater most of them that were in use at once, since the start
 * @param stolenPercent processor time that other guests took from this machine
 * @param otherCpuPercent processor time of this machine that processes other than client and server took
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonPropertyOrder({"stack"})
public record PerfReport(
        String stack,
        String io,
        String aead,
        String aeadImplementation,
        int payload,
        Integer datagramBytes,
        int connections,
        int streams,
        Direction direction,
        String cc,
        double seconds,
        int warmupSeconds,
        double gbps,
        List<Double> samples,
        long bytes,
        String countedBy,
        @JsonProperty("cpu_s_per_gb_client") Double cpuSPerGbClient,
        @JsonProperty("cpu_s_per_gb_server") Double cpuSPerGbServer,
        Double datagramsPerSyscallClient,
        Double datagramsPerSyscallServer,
        Long packetsSent,
        Long lostPackets,
        Long spuriouslyLostPackets,
        Double rttMs,
        Double minRttMs,
        Long kernelDrops,
        Double allocatedBytesPerGbClient,
        Double allocatedBytesPerGbServer,
        Double allocatedBytesPerPacketClient,
        Double allocatedBytesPerPacketServer,
        Long gcMsClient,
        Long gcMsServer,
        Integer poolInUse,
        Integer poolHighWater,
        Double stolenPercent,
        Double otherCpuPercent,
        String java,
        String os,
        int cpus)
        implements Report {

    private static final double DISTURBING_PERCENT = 5;

    /**
     * What the run was asked for, beside its shape.
     *
     * @param aead its name and, behind a space, its implementation
     */
    public record Settings(int payloadBytes, String congestion, String aead, int warmupSeconds) {}

    static PerfReport of(Window window, LoadShape shape, Settings settings) {
        return of(PerfClient.STACK, window, shape, settings);
    }

    /** The report of another stack, measured like STOQ. */
    public static PerfReport of(String stack, Window window, LoadShape shape, Settings settings) {
        Moment first = window.first();
        Moment last = window.last();
        boolean up = shape.direction() == Direction.UP;
        boolean serverSeen = first.server() != null;
        Snapshot senderFirst = up ? first.client() : first.server();
        Snapshot senderLast = up ? last.client() : last.server();
        boolean senderSeen = senderFirst != null;
        double gigabytes = window.bytes() / 1e9;
        long drops =
                last.client().socket().kernelDrops() - first.client().socket().kernelDrops();
        if (serverSeen) {
            drops += last.server().socket().kernelDrops()
                    - first.server().socket().kernelDrops();
        }
        return new PerfReport(
                stack,
                last.client().socket().mechanism(),
                settings.aead().replaceFirst(" .*", ""),
                settings.aead().replaceFirst("^[^ ]* ?", ""),
                settings.payloadBytes(),
                senderSeen && senderLast.maxDatagramBytes() > 0 ? senderLast.maxDatagramBytes() : null,
                shape.connections(),
                shape.streams(),
                shape.direction(),
                settings.congestion(),
                rounded(window.seconds()),
                settings.warmupSeconds(),
                rounded(window.gbps()),
                window.samples().stream().map(PerfReport::rounded).toList(),
                window.bytes(),
                window.countedByReceiver() ? "receiver" : "acknowledgements",
                ratio((last.client().cpuNs() - first.client().cpuNs()) / 1e9, gigabytes),
                serverSeen ? ratio((last.server().cpuNs() - first.server().cpuNs()) / 1e9, gigabytes) : null,
                datagramsPerCall(first.client(), last.client(), up),
                serverSeen ? datagramsPerCall(first.server(), last.server(), !up) : null,
                senderSeen ? difference(senderFirst.packetsSent(), senderLast.packetsSent()) : null,
                senderSeen ? difference(senderFirst.packetsLost(), senderLast.packetsLost()) : null,
                senderSeen ? difference(senderFirst.packetsSpuriouslyLost(), senderLast.packetsSpuriouslyLost()) : null,
                milliseconds((senderSeen ? senderLast : last.client()).smoothedRttNs()),
                milliseconds((senderSeen ? senderLast : last.client()).minRttNs()),
                drops,
                ratio(last.client().allocatedBytes() - first.client().allocatedBytes(), gigabytes),
                serverSeen
                        ? ratio(last.server().allocatedBytes() - first.server().allocatedBytes(), gigabytes)
                        : null,
                allocatedPerPacket(first.client(), last.client(), up),
                serverSeen ? allocatedPerPacket(first.server(), last.server(), !up) : null,
                last.client().gcMs() - first.client().gcMs(),
                serverSeen ? last.server().gcMs() - first.server().gcMs() : null,
                last.client().buffers() == null ? null : last.client().buffers().inUse(),
                last.client().buffers() == null ? null : last.client().buffers().highWater(),
                window.stolenPercent() == null ? null : rounded(window.stolenPercent()),
                window.otherCpuPercent() == null ? null : rounded(window.otherCpuPercent()),
                Runtime.version().toString(),
                operatingSystem(),
                Runtime.getRuntime().availableProcessors());
    }

    /** A clause that says so, where other processes disturbed the measurement; else null. */
    public String otherWork() {
        return otherCpuPercent == null || otherCpuPercent <= DISTURBING_PERCENT
                ? null
                : String.format(Locale.ROOT, "%.0f %% of this machine's time went to other processes", otherCpuPercent);
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(Units.gbits(gbps) + " of application data "
                + (countedBy.equals("receiver") ? "delivered" : "acknowledged") + ": " + Units.bytes(bytes) + " in "
                + String.format(Locale.ROOT, "%.1f s", seconds));
        if (samples.size() > 1) {
            List<Double> sorted = samples.stream().sorted().toList();
            lines.add(row(
                    "each second",
                    Units.gbits(sorted.getFirst()) + " to " + Units.gbits(sorted.getLast()) + ", median "
                            + Units.gbits(sorted.get(sorted.size() / 2))));
        }
        lines.add(row("AEAD", aead + " (" + aeadImplementation + ")"));
        lines.add(row("CPU", both(cpuSPerGbClient, cpuSPerGbServer, "%.2f s per GB")));
        lines.add(row("datagrams", both(datagramsPerSyscallClient, datagramsPerSyscallServer, "%.1f per system call")));
        if (lostPackets != null && packetsSent != null) {
            lines.add(row(
                    "packets",
                    Units.count(packetsSent) + " sent, " + Units.count(lostPackets)
                            + " lost and repeated"
                            + (spuriouslyLostPackets != null && spuriouslyLostPackets > 0
                                    ? " (" + Units.count(spuriouslyLostPackets) + " too early)"
                                    : "")));
        }
        if (rttMs != null) {
            lines.add(row(
                    "round trip",
                    String.format(Locale.ROOT, "%.3f ms", rttMs)
                            + (minRttMs == null ? "" : String.format(Locale.ROOT, ", at least %.3f ms", minRttMs))));
        }
        if (kernelDrops > 0) {
            lines.add(row(
                    "dropped",
                    Units.count(kernelDrops) + " arrivals on full receive buffers; raise net.core.rmem_max"));
        }
        lines.add(row(
                "garbage",
                both(allocatedBytesPerPacketClient, allocatedBytesPerPacketServer, "%.0f B per packet")
                        + "; collected in " + (gcMsServer == null ? gcMsClient : gcMsClient + " and " + gcMsServer)
                        + " ms"));
        if (otherWork() != null) {
            lines.add(row("unsteady", otherWork() + "; measure again"));
        }
        if (stolenPercent != null && stolenPercent > 1) {
            lines.add(row("unsteady", stolenPercent + " % of this machine's time went to other guests; measure again"));
        }
        return lines;
    }

    static String operatingSystem() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch");
    }

    static String row(String name, String value) {
        return String.format("  %-12s %s", name, value);
    }

    static String both(Double client, Double server, String format) {
        String here = "client " + (client == null ? "unknown" : String.format(Locale.ROOT, format, client));
        return server == null ? here : here + ", server " + String.format(Locale.ROOT, format, server);
    }

    static Double datagramsPerCall(Snapshot first, Snapshot last, boolean sender) {
        return sender
                ? ratio(
                        last.socket().datagramsSent() - first.socket().datagramsSent(),
                        last.socket().sendCalls() - first.socket().sendCalls())
                : ratio(
                        last.socket().datagramsReceived() - first.socket().datagramsReceived(),
                        last.socket().receiveCalls() - first.socket().receiveCalls());
    }

    private static Double allocatedPerPacket(Snapshot first, Snapshot last, boolean sender) {
        return ratio(
                last.allocatedBytes() - first.allocatedBytes(),
                sender
                        ? last.socket().datagramsSent() - first.socket().datagramsSent()
                        : last.socket().datagramsReceived() - first.socket().datagramsReceived());
    }

    private static Long difference(long first, long last) {
        return first < 0 || last < 0 ? null : last - first;
    }

    private static Double milliseconds(long ns) {
        return ns < 0 ? null : rounded(ns / 1e6);
    }

    static Double ratio(double amount, double base) {
        return base <= 0 ? null : rounded(amount / base);
    }

    static double rounded(double value) {
        return Math.rint(value * 1e4) / 1e4;
    }
}
