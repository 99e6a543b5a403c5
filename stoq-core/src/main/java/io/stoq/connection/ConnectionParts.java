package io.stoq.connection;

import io.stoq.ack.AckTracker;
import io.stoq.cid.ConnectionIdRoutes;
import io.stoq.cid.LocalConnectionIds;
import io.stoq.cid.PeerConnectionIds;
import io.stoq.config.ConnectionConfig;
import io.stoq.crypto.CryptoProvider;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.crypto.TlsSession;
import io.stoq.datagram.Datagrams;
import io.stoq.memory.ConnectionMemory;
import io.stoq.memory.EndpointMemory;
import io.stoq.path.MtuDiscovery;
import io.stoq.path.Path;
import io.stoq.path.Paths;
import io.stoq.recovery.Recovery;
import io.stoq.recovery.RecoverySettings;
import io.stoq.recovery.SentFrameListener;
import io.stoq.stream.StreamLimits;
import io.stoq.stream.Streams;
import io.stoq.stream.StreamsListener;
import io.stoq.telemetry.ConnectionSink;
import io.stoq.telemetry.Telemetry;
import io.stoq.wire.TransportParameters;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Builds the components of a new connection, for either role. On the endpoint's loop; used once. */
public final class ConnectionParts {

    /** Length of the random id that a client first sends to, in bytes; RFC 9000 §7.2 asks for 8 or more. */
    private static final int FIRST_DESTINATION_ID_BYTES = 8;

    final boolean server;
    final ConnectionConfig config;
    final ConnectionListener listener;
    final ConnectionHost host;
    final LoopTools tools;
    final LocalConnectionIds localIds;
    final PeerConnectionIds peerIds;
    final Paths paths;
    final Handshake handshake;
    final PacketKeyring keyring;
    final IdleTimer idle;
    final Counters statistics;
    final ConnectionSink sink;
    final ConnectionMemory memory;
    private final CryptoProvider crypto;

    private ConnectionParts(
            Endpointed at,
            CryptoProvider crypto,
            boolean server,
            Path path,
            byte[] peerId,
            Ids ids,
            String serverName) {
        this.server = server;
        this.config = at.config;
        this.listener = at.listener;
        this.host = at.host;
        this.tools = at.tools;
        this.crypto = crypto;
        memory = new ConnectionMemory(at.memory, config.memoryBytes(), pressure(at.host, at.listener));
        localIds = new LocalConnectionIds(crypto.entropy(), crypto.resetTokens(), routes(at.host));
        peerIds = new PeerConnectionIds(peerId);
        paths = new Paths(server, path, crypto.entropy());
        sink = at.tools
                .reporter()
                .open(new Telemetry.Origin(
                        at.nowNs, server, localIds.initial(), ids.original, path.remote, path.local));
        TransportParameters local = localParameters(ids);
        sink.onParameters(at.nowNs, true, local);
        byte[] parameters = local.encode();
        TlsSession tls = server ? crypto.serverSession(parameters) : crypto.clientSession(serverName, parameters);
        ConnectionConfig.Timing timing = config.timing();
        handshake = new Handshake(
                tls, !server, ids.original, at.nowNs + timing.handshakeTimeout().toNanos());
        keyring = new PacketKeyring(crypto.protection());
        keyring.installInitial(ids.retry != null ? ids.retry : ids.original, server);
        statistics = new Counters(at.nowNs);
        idle = new IdleTimer(
                at.nowNs, timing.idleTimeout().toNanos(), timing.keepAlive().toNanos());
    }

    /** Where and for whom a connection is made. */
    public record Endpointed(
            long nowNs,
            ConnectionConfig config,
            ConnectionListener listener,
            ConnectionHost host,
            LoopTools tools,
            EndpointMemory memory) {}

    /**
     * Connection ids of the handshake.
     *
     * @param original destination of the client's very first Initial packet
     * @param retry the id that a Retry packet gave, or null
     */
    record Ids(byte[] original, byte[] retry) {}

    /**
     * Connection ids of a client's Initial packet.
     *
     * @param client its source connection id
     * @param original destination of its very first Initial packet
     * @param retry the id that our Retry packet gave it, or null
     */
    public record ClientIds(byte[] client, byte[] original, byte[] retry) {}

    /**
     * A connection that this side starts.
     *
     * @param token of an earlier connection to that server, or empty
     */
    public static Connection client(
            Endpointed at, CryptoProvider crypto, InetSocketAddress remote, String serverName, byte[] token) {
        byte[] first = new byte[FIRST_DESTINATION_ID_BYTES];
        crypto.entropy().fill(first, 0, first.length);
        Path path = new Path(remote, null);
        ConnectionParts parts = new ConnectionParts(at, crypto, false, path, first, new Ids(first, null), serverName);
        parts.handshake.token(token);
        return new Connection(parts);
    }

