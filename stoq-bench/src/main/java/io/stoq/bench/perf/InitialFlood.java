package io.stoq.bench.perf;

import io.stoq.CloseReason;
import io.stoq.buffer.Transmit;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.connection.Connection;
import io.stoq.connection.ConnectionListener;
import io.stoq.endpoint.Endpoint;
import io.stoq.endpoint.HandshakeTask;
import io.stoq.stream.Stream;
import io.stoq.stream.StreamHandler;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends first packets of clients that never go on, at a steady rate: half of them real ones, made before, half noise behind a
 * header that is right. For servers of one's own; all come from this machine's loopback address.
 */
public final class InitialFlood implements AutoCloseable {

    private static final int PACKET_BYTES = 1200;
    private static final int REAL_PACKETS = 4096;
    private static final long PAUSE_NS = 1_000_000;

    private final DatagramChannel channel;
    private final List<ByteBuffer> real;
    private final SplittableRandom random = new SplittableRandom(1);
    private final int perSecond;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long sent;

    private InitialFlood(DatagramChannel channel, List<ByteBuffer> real, int perSecond) {
        this.channel = channel;
        this.real = real;
        this.perSecond = perSecond;
        this.thread = Thread.ofPlatform().name("flood").start(this::run);
    }

    /** Begins to send. */
    public static InitialFlood start(InetSocketAddress target, List<ByteBuffer> real, int perSecond)
            throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET6);
        channel.connect(target);
        return new InitialFlood(channel, real, perSecond);
    }

    /** Real first packets, each with connection ids of its own. */
    public static List<ByteBuffer> realPackets(String protocol) {
        StoqTls tls = StoqTls.builder()
                .trust(Trust.insecure())
                .applicationProtocols(protocol)
                .build();
        Endpoint endpoint = new Endpoint(EndpointConfig.client(), tls, connection -> null);
        Transmit out = new Transmit(MemorySegment.ofArray(new byte[1 << 16]), 1);
        List<ByteBuffer> packets = new ArrayList<>();
        InetSocketAddress somewhere = new InetSocketAddress("::1", 4433);
        for (int i = 0; i < REAL_PACKETS; i++) {
            endpoint.connect(0, somewhere, "localhost", ConnectionConfig.defaults(), new Nobody());
            HandshakeTask task = endpoint.pollTask();
            task.run();
            endpoint.onTaskDone(0, task);
            while (endpoint.pollTransmit(0, out)) {
                packets.add(ByteBuffer.wrap(out.memory.asSlice(0, out.length).toArray(ValueLayout.JAVA_BYTE)));
            }
        }
        return packets;
    }

    /** Packets sent so far. */
    public long sent() {
        return sent;
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channel.close();
    }

    private void run() {
        long startNs = System.nanoTime();
        while (!stopped) {
            long due = (long) ((System.nanoTime() - startNs) / 1e9 * perSecond);
            while (sent < due && !stopped) {
                send(sent % 2 == 0 ? real.get((int) (sent / 2 % real.size())).duplicate() : noise());
                sent++;
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private void send(ByteBuffer packet) {
        try {
            channel.write(packet);
        } catch (PortUnreachableException e) {
            // Nobody is there any more: the flood goes on as floods do.
        } catch (IOException e) {
            stopped = true;
        }
    }

    private ByteBuffer noise() {
        ByteBuffer packet = ByteBuffer.allocate(PACKET_BYTES);
        packet.put((byte) 0xc3).putInt(1).put((byte) 8).putLong(random.nextLong());
        packet.put((byte) 8).putLong(random.nextLong());
        packet.put((byte) 0).putShort((short) (0x4000 | PACKET_BYTES - packet.position() - 2));
        while (packet.remaining() >= Long.BYTES) {
            packet.putLong(random.nextLong());
        }
        return packet.rewind();
    }

    /** Whoever started a connection that goes nowhere. */
    private static final class Nobody implements ConnectionListener {

        @Override
        public void onHandshakeComplete(Connection connection) {}

        @Override
        public StreamHandler onStreamOpened(Connection connection, Stream stream) {
            throw new IllegalStateException("no connection was made");
        }

        @Override
        public void onStreamsAvailable(Connection connection, boolean bidirectional) {}

        @Override
        public void onDatagram(Connection connection, byte[] data, int at, int length) {}

        @Override
        public void onPathChanged(Connection connection, InetSocketAddress remote) {}

        @Override
        public void onDatagramSize(Connection connection) {}

        @Override
        public void onHandlerFailure(Connection connection, Stream stream, Throwable failure) {}

        @Override
        public void onClosed(Connection connection, CloseReason reason) {}
    }
}
