package io.stoq.bench.baseline;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.stoq.SocketStatistics;
import io.stoq.bench.perf.ServerProcess;
import io.stoq.bench.perf.Snapshot;
import io.stoq.bench.perf.Tally;
import io.stoq.crypto.PacketProtection;
import io.stoq.transport.io.IoBackend;
import io.stoq.transport.io.IoBackends;
import io.stoq.transport.io.SocketCounters;
import io.stoq.transport.io.SocketOpenException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** One process of a transfer without QUIC: its loops and sockets. Any thread. */
final class CeilingSide implements BulkServer {

    /** What a socket's flows may have under way together. */
    private static final int WINDOW_BYTES = 3 << 20;

    private final String name;
    private final BulkLoad load;
    private final PacketProtection protection;
    private final IoBackend backend;
    private final MultiThreadIoEventLoopGroup group;
    private final boolean sender;
    private final int windowBytes;
    private final Tally tally = new Tally();
    private final List<CeilingSocket> sockets = new ArrayList<>();

    private CeilingSide(String name, BulkLoad load, PacketProtection protection, boolean server) {
        this.name = name;
        this.load = load;
        this.protection = protection;
        this.sender = load.up() != server;
        this.windowBytes = windowBytes(name, load.tuning());
        this.backend = IoBackends.select(load.io());
        int loops =
                server ? 1 : Math.min(load.connections(), Runtime.getRuntime().availableProcessors());
        this.group =
                new MultiThreadIoEventLoopGroup(loops, new DefaultThreadFactory(name, true), backend.handlerFactory());
    }

    /** A server has one socket on one loop, like STOQ's. */
    static CeilingSide listen(String name, BulkLoad load, PacketProtection protection) throws IOException {
        CeilingSide side = new CeilingSide(name, load, protection, true);
        side.open(side.group.next());
        return side;
    }

    /** Flows are spread over the loops; those on one loop share a socket, like STOQ's connections. */
    static CeilingSide connect(String name, BulkLoad load, PacketProtection protection, InetSocketAddress server)
            throws IOException {
        CeilingSide side = new CeilingSide(name, load, protection, false);
        for (int i = 0; i < side.group.executorCount(); i++) {
            side.open(side.group.next());
        }
        for (int i = 0; i < load.connections(); i++) {
            CeilingSocket socket = side.sockets.get(i % side.sockets.size());
            int id = i;
            socket.loop.submit(() -> socket.flow(id, server)).syncUninterruptibly();
        }
        // The next tick begins the transfer.
        return side;
    }

    static int windowBytes(String name, Tuning tuning) {
        int bytes = tuning.number("window", WINDOW_BYTES);
        tuning.requireKnown(name);
        return bytes;
    }

    private void open(IoEventLoop loop) throws IOException {
        CeilingSocket socket = sender
                ? new CeilingSender(loop, load, protection, windowBytes)
                : new CeilingReceiver(loop, load, protection, tally);
        try {
            socket.start(backend);
            sockets.add(socket);
        } catch (SocketOpenException e) {
            close();
            throw e;
        }
    }

    @Override
    public ServerProcess.Greeting greeting() {
        CeilingSocket socket = sockets.getFirst();
        return new ServerProcess.Greeting(socket.socket().localAddress().getPort(), "");
    }

    @Override
    public Snapshot snapshot() throws IOException {
        long sent = 0;
        long lost = 0;
        SocketStatistics statistics = SocketStatistics.none(backend.name());
        for (CeilingSocket socket : sockets) {
            Counts counts = countsOf(socket);
            sent += counts.sent;
            lost += counts.lost;
            statistics = statistics.plus(counts.socket);
        }
        return Snapshot.of(tally, sent, lost, Snapshot.UNKNOWN, load.payloadBytes(), statistics);
    }

    private record Counts(long sent, long lost, SocketStatistics socket) {}

    private Counts countsOf(CeilingSocket socket) throws IOException {
        Future<Counts> counts = socket.loop.submit(() -> {
            long sent = 0;
            long lost = 0;
            for (CeilingFlow flow : socket.flows) {
                sent += flow.next;
                lost += flow.lost();
            }
            if (socket.failure() != null) {
                throw new IOException(socket.failure());
            }
            return new Counts(sent, lost, statistics(socket.socket().counters()));
        });
        if (!counts.awaitUninterruptibly().isSuccess()) {
            throw new IOException(name + " has broken down: " + counts.cause().getMessage(), counts.cause());
        }
        return counts.getNow();
    }

    private SocketStatistics statistics(SocketCounters counters) {
        return new SocketStatistics(
                backend.name(),
                counters.receiveCalls,
                counters.datagramsReceived,
                counters.bytesReceived,
                counters.sendCalls,
                counters.datagramsSent,
                counters.bytesSent,
                counters.sendErrors,
                counters.kernelDrops);
    }

    @Override
    public void close() {
        sockets.forEach(socket -> socket.socket().close());
        group.shutdownGracefully();
    }
}
