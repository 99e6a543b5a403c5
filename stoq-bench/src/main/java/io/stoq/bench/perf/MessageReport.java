package io.stoq.bench.perf;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.stoq.bench.perf.Measurement.Moment;
import io.stoq.bench.terminal.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * The result of one run with small messages. Nulls stand for what could not be seen from here, or does not exist for this
 * kind of message.
 *
 * @param messageKind how messages travelled
 * @param messagesPerS delivered to the application that receives them: the server, or the client for echoes
 * @param samples messages per second of each second
 * @param offeredPerS the rate that was asked for
 * @param fellBehind whether fewer than 99.9 % of what was offered came back in time; the latency then is that of a system
 *     under more load than it bears
 * @param latencyUs from when a message was due to when its echo was there
 * @param undeliveredMessages datagrams that the transport took and the server did not get; those on their way at the end
 *     count as well
 * @param messagesPerPacket sent packets of both directions of an echo count, and those with acknowledgements alone
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonPropertyOrder({"stack"})
public record MessageReport(
        String stack,
        String io,
        int payload,
        MessageKind messageKind,
        int messageBytes,
        int threads,
        String cc,
        double seconds,
        int warmupSeconds,
        double messagesPerS,
        List<Double> samples,
        long messages,
        Integer offeredPerS,
        Boolean fellBehind,
        Latency latencyUs,
        Long undeliveredMessages,
        Double messagesPerPacket,
        Double cpuUsPerMessageClient,
        Double cpuUsPerMessageServer,
        Double datagramsPerSyscallClient,
        Double datagramsPerSyscallServer,
        long packetsSent,
        long lostPackets,
        Double rttMs,
        long kernelDrops,
        Double allocatedBytesPerMessageClient,
        Double allocatedBytesPerMessageServer,
        Double stolenPercent,
        String java,
        String os,
        int cpus)
        implements Report {

    private static final double ENOUGH = 0.999;

    static MessageReport of(
            Window window, MessageShape shape, PerfReport.Settings settings, long sent, Histogram timesNs) {
        Moment first = window.first();
        Moment last = window.last();
        boolean serverSeen = first.server() != null;
        boolean echo = shape.kind() == MessageKind.ECHO;
        double rate = perSecond(shape, first, last);
        long messages = messages(shape, first, last);
        List<Double> samples = new ArrayList<>();
        for (int i = 1; i < window.moments().size(); i++) {
            samples.add(Math.rint(perSecond(
                    shape, window.moments().get(i - 1), window.moments().get(i))));
        }
        Change client = new Change(first.client(), last.client());
        Change server = serverSeen ? new Change(first.server(), last.server()) : null;
        return new MessageReport(
                "stoq",
                last.client().socket().mechanism(),
                settings.payloadBytes(),
                shape.kind(),
                shape.bytes(),
                shape.threads(),
                settings.congestion(),
                PerfReport.rounded(client.seconds()),
                settings.warmupSeconds(),
                Math.rint(rate),
                samples,
                messages,
                shape.isPaced() ? shape.perSecond() : null,
                shape.isPaced() ? messages < ENOUGH * shape.perSecond() * client.seconds() : null,
                Latency.of(timesNs),
                shape.kind() == MessageKind.DATAGRAM ? Math.max(0, sent - messages) : null,
                PerfReport.ratio(messages, client.packetsSent()),
                PerfReport.ratio(client.cpuUs(), messages),
                serverSeen ? PerfReport.ratio(server.cpuUs(), messages) : null,
                PerfReport.datagramsPerCall(first.client(), last.client(), true),
                serverSeen ? PerfReport.datagramsPerCall(first.server(), last.server(), echo) : null,
                client.packetsSent(),
                client.packetsLost(),
                PerfReport.rounded(last.client().smoothedRttNs() / 1e6),
                client.kernelDrops() + (serverSeen ? server.kernelDrops() : 0),
                PerfReport.ratio(client.allocatedBytes(), messages),
                serverSeen ? PerfReport.ratio(server.allocatedBytes(), messages) : null,
                window.stolenPercent() == null ? null : PerfReport.rounded(window.stolenPercent()),
                Runtime.version().toString(),
                PerfReport.operatingSystem(),
                Runtime.getRuntime().availableProcessors());
    }

    /** What one side did between two moments. */
    private record Change(Snapshot from, Snapshot to) {

        double seconds() {
            return (to.atNs() - from.atNs()) / 1e9;
        }

        double cpuUs() {
            return (to.cpuNs() - from.cpuNs()) / 1e3;
        }

        long packetsSent() {
            return to.packetsSent() - from.packetsSent();
        }

        long packetsLost() {
            return to.packetsLost() - from.packetsLost();
        }

        long kernelDrops() {
            return to.socket().kernelDrops() - from.socket().kernelDrops();
        }

        long allocatedBytes() {
            return to.allocatedBytes() - from.allocatedBytes();
        }
    }

    /** Messages delivered each second, by the clock of the side that counts them. */
    static double perSecond(MessageShape shape, Moment from, Moment to) {
        Snapshot first = counting(shape, from);
        Snapshot last = counting(shape, to);
        long ns = last.atNs() - first.atNs();
        return ns <= 0 ? 0 : 1e9 * messages(shape, from, to) / ns;
    }

    private static long messages(MessageShape shape, Moment from, Moment to) {
        Snapshot first = counting(shape, from);
        Snapshot last = counting(shape, to);
        if (shape.kind() == MessageKind.DATAGRAM) {
            return last.receivedDatagrams() - first.receivedDatagrams();
        }
        return (last.receivedBytes() - first.receivedBytes()) / shape.bytes();
    }

    private static Snapshot counting(MessageShape shape, Moment moment) {
        return shape.kind() == MessageKind.ECHO ? moment.client() : moment.server();
    }

    /** The result for people. */
    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(Units.count(Math.round(messagesPerS)) + " messages of " + messageBytes + " bytes per second "
                + (messageKind == MessageKind.ECHO ? "sent and echoed: " : "delivered: ") + Units.count(messages)
                + " in " + String.format(Locale.ROOT, "%.1f s", seconds));
        if (samples.size() > 1) {
            List<Double> sorted = samples.stream().sorted().toList();
            lines.add(PerfReport.row(
                    "each second",
                    Units.count(Math.round(sorted.getFirst())) + " to "
                            + Units.count(Math.round(sorted.getLast())) + ", median "
                            + Units.count(Math.round(sorted.get(sorted.size() / 2)))));
        }
        if (latencyUs != null) {
            lines.add(PerfReport.row("there and back", latencyUs.text()));
        }
        if (Boolean.TRUE.equals(fellBehind)) {
            lines.add(PerfReport.row(
                    "fell behind",
                    Units.count(offeredPerS) + " messages per second were offered and fewer came back: the times are"
                            + " those of an overload; give a lower --rate"));
        }
        lines.add(PerfReport.row(
                "CPU", PerfReport.both(cpuUsPerMessageClient, cpuUsPerMessageServer, "%.2f us per message")));
        lines.add(PerfReport.row(
                "packets",
                Units.count(packetsSent) + " sent, "
                        + (messagesPerPacket == null
                                ? ""
                                : String.format(Locale.ROOT, "%.1f messages each, ", messagesPerPacket))
                        + Units.count(lostPackets) + " lost"));
        lines.add(PerfReport.row(
                "datagrams",
                PerfReport.both(datagramsPerSyscallClient, datagramsPerSyscallServer, "%.1f per system call")));
        if (undeliveredMessages != null && undeliveredMessages > 0) {
            lines.add(PerfReport.row("undelivered", Units.count(undeliveredMessages) + " messages"));
        }
        if (kernelDrops > 0) {
            lines.add(PerfReport.row(
                    "dropped",
                    Units.count(kernelDrops) + " arrivals on full receive buffers; raise net.core.rmem_max"));
        }
        if (stolenPercent != null && stolenPercent > 1) {
            lines.add(PerfReport.row(
                    "unsteady", stolenPercent + " % of this machine's time went to other guests; measure again"));
        }
        return lines;
    }
}
