package io.stoq.bench.lab.relay;

import io.netty.channel.IoEventLoop;
import io.stoq.buffer.Datagram;
import io.stoq.buffer.Transmit;
import io.stoq.sim.SimDatagram;
import io.stoq.transport.io.IoBackend;
import io.stoq.transport.io.SocketHandler;
import io.stoq.transport.io.SocketOpenException;
import io.stoq.transport.io.SocketOptions;
import io.stoq.transport.io.UdpSocket;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;

/** One socket of the relay: trains come apart, and datagrams go out one by one as they came. Confined to the loop. */
final class Port implements SocketHandler {

    /** One by one: a link has no trains. */
    private static final SocketOptions OPTIONS =
            new SocketOptions(4 << 20, 4 << 20, false, true, false, SocketOptions.MAX_DATAGRAM_BYTES);

    /** Takes one datagram of those that came. */
    @FunctionalInterface
    interface Intake {
        void accept(InetSocketAddress from, byte[] payload, int ecn);
    }

    private final Intake intake;
    private UdpSocket socket;
    private long unsent;
    private Throwable failure;

    private Port(Intake intake) {
        this.intake = intake;
    }

    /** Binds a socket; on the loop, or waiting for it. */
    static Port open(IoBackend backend, IoEventLoop loop, InetSocketAddress local, Intake intake)
            throws SocketOpenException {
        Port port = new Port(intake);
        port.socket = backend.open(loop, local, OPTIONS, port);
        return port;
    }

    InetSocketAddress localAddress() {
        return socket.localAddress();
    }

    boolean carriesEcn() {
        return socket.capabilities().ecn();
    }

    void send(SimDatagram datagram, InetSocketAddress to) {
        Transmit slot = socket.acquire();
        if (slot == null || datagram.length() == 0 || datagram.length() > slot.memory.byteSize()) {
            unsent++;
            return;
        }
        MemorySegment.copy(datagram.payload(), 0, slot.memory, ValueLayout.JAVA_BYTE, 0, datagram.length());
        slot.length = datagram.length();
        slot.segmentSize = datagram.length();
        slot.remote = to;
        slot.local = null;
        slot.ecn = datagram.ecn();
        socket.send(slot);
    }

    void flush() {
        socket.flush();
    }

    /** Datagrams that the kernel did not take. */
    long unsent() {
        return unsent + socket.counters().sendErrors;
    }

    long kernelDrops() {
        return socket.counters().kernelDrops;
    }

    /** Why it works no more; null while it does. */
    Throwable failure() {
        return failure;
    }

    void close() {
        socket.close();
    }

    @Override
    public void onDatagram(Datagram train) {
        long end = train.offset + train.length;
        for (long at = train.offset; at < end; at += train.segmentSize) {
            long length = Math.min(train.segmentSize, end - at);
            intake.accept(train.remote, train.memory.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE), train.ecn);
        }
    }

    @Override
    public void onReadComplete() {
        // Each datagram has set the timer that it needs.
    }

    @Override
    public void onWritable() {
        // What did not go out is lost, as on a link.
    }

    @Override
    public void onCapabilities() {
        // Trains are not sent.
    }

    @Override
    public void onDatagramTooLong(InetSocketAddress remote, int bytes) {
        unsent++;
    }

    @Override
    public void onSocketError(Throwable cause) {
        failure = failure == null ? cause : failure;
    }
}
