package io.stoq.bench.engine;

import io.stoq.buffer.BufferPool;
import io.stoq.buffer.Datagram;
import io.stoq.buffer.Transmit;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.congestion.CongestionAlgorithm;
import io.stoq.congestion.CongestionController;
import io.stoq.congestion.CongestionParameters;
import io.stoq.crypto.PacketProtection;
import io.stoq.endpoint.Endpoint;
import io.stoq.endpoint.HandshakeTask;
import io.stoq.telemetry.Telemetry;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;

/**
 * A client's and a server's engine back to back: real handshake and real connections, but no sockets, one thread and virtual
 * time. Whatever is spent here is spent by the engine and its packet protection.
 *
 * <p>Trains are written to native memory, as for a socket, and read from where they were written. A turn is one train of the
 * client and, later, all that the server has to say to it. Confined to the thread that made it.
 */
public final class EnginePair implements AutoCloseable {

    /** Its users write gigabytes at once, of the same array again and again. */
    private static final long MEMORY_BYTES = 1L << 40;

    private static final InetSocketAddress CLIENT = new InetSocketAddress("2001:db8::c", 50_000);
    private static final InetSocketAddress SERVER = new InetSocketAddress("2001:db8::5", 4433);
    private static final String SERVER_NAME = "engine.test";
    private static final Identity IDENTITY = Identity.selfSigned(SERVER_NAME);

    /** Virtual time each way; the round trip is too short for pacing. */
    private static final long ONE_WAY_NS = 20_000;

    /** Wide enough to probe for the largest datagrams before anything was sent. */
    private static final long INITIAL_WINDOW_BYTES = 1 << 20;

    private static final int MAX_IDLE_TURNS = 10_000;

    private final Arena arena = Arena.ofConfined();
    private final EngineSide clientSide;
    private final EngineSide serverSide;
    private final Endpoint client;
    private final Endpoint server;
    private final Transmit up = new Transmit(arena.allocate(1 << 16), Transmit.MAX_SEGMENTS);
    private final Transmit down = new Transmit(arena.allocate(1 << 16), Transmit.MAX_SEGMENTS);
    private final Datagram arriving = new Datagram();
    private long nowNs = 1;
    private int lossyTrains;
    private int trains;

    /**
     * Connects; when it returns, both sides' handshakes are complete, and the client has found out that datagrams of so many
     * bytes get through.
     */
    public EnginePair(PacketProtection protection, int payloadBytes, EngineSide clientSide, EngineSide serverSide) {
        this(protection, payloadBytes, CongestionAlgorithm.CUBIC, clientSide, serverSide, Telemetry.OFF);
    }

    /** The same under another controller, with somebody who is told what happens inside both connections. */
    public EnginePair(
            PacketProtection protection,
            int payloadBytes,
            CongestionAlgorithm congestion,
            EngineSide clientSide,
            EngineSide serverSide,
            Telemetry telemetry) {
        this.clientSide = clientSide;
        this.serverSide = serverSide;
        ConnectionConfig config = ConnectionConfig.builder()
                .maxUdpPayloadBytes(payloadBytes)
                .connectionWindowBytes(16 << 20, 16 << 20)
                .streamWindowBytes(16 << 20, 16 << 20)
                .congestion(usual -> wide(congestion, usual))
                .build();
        client = new Endpoint(
                EndpointConfig.client().withMemoryBytes(MEMORY_BYTES),
                tls(protection)
                        .trust(Trust.certificates(IDENTITY.certificates().getFirst()))
                        .build(),
                connection -> null,
                new BufferPool(),
                telemetry);
        server = new Endpoint(
                EndpointConfig.server(config).withMemoryBytes(MEMORY_BYTES),
                tls(protection).identity(IDENTITY).build(),
                connection -> {
                    serverSide.connection(connection);
                    return serverSide;
                },
                new BufferPool(),
                telemetry);
        clientSide.connection(client.connect(nowNs, SERVER, SERVER_NAME, config, clientSide));
        for (int turn = 0; !isReady(payloadBytes); turn++) {
            turn(Transmit.MAX_SEGMENTS);
            requireProgress(turn);
        }
    }

    private static CongestionController wide(CongestionAlgorithm congestion, CongestionParameters usual) {
        return congestion
                .factory()
                .create(new CongestionParameters(
                        INITIAL_WINDOW_BYTES, usual.maxDatagramBytes(), usual.initialRttNs(), usual.seed()));
    }

    private boolean isReady(int payloadBytes) {
        return clientSide.isEstablished()
                && serverSide.isEstablished()
                && clientSide.connection().statistics().path().maxDatagramBytes() == payloadBytes;
    }

    private static StoqTls.Builder tls(PacketProtection protection) {
        return StoqTls.builder().applicationProtocols("engine").protection(protection);
    }

    public EngineSide client() {
        return clientSide;
    }

    public EngineSide server() {
        return serverSide;
    }

    /** From now on the first packet of every so manieth train of the client is lost; 0 for none. */
    public void losing(int everyTrain) {
        lossyTrains = everyTrain;
    }

    /** Goes on until the client has sent so many packets; it must have something to send. */
    public void transfer(int packets) {
        int idleTurns = 0;
        for (int left = packets; left > 0; ) {
            int sent = turn(Math.min(left, Transmit.MAX_SEGMENTS));
            left -= sent;
            idleTurns = sent > 0 ? 0 : idleTurns + 1;
            requireProgress(idleTurns);
        }
    }

    /** One train of the client, of so many packets at most, and all answers; returns how many packets the client sent. */
    public int turn(int maxPackets) {
        due(client);
        up.maxSegments = maxPackets;
        int packets = 0;
        boolean sent = client.pollTransmit(nowNs, up);
        nowNs += ONE_WAY_NS;
        if (sent) {
            packets = up.segments();
            boolean lossy = lossyTrains > 0 && ++trains % lossyTrains == 0;
            deliver(up, lossy ? up.segmentSize : 0, CLIENT, server);
        }
        due(server);
        nowNs += ONE_WAY_NS;
        while (server.pollTransmit(nowNs, down)) {
            deliver(down, 0, SERVER, client);
        }
        return packets;
    }

    private void due(Endpoint endpoint) {
        if (nowNs >= endpoint.nextDeadlineNs()) {
            endpoint.onTimeout(nowNs);
        }
        for (HandshakeTask task = endpoint.pollTask(); task != null; task = endpoint.pollTask()) {
            task.run();
            endpoint.onTaskDone(nowNs, task);
        }
    }

    /** As a read with GRO brings it: the whole train at once, but for what is lost of it. */
    private void deliver(Transmit train, int lostBytes, InetSocketAddress from, Endpoint to) {
        arriving.memory = train.memory;
        arriving.offset = lostBytes;
        arriving.length = train.length - lostBytes;
        arriving.segmentSize = train.segmentSize;
        arriving.remote = from;
        to.onDatagram(nowNs, arriving);
    }

    private static void requireProgress(int idleTurns) {
        if (idleTurns > MAX_IDLE_TURNS) {
            throw new IllegalStateException("nothing was sent in " + idleTurns + " turns");
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
