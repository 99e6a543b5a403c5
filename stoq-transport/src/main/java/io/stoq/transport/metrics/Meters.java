package io.stoq.transport.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.stoq.BufferStatistics;
import io.stoq.CloseCounts;
import io.stoq.EndpointStatistics;
import io.stoq.MemoryStatistics;
import io.stoq.SocketStatistics;
import io.stoq.TokenStatistics;
import io.stoq.TrafficStatistics;
import io.stoq.TransportStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The meters of one transport: what they are called, and what they read. {@code docs/guide/metrics.md} lists them.
 *
 * <p>Meters keep the object that they are made for weakly, and their function strongly: it is the function that keeps the
 * snapshots, which keep the transport weakly.
 */
final class Meters {

    private static final Function<TransportStatistics, EndpointStatistics> ENDPOINTS = TransportStatistics::endpoints;
    private static final Function<TransportStatistics, TrafficStatistics> TRAFFIC =
            all -> all.endpoints().traffic();
    private static final Function<TransportStatistics, CloseCounts> CLOSED =
            all -> all.endpoints().closed();
    private static final Function<TransportStatistics, MemoryStatistics> MEMORY =
            all -> all.endpoints().memory();
    private static final Function<TransportStatistics, SocketStatistics> SOCKETS = TransportStatistics::sockets;
    private static final Function<TransportStatistics, BufferStatistics> BUFFERS = TransportStatistics::buffers;
    /** No unit: Micrometer's way to say so. */
    private static final String COUNT = null;

    private static final double NS_PER_SECOND = 1e9;

    private final Snapshots snapshots;
    private final Tags tags;
    private final List<Function<MeterRegistry, Meter>> meters = new ArrayList<>();

    Meters(Snapshots snapshots, Tags tags) {
        this.snapshots = snapshots;
        this.tags = tags;
        connections();
        packets();
        paths();
        sockets();
        buffers();
        memory();
    }

    /** Each registers one meter. */
    List<Function<MeterRegistry, Meter>> all() {
        return meters;
    }

    private void connections() {
        gauge("stoq.connections", COUNT, "Open or closing", ENDPOINTS, EndpointStatistics::connections);
        gauge("stoq.connections.handshaking", COUNT, "In their handshake", ENDPOINTS, EndpointStatistics::handshaking);
        counter("stoq.connections.started", COUNT, "Started to servers", ENDPOINTS, EndpointStatistics::started);
        counter("stoq.connections.accepted", COUNT, "Set up for clients", ENDPOINTS, EndpointStatistics::accepted);
        counter("stoq.connections.refused", COUNT, "Turned away", ENDPOINTS, EndpointStatistics::refused);
        closed("application", CloseCounts::application);
        closed("transport", CloseCounts::transport);
        closed("tls", CloseCounts::tls);
        closed("idle_timeout", CloseCounts::idleTimeout);
        closed("handshake_timeout", CloseCounts::handshakeTimeout);
        closed("stateless_reset", CloseCounts::statelessReset);
        closed("version_negotiation", CloseCounts::versionNegotiation);
        counter("stoq.connections.migrated", COUNT, "Of connections' paths", TRAFFIC, TrafficStatistics::pathChanges);
        counter("stoq.key.updates", COUNT, "Key phases gone through", TRAFFIC, TrafficStatistics::keyUpdates);
        meters.add(registry -> FunctionTimer.builder(
                        "stoq.handshakes",
                        snapshots,
                        from -> (long) snapshots.read(TRAFFIC, TrafficStatistics::handshakes),
                        from -> snapshots.read(TRAFFIC, TrafficStatistics::handshakesNs),
                        TimeUnit.NANOSECONDS)
                .description("Handshakes completed, and how long they took")
                .tags(tags)
                .register(registry));
    }

    private void packets() {
        counter("stoq.packets.sent", COUNT, "QUIC packets", TRAFFIC, TrafficStatistics::packetsSent);
        counter("stoq.packets.received", COUNT, "Authentic, new", TRAFFIC, TrafficStatistics::packetsReceived);
        counter("stoq.packets.lost", COUNT, "Declared lost", TRAFFIC, TrafficStatistics::packetsLost);
        counter("stoq.packets.spurious", COUNT, "Lost by mistake", TRAFFIC, TrafficStatistics::packetsSpuriouslyLost);
        counter("stoq.packets.undecryptable", COUNT, "Not opened", TRAFFIC, TrafficStatistics::packetsUndecryptable);
        counter("stoq.packets.duplicate", COUNT, "Came twice", TRAFFIC, TrafficStatistics::packetsDuplicate);
        counter(
                "stoq.retransmitted",
                "bytes",
                "Of streams, sent again",
                TRAFFIC,
                TrafficStatistics::bytesRetransmitted);
        counter("stoq.probe.timeouts", COUNT, "RFC 9002 6.2", TRAFFIC, TrafficStatistics::probeTimeouts);
        counter("stoq.ecn.reported", COUNT, "Marked on their way", TRAFFIC, TrafficStatistics::ecnMarksReported);
        counter("stoq.ecn.received", COUNT, "Arrived marked", TRAFFIC, TrafficStatistics::ecnMarksReceived);
    }

