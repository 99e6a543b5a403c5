package io.stoq.bench.lab;

import io.stoq.bench.engine.NoCipher;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.congestion.CongestionControllerFactory;
import io.stoq.endpoint.Endpoint;
import io.stoq.sim.Element;
import io.stoq.sim.EndpointNode;
import io.stoq.sim.Simulation;
import io.stoq.sim.Tap;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One connection in the laboratory, with an endpoint of its own at each end, and the notes that are taken of it. */
final class Flow {

    /** What is assumed of a path that is no one's in particular: an Ethernet less a tunnel. */
    private static final int PAYLOAD_BYTES = 1424;

    private static final long WINDOW_BYTES = 128 << 20;
    private static final String SERVER_NAME = "server.lab";

    /** Always the same, so that all handshakes have the same length. */
    private static final Identity IDENTITY = identity();

    private final FlowPlan plan;
    private final String controller;
    private final Simulation network;
    private final InetSocketAddress client;
    private final InetSocketAddress server;
    private final Side clientSide = new Side();
    private final Side serverSide = new Side();
    private final Endpoint clientEndpoint;
    private final ConnectionConfig clientConfig;
    private final Tap exit = new Tap();
    private final Timeline ectOut = new Timeline();
    private final List<Sample> samples = new ArrayList<>();
    private Probe probe;
    private long startedNs = -1;
    private long establishedNs = -1;
    private long completedNs = -1;

    Flow(FlowPlan plan, int index, String controller, Simulation network, Runnable onStateChange) {
        this.plan = plan;
        this.controller = controller;
        this.network = network;
        client = new InetSocketAddress("2001:db8:c::" + (index + 1), 50_000);
        server = new InetSocketAddress("2001:db8:5::" + (index + 1), 4433);
        CongestionControllerFactory plain = Controllers.factory(controller);
        CongestionControllerFactory probed = parameters -> {
            probe = new Probe(plain.create(parameters), plan.numbersFrom(), onStateChange);
            return probe;
        };
        clientConfig = config(plan.download() ? plain : probed);
        clientEndpoint = new Endpoint(
                EndpointConfig.client(),
                tls().trust(Trust.certificates(IDENTITY.certificates().getFirst()))
                        .build(),
                connection -> null);
        Endpoint serverEndpoint = new Endpoint(
                EndpointConfig.server(config(plan.download() ? probed : plain)),
                tls().identity(IDENTITY).build(),
                connection -> {
                    serverSide.connection = connection;
                    return serverSide;
                });
        network.node(client, new EndpointNode(clientEndpoint, client, 0));
        network.node(server, new EndpointNode(serverEndpoint, server, 0));
        exit.observe((nowNs, datagram) -> ectOut.add(nowNs, datagram.ecn() == 0 ? 0 : 1));
    }

    private ConnectionConfig config(CongestionControllerFactory congestion) {
        return plan.config()
                .apply(ConnectionConfig.builder()
                        .maxUdpPayloadBytes(PAYLOAD_BYTES)
                        .connectionWindowBytes(WINDOW_BYTES, WINDOW_BYTES)
                        .streamWindowBytes(WINDOW_BYTES, WINDOW_BYTES)
                        .handshakeTimeout(Duration.ofMinutes(10))
                        .idleTimeout(Duration.ZERO)
                        .congestion(congestion))
                .build();
    }

    private StoqTls.Builder tls() {
        return StoqTls.builder()
                .applicationProtocols("lab")
                .protection(new NoCipher())
                // What is looked at comes after the handshake, so that has as few packets as it can.
                .keyExchangeGroups("x25519")
                .sessionTickets(false)
                .entropy(network.entropy());
    }

    private static Identity identity() {
        try (InputStream in = Flow.class.getResourceAsStream("identity.pem")) {
            String pem = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return Identity.ofPem(pem, pem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts this flow's way into the network, and what it does into the agenda. */
    void join(LinkPlan link, Element queuePort, Agenda agenda) {
        long rttNs = plan.rttNs() > 0 ? plan.rttNs() : link.rttNs();
        List<Element> data = link.dataElements(exit, queuePort, rttNs);
        List<Element> acks = link.ackElements(rttNs);
        network.link(client, server, plan.download() ? acks : data, plan.download() ? data : acks);
        agenda.at(plan.startNs(), this::connect);
        for (int i = 0; i < plan.writes().size(); i++) {
            Write write = plan.writes().get(i);
            boolean last = plan.isBounded() && i == plan.writes().size() - 1;
            agenda.at(plan.startNs() + write.atNs(), () -> sender().send(write.bytes(), last));
        }
        if (!plan.pauseNs().isEmpty()) {
            agenda.at(
                    plan.startNs() + plan.pauseNs().getFirst(), () -> receiver().reading(false));
            agenda.at(
                    plan.startNs() + plan.pauseNs().getLast(), () -> receiver().reading(true));
        }
    }

    private void connect() {
        startedNs = network.nowNs();
        sender().onEstablished(() -> establishedNs = network.nowNs());
        clientSide.connection = clientEndpoint.connect(network.nowNs(), server, SERVER_NAME, clientConfig, clientSide);
    }

    private Side sender() {
        return plan.download() ? serverSide : clientSide;
    }

    private Side receiver() {
        return plan.download() ? clientSide : serverSide;
    }

    /** Whether all that was to be sent has been received; never for a flow without end. */
    boolean isComplete() {
        if (completedNs < 0 && receiver().isFinished()) {
            completedNs = network.nowNs();
        }
        return completedNs >= 0;
    }

    boolean isBounded() {
        return plan.isBounded();
    }

    /** Why the flow is over though it should not be, or null. */
    String trouble() {
        return clientSide.trouble() != null ? clientSide.trouble() : serverSide.trouble();
    }

    void sample(long nowNs) {
        if (probe == null) {
            return;
        }
        samples.add(new Sample(
                nowNs,
                receiver().receivedBytes(),
                receiver().connection == null
                        ? 0
                        : receiver().connection.statistics().bytesReceived(),
                probe.sentPackets(),
                probe.lostPackets(),
                probe.spuriousLosses(),
                probe.markedPackets(),
                probe.smoothedRttNs(),
                probe.latestRttNs(),
                probe.bytesInFlight(),
                probe.windowBytes(),
                probe.pacingRateBytesPerSecond(),
                probe.bandwidthBytesPerSecond(),
                probe.state()));
    }

    FlowTrace trace() {
        return new FlowTrace(
                plan,
                controller,
                startedNs,
                establishedNs,
                completedNs,
                List.copyOf(samples),
                probe == null ? new Timeline() : probe.rtts(),
                ectOut);
    }
}