    /**
     * A connection that a client's Initial packet starts.
     *
     * @param addressProved whether a token showed that the client receives what is sent to its address
     */
    public static Connection server(
            Endpointed at,
            CryptoProvider crypto,
            InetSocketAddress remote,
            InetAddress local,
            ClientIds ids,
            boolean addressProved) {
        Path path = new Path(remote, local);
        if (addressProved) {
            path.onValidated();
        }
        ConnectionParts parts =
                new ConnectionParts(at, crypto, true, path, ids.client, new Ids(ids.original, ids.retry), null);
        parts.handshake.onServerIds(ids.client, ids.retry);
        return new Connection(parts);
    }

    private static ConnectionMemory.Listener pressure(ConnectionHost host, ConnectionListener listener) {
        return new ConnectionMemory.Listener() {
            @Override
            public void onWithheld() {
                listener.onMemoryPressure(true);
            }

            @Override
            public void onEased() {
                listener.onMemoryPressure(false);
                host.onWantsTransmit();
            }
        };
    }

    private static ConnectionIdRoutes routes(ConnectionHost host) {
        return new ConnectionIdRoutes() {
            @Override
            public void add(byte[] cid) {
                host.onConnectionIdIssued(cid);
            }

            @Override
            public void remove(byte[] cid) {
                host.onConnectionIdRetired(cid);
            }
        };
    }

    private TransportParameters localParameters(Ids ids) {
        ConnectionConfig.Limits limits = config.limits();
        TransportParameters.Builder parameters = TransportParameters.builder()
                .initialSourceConnectionId(localIds.initial())
                .maxIdleTimeoutMs(config.timing().idleTimeout().toMillis())
                .maxUdpPayloadSize(config.datagramSize().receiveBytes())
                .initialMaxData(limits.initialConnectionWindowBytes())
                .initialMaxStreamDataBidiLocal(limits.initialStreamWindowBytes())
                .initialMaxStreamDataBidiRemote(limits.initialStreamWindowBytes())
                .initialMaxStreamDataUni(limits.initialStreamWindowBytes())
                .initialMaxStreamsBidi(limits.maxBidirectionalStreams())
                .initialMaxStreamsUni(limits.maxUnidirectionalStreams())
                .ackDelayExponent(Connection.ACK_DELAY_EXPONENT)
                .maxAckDelayMs(config.timing().maxAckDelay().toMillis())
                .activeConnectionIdLimit(PeerConnectionIds.ACTIVE_LIMIT)
                .maxDatagramFrameSize(config.maxDatagramFrameBytes());
        if (server) {
            parameters
                    .originalDestinationConnectionId(ids.original)
                    .retrySourceConnectionId(ids.retry)
                    .statelessResetToken(localIds.initialResetToken());
        }
        return parameters.build();
    }

    AckTracker[] acks() {
        AckTracker[] trackers = new AckTracker[EncryptionLevel.COUNT];
        for (int level = 0; level < EncryptionLevel.COUNT; level++) {
            trackers[level] = new AckTracker(
                    level,
                    level == EncryptionLevel.APPLICATION
                            ? config.timing().maxAckDelay().toNanos()
                            : 0);
        }
        return trackers;
    }

    Recovery recovery(SentFrameListener outcomes) {
        RecoverySettings settings = new RecoverySettings(
                config.timing().initialRtt().toNanos(),
                RecoverySettings.DEFAULT_MAX_ACK_DELAY_NS,
                MtuDiscovery.BASE_BYTES,
                0,
                config.ecn());
        return new Recovery(server, settings, config.congestion(), outcomes, crypto.entropy());
    }

    Streams streams(StreamsListener events) {
        ConnectionConfig.Limits limits = config.limits();
        return new Streams(
                server,
                new StreamLimits(
                        limits.initialConnectionWindowBytes(),
                        limits.maxConnectionWindowBytes(),
                        limits.initialStreamWindowBytes(),
                        limits.maxStreamWindowBytes(),
                        limits.maxBidirectionalStreams(),
                        limits.maxUnidirectionalStreams()),
                tools.buffers(),
                memory,
                events);
    }

    Datagrams datagrams(ConnectionEvents events) {
        return new Datagrams(config.maxDatagramFrameBytes(), memory, events);
    }
}