    private void paths() {
        gauge("stoq.rtt.mean", "seconds", "Smoothed, of open connections", TRAFFIC, Meters::meanRttSeconds);
        gauge(
                "stoq.rtt.max",
                "seconds",
                "Smoothed, the longest",
                TRAFFIC,
                all -> all.maxSmoothedRttNs() / NS_PER_SECOND);
        gauge("stoq.congestion.window", "bytes", "Of open connections", TRAFFIC, TrafficStatistics::windowBytes);
        gauge("stoq.in.flight", "bytes", "Of open connections", TRAFFIC, TrafficStatistics::bytesInFlight);
    }

    private static double meanRttSeconds(TrafficStatistics traffic) {
        return traffic.measured() == 0 ? 0 : traffic.smoothedRttsNs() / NS_PER_SECOND / traffic.measured();
    }

    private void sockets() {
        gauge("stoq.sockets", COUNT, "Open", Function.identity(), TransportStatistics::openSockets);
        counter("stoq.udp.sent", "bytes", "Payload", SOCKETS, SocketStatistics::bytesSent);
        counter("stoq.udp.received", "bytes", "Payload", SOCKETS, SocketStatistics::bytesReceived);
        counter("stoq.udp.datagrams.sent", COUNT, "Payloads", SOCKETS, SocketStatistics::datagramsSent);
        counter("stoq.udp.datagrams.received", COUNT, "Payloads", SOCKETS, SocketStatistics::datagramsReceived);
        counter("stoq.udp.send.calls", COUNT, "Of the kernel", SOCKETS, SocketStatistics::sendCalls);
        counter("stoq.udp.receive.calls", COUNT, "Of the kernel", SOCKETS, SocketStatistics::receiveCalls);
        counter("stoq.udp.send.errors", COUNT, "Refused by the kernel", SOCKETS, SocketStatistics::sendErrors);
        counter("stoq.udp.kernel.drops", COUNT, "For want of buffer", SOCKETS, SocketStatistics::kernelDrops);
        counter("stoq.udp.strays", COUNT, "Of no connection", ENDPOINTS, EndpointStatistics::droppedDatagrams);
        counter("stoq.retries", COUNT, "Retry packets sent", ENDPOINTS, EndpointStatistics::retriesSent);
        gauge("stoq.busy", COUNT, "That ask clients for proof", ENDPOINTS, EndpointStatistics::busy);
        token("accepted", TokenStatistics::accepted);
        token("unreadable", TokenStatistics::unreadable);
        token("expired", TokenStatistics::expired);
        token("reused", TokenStatistics::reused);
        counter("stoq.resets", COUNT, "Stateless resets sent", ENDPOINTS, EndpointStatistics::statelessResetsSent);
        counter(
                "stoq.version.negotiations",
                COUNT,
                "Version Negotiation packets sent",
                ENDPOINTS,
                EndpointStatistics::versionNegotiationsSent);
    }

    private void buffers() {
        gauge("stoq.buffers", COUNT, "That exist", BUFFERS, BufferStatistics::buffers);
        gauge("stoq.buffers.used", COUNT, "That hold data", BUFFERS, BufferStatistics::inUse);
        gauge("stoq.buffers.limit", COUNT, "Most that are kept", BUFFERS, BufferStatistics::maxBuffers);
        gauge("stoq.buffers.memory", "bytes", "In buffers", BUFFERS, BufferStatistics::bytes);
        counter("stoq.buffers.misses", COUNT, "Taken from the heap", BUFFERS, BufferStatistics::misses);
    }

    private void memory() {
        gauge("stoq.memory.held", "bytes", "By connections", MEMORY, MemoryStatistics::heldBytes);
        gauge("stoq.memory.budget", "bytes", "Of all endpoints", MEMORY, MemoryStatistics::budgetBytes);
        counter("stoq.memory.withheld", COUNT, "Times without credit", MEMORY, MemoryStatistics::withheld);
        counter("stoq.memory.resets", COUNT, "Streams reset", MEMORY, MemoryStatistics::streamsReset);
        counter("stoq.memory.closes", COUNT, "Connections closed", MEMORY, MemoryStatistics::connectionsClosed);
        counter("stoq.memory.refusals", COUNT, "Clients turned away", MEMORY, MemoryStatistics::connectionsRefused);
    }

    private void token(String outcome, ToDoubleFunction<TokenStatistics> value) {
        counter(
                "stoq.tokens",
                COUNT,
                "Shown by clients, by outcome",
                tags.and("outcome", outcome),
                all -> all.endpoints().tokens(),
                value);
    }

    private void closed(String reason, ToDoubleFunction<CloseCounts> value) {
        counter("stoq.connections.closed", COUNT, "Ended, by reason", tags.and("reason", reason), CLOSED, value);
    }

    private <T> void counter(
            String name,
            String unit,
            String description,
            Function<TransportStatistics, T> part,
            ToDoubleFunction<T> value) {
        counter(name, unit, description, tags, part, value);
    }

    private <T> void counter(
            String name,
            String unit,
            String description,
            Tags with,
            Function<TransportStatistics, T> part,
            ToDoubleFunction<T> value) {
        meters.add(registry -> FunctionCounter.builder(name, snapshots, from -> snapshots.read(part, value))
                .description(description)
                .baseUnit(unit)
                .tags(with)
                .register(registry));
    }

    private <T> void gauge(
            String name,
            String unit,
            String description,
            Function<TransportStatistics, T> part,
            ToDoubleFunction<T> value) {
        meters.add(registry -> Gauge.builder(name, snapshots, from -> snapshots.read(part, value))
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry));
    }
}
