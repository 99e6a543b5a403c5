package io.stoq.transport.io;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.stoq.buffer.Datagram;
import io.stoq.buffer.Transmit;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A socket on a loop of its own that keeps what it receives. Any thread. */
public final class TestPeer implements SocketHandler, AutoCloseable {

    private static final long DEADLINE_SECONDS = 20;

    /** A copy of a {@link Datagram}. */
    public record Received(byte[] bytes, int segmentSize, InetSocketAddress remote, InetAddress local, int ecn) {}

    /** How a test opens the socket, where not by the backend. */
    public interface Opening {
        UdpSocket open(IoEventLoop loop, SocketHandler handler) throws Exception;
    }

    private final MultiThreadIoEventLoopGroup group;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> tooLong = new LinkedBlockingQueue<>();
    private final Semaphore writable = new Semaphore(0);
    private final Semaphore completed = new Semaphore(0);
    private final UdpSocket socket;
    private volatile Consumer<Datagram> onDatagram = datagram -> {};

    public TestPeer(IoBackend backend, Opening opening) throws Exception {
        group = new MultiThreadIoEventLoopGroup(1, backend.handlerFactory());
        UdpSocket opened = null;
        try {
            opened = opening.open(loop(), this);
        } finally {
            if (opened == null) {
                group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            }
        }
        socket = opened;
    }

    /** Opens on the loopback address and a free port. */
    public static TestPeer open(IoBackend backend) throws Exception {
        return open(backend, loopback(0), SocketOptions.DEFAULT);
    }

    public static TestPeer open(IoBackend backend, InetSocketAddress local, SocketOptions options) throws Exception {
        return new TestPeer(backend, (loop, handler) -> backend.open(loop, local, options, handler));
    }

    public static InetSocketAddress loopback(int port) {
        return new InetSocketAddress("::1", port);
    }

    public IoEventLoop loop() {
        return group.next();
    }

    public UdpSocket socket() {
        return socket;
    }

    public InetSocketAddress address() {
        return socket.localAddress();
    }

    /** What to do with each datagram on the loop, besides keeping it. */
    public void onEachDatagram(Consumer<Datagram> action) {
        onDatagram = action;
    }

    public <T> T onLoop(Callable<T> action) throws Exception {
        return loop().submit(action).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** Sends on the loop, as soon as a slot is free. */
    public void send(byte[] train, int segmentSize, InetSocketAddress remote, InetAddress local, int ecn)
            throws Exception {
        while (!onLoop(() -> sendNow(train, segmentSize, remote, local, ecn))) {
            awaitWritable();
        }
    }

    public void send(byte[] datagram, InetSocketAddress remote) throws Exception {
        send(datagram, datagram.length, remote, null, 0);
    }

    /** Sends; on the loop only. False when no slot is free. */
    public boolean sendNow(byte[] train, int segmentSize, InetSocketAddress remote, InetAddress local, int ecn) {
        Transmit transmit = socket.acquire();
        if (transmit == null) {
            return false;
        }
        MemorySegment.copy(train, 0, transmit.memory, ValueLayout.JAVA_BYTE, 0, train.length);
        transmit.length = train.length;
        transmit.segmentSize = segmentSize;
        transmit.remote = remote;
        transmit.local = local;
        transmit.ecn = ecn;
        socket.send(transmit);
        socket.flush();
        return true;
    }

    public Received receive() throws InterruptedException {
        return require(received.poll(DEADLINE_SECONDS, TimeUnit.SECONDS), "datagram");
    }

    /** The length of a datagram that the kernel found too long. */
    public int tooLong() throws InterruptedException {
        return require(tooLong.poll(DEADLINE_SECONDS, TimeUnit.SECONDS), "refusal of a datagram that is too long");
    }

    public Throwable error() throws InterruptedException {
        return require(errors.poll(DEADLINE_SECONDS, TimeUnit.SECONDS), "error");
    }

    public void awaitWritable() throws InterruptedException {
        require(writable.tryAcquire(DEADLINE_SECONDS, TimeUnit.SECONDS) ? writable : null, "onWritable");
    }

    public void awaitReadComplete() throws InterruptedException {
        require(completed.tryAcquire(DEADLINE_SECONDS, TimeUnit.SECONDS) ? completed : null, "onReadComplete");
    }

    public boolean hasReceived() {
        return !received.isEmpty();
    }

    public void awaitClosed() {
        socket.closed()
                .toCompletableFuture()
                .orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** Ends the loop, and with it the socket. */
    public void endLoop() {
        group.shutdownGracefully(0, DEADLINE_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Override
    public void onDatagram(Datagram datagram) {
        byte[] bytes = datagram.memory.asSlice(datagram.offset, datagram.length).toArray(ValueLayout.JAVA_BYTE);
        received.add(new Received(bytes, datagram.segmentSize, datagram.remote, datagram.local, datagram.ecn));
        onDatagram.accept(datagram);
    }

    @Override
    public void onReadComplete() {
        completed.release();
    }

    @Override
    public void onWritable() {
        writable.release();
    }

    @Override
    public void onCapabilities() {}

    @Override
    public void onDatagramTooLong(InetSocketAddress remote, int bytes) {
        tooLong.add(bytes);
    }

    @Override
    public void onSocketError(Throwable cause) {
        errors.add(cause);
    }

    @Override
    public void close() {
        socket.close();
        awaitClosed();
        endLoop();
        if (!errors.isEmpty()) {
            throw new AssertionError("an error that no test expected", errors.poll());
        }
    }

    private static <T> T require(T value, String what) {
        if (value == null) {
            throw new AssertionError("no " + what + " within " + DEADLINE_SECONDS + " s");
        }
        return value;
    }
}
