package io.stoq.scenario;

import io.stoq.buffer.BufferPool;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.connection.Connection;
import io.stoq.connection.ConnectionListener;
import io.stoq.crypto.CryptoProvider;
import io.stoq.endpoint.Endpoint;
import io.stoq.endpoint.EndpointListener;
import io.stoq.sim.Element;
import io.stoq.sim.EndpointNode;
import io.stoq.sim.SeededEntropy;
import io.stoq.sim.Simulation;
import io.stoq.telemetry.Telemetry;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A client and a server over a simulated network, with real TLS and packet protection: the stage of the scenarios. */
final class Story {

    static final InetSocketAddress CLIENT = new InetSocketAddress("2001:db8::c", 50_000);
    static final InetSocketAddress SERVER = new InetSocketAddress("2001:db8::5", 4433);
    static final long MS = 1_000_000;
    static final long S = 1_000_000_000;
    static final Identity IDENTITY = Identity.selfSigned("server.test");

    final Simulation network;
    Side client = new Side();
    Side server = new Side();
    final Endpoint clientEndpoint;
    final Endpoint serverEndpoint;
    final ShiftedClock clientClock;
    private final ConnectionConfig clientConfig;
    private final CryptoProvider serverTls;
    private final EndpointNode serverNode;
    private final Accepting accepting = new Accepting();

    /** Knows the server's side and nothing else of the story, so that what the server holds can be measured. */
    private static final class Accepting implements EndpointListener {

        private Side side;

        @Override
        public ConnectionListener onConnection(Connection connection) {
            side.connection = connection;
            return side;
        }
    }

    Story(long seed, List<? extends Element> up, List<? extends Element> down) {
        this(seed, up, down, ConnectionConfig.defaults(), EndpointConfig.server(ConnectionConfig.defaults()));
    }

    Story(
            long seed,
            List<? extends Element> up,
            List<? extends Element> down,
            ConnectionConfig clientConfig,
            EndpointConfig serverConfig) {
        this(seed, up, down, clientConfig, serverConfig, clientTls(seed), serverTls(seed));
    }

    Story(
            long seed,
            List<? extends Element> up,
            List<? extends Element> down,
            ConnectionConfig clientConfig,
            EndpointConfig serverConfig,
            CryptoProvider clientTls,
            CryptoProvider serverTls) {
        this(seed, up, down, clientConfig, serverConfig, clientTls, serverTls, Telemetry.OFF);
    }

    /** With somebody who is told what happens inside connections, of both sides. */
    Story(long seed, List<? extends Element> up, List<? extends Element> down, Telemetry telemetry) {
        this(
                seed,
                up,
                down,
                ConnectionConfig.defaults(),
                EndpointConfig.server(ConnectionConfig.defaults()),
                clientTls(seed),
                serverTls(seed),
                telemetry);
    }

    private Story(
            long seed,
            List<? extends Element> up,
            List<? extends Element> down,
            ConnectionConfig clientConfig,
            EndpointConfig serverConfig,
            CryptoProvider clientTls,
            CryptoProvider serverTls,
            Telemetry telemetry) {
        this.clientConfig = clientConfig;
        accepting.side = server;
        network = new Simulation(seed);
        clientEndpoint =
                new Endpoint(EndpointConfig.client(), clientTls, connection -> null, new BufferPool(), telemetry);
        serverEndpoint = new Endpoint(serverConfig, serverTls, accepting, new BufferPool(), telemetry);
        clientClock = new ShiftedClock(new EndpointNode(clientEndpoint, CLIENT, MS));
        network.node(CLIENT, clientClock);
        this.serverTls = serverTls;
        serverNode = new EndpointNode(serverEndpoint, SERVER, MS);
        network.node(SERVER, serverNode);
        network.link(CLIENT, SERVER, up, down);
    }

    static StoqTls.Builder tls(long seed) {
        return StoqTls.builder().applicationProtocols("story").entropy(new SeededEntropy(seed));
    }

    /** With a first flight of one datagram, so that stories can count packets. */
    static CryptoProvider clientTls(long seed) {
        return tls(2 * seed)
                .keyExchangeGroups("x25519")
                .trust(Trust.certificates(IDENTITY.certificates().getFirst()))
                .build();
    }

    static CryptoProvider serverTls(long seed) {
        return tls(2 * seed + 1).identity(IDENTITY).build();
    }

    /** Both sides begin anew. */
    void renewSides() {
        client = new Side();
        server = new Side();
        accepting.side = server;
    }

    void startConnecting() {
        client.connection =
                clientEndpoint.connect(clientClock.at(network.nowNs()), SERVER, "server.test", clientConfig, client);
    }

    /** The server restarts: same keys, no memory. */
    void serverForgets() {
        EndpointConfig config = EndpointConfig.server(ConnectionConfig.defaults());
        serverNode.endpoint(new Endpoint(config, serverTls, connection -> null));
    }

    /** Connects and returns when the handshake is complete on both sides. */
    Story connect() {
        startConnecting();
        return awaitHandshake();
    }

    /** After {@link #startConnecting()}. */
    Story awaitHandshake() {
        run(() -> client.complete && server.complete, 60 * S);
        return this;
    }

    /** Lets time pass until the goal; fails early where a connection ends or a side saw a failure. */
    void run(BooleanSupplier goal, long maxVirtualNs) {
        network.run(
                () -> {
                    requireHealthy(client, "client");
                    requireHealthy(server, "server");
                    return goal.getAsBoolean();
                },
                maxVirtualNs);
    }

    void requireHealthy(Side side, String name) {
        if (!side.failures.isEmpty()) {
            throw network.failure(name + ": " + side.failures.getFirst());
        }
        if (side.closeReason != null) {
            throw network.failure(name + " ended: " + side.closeReason.describe());
        }
    }
}
