package io.stoq.bench.baseline;

import io.netty.channel.IoEventLoop;
import io.netty.util.collection.IntObjectHashMap;
import io.stoq.buffer.Transmit;
import io.stoq.crypto.PacketKeys;
import io.stoq.crypto.PacketProtection;
import io.stoq.transport.io.IoBackend;
import io.stoq.transport.io.SocketHandler;
import io.stoq.transport.io.SocketOpenException;
import io.stoq.transport.io.SocketOptions;
import io.stoq.transport.io.UdpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One socket with the flows on it; sending or receiving the bulk. Confined to its loop but for {@link #start}. */
abstract sealed class CeilingSocket implements SocketHandler permits CeilingSender, CeilingReceiver {

    private static final long TICK_MS = 20;

    private static final int MAX_FLOWS = 10_000;

    final IoEventLoop loop;
    final BulkLoad load;

    /** Bytes of the pattern in each datagram. */
    final int contentBytes;

    final List<CeilingFlow> flows = new ArrayList<>();
    private final IntObjectHashMap<CeilingFlow> flowsById = new IntObjectHashMap<>();
    private final PacketProtection protection;
    private UdpSocket socket;
    private Throwable failure;

    CeilingSocket(IoEventLoop loop, BulkLoad load, PacketProtection protection) {
        this.loop = loop;
        this.load = load;
        this.protection = protection;
        contentBytes = load.payloadBytes() - CeilingFrame.HEADER_BYTES - PacketKeys.TAG_BYTES;
    }

    /** Opens the socket on a port of the kernel's choice, and waits for that. */
    final void start(IoBackend backend) throws SocketOpenException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);
        UdpSocket opened = backend.open(loop, any, SocketOptions.DEFAULT, this);
        loop.submit(() -> socket = opened).syncUninterruptibly();
        loop.scheduleAtFixedRate(this::onTick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /** Called now and then, to get out of a standstill. */
    abstract void onTick();

    final UdpSocket socket() {
        return socket;
    }

    final Throwable failure() {
        return failure;
    }

    /** The flow of that number, which a server makes when it first hears of it; null where the number is none. */
    final CeilingFlow flow(int id, InetSocketAddress remote) {
        CeilingFlow flow = flowsById.get(id);
        if (flow == null && id >= 0 && id < MAX_FLOWS) {
            flow = new CeilingFlow(id, remote, protection);
            flowsById.put(id, flow);
            flows.add(flow);
        }
        return flow;
    }

    final void send(Transmit frames, int length, int segmentBytes, InetSocketAddress remote) {
        frames.length = length;
        frames.segmentSize = segmentBytes;
        frames.remote = remote;
        frames.local = null;
        frames.ecn = 0;
        socket.send(frames);
    }

    @Override
    public final void onSocketError(Throwable cause) {
        failure = cause;
    }

    @Override
    public final void onDatagramTooLong(InetSocketAddress remote, int bytes) {
        failure = new IOException("this machine does not carry datagrams of " + bytes + " bytes");
    }

    @Override
    public final void onCapabilities() {
        // Each train is made after what its slot allows.
    }
}
