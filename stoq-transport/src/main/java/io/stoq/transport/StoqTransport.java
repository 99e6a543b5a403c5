package io.stoq.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.stoq.SocketStatistics;
import io.stoq.StoqException;
import io.stoq.config.EndpointConfig;
import io.stoq.crypto.CryptoProvider;
import io.stoq.transport.driver.Acceptance;
import io.stoq.transport.driver.DriverSettings;
import io.stoq.transport.driver.LoopDriver;
import io.stoq.transport.io.IoBackend;
import io.stoq.transport.io.IoBackends;
import io.stoq.transport.io.SocketOpenException;
import io.stoq.transport.io.SocketOptions;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The entry point: event loops, and the servers and clients on them. Thread-safe; one per process is usual.
 *
 * <p>A server has one socket on one loop. Clients share one socket per loop and TLS configuration, and spread their
 * connections over the loops in turn.
 */
public final class StoqTransport implements AutoCloseable {

    private static final long CLOSE_SECONDS = 3;

    private final IoBackend backend;
    private final DriverSettings settings;
    private final EventLoopGroup loops;
    private final ExecutorService handshakes;
    private final int loopCount;
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<LoopDriver> drivers = new ArrayList<>();
    private final Map<ClientSocket, LoopDriver> clients = new HashMap<>();
    private final IoEventLoop[] members;
    private boolean closed;

    private record ClientSocket(CryptoProvider crypto, InetSocketAddress local, int loop) {}

    private StoqTransport(Builder builder) {
        backend = IoBackends.select(builder.io);
        settings = new DriverSettings(
                new SocketOptions(
                        builder.socketBufferBytes,
                        builder.socketBufferBytes,
                        builder.gso,
                        builder.gro,
                        false,
                        SocketOptions.MAX_DATAGRAM_BYTES),
                builder.streamSendBufferBytes,
                builder.streamReceiveBufferBytes);
        loopCount = builder.eventLoops;
        loops = new MultiThreadIoEventLoopGroup(loopCount, Threads.named("stoq-loop-"), backend.handlerFactory());
        members = new IoEventLoop[loopCount];
        for (int i = 0; i < loopCount; i++) {
            members[i] = (IoEventLoop) loops.next();
        }
        handshakes = Executors.newFixedThreadPool(builder.handshakeThreads, Threads.named("stoq-handshake-"));
    }

    /** A transport with defaults for everything. */
    public static StoqTransport create() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Sets up a server. */
    public ServerBuilder server() {
        return new ServerBuilder(this);
    }

    /** Sets up a client. */
    public ClientBuilder client() {
        return new ClientBuilder(this);
    }

    /** How datagrams move here: {@code epoll}, {@code io_uring} or {@code nio}. */
    public String io() {
        return backend.name();
    }

    /**
     * Closes all servers and connections with application code 0, waits about a second for the peers to be told, and ends
     * the threads. Closing twice does nothing.
     */
    @Override
    public void close() {
        List<LoopDriver> open;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            open = List.copyOf(drivers);
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (LoopDriver driver : open) {
            ends.add(driver.close());
        }
        for (var end : ends) {
            interrupted |= !await(end);
        }
        handshakes.shutdownNow();
        loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean await(CompletableFuture<Void> end) {
        try {
            end.get(CLOSE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException interrupted) {
            return false;
        } catch (ExecutionException | TimeoutException late) {
            return true;
        }
    }

    LoopDriver openServer(InetSocketAddress local, EndpointConfig config, CryptoProvider crypto, Acceptance acceptance)
            throws StoqException {
        lock.lock();
        try {
            requireOpen();
            LoopDriver driver = open(nextLoop(), local, config, crypto, acceptance);
            drivers.add(driver);
            return driver;
        } finally {
            lock.unlock();
        }
    }

    LoopDriver clientDriver(InetSocketAddress local, CryptoProvider crypto) throws StoqException {
        lock.lock();
        try {
            requireOpen();
            int loop = nextLoop();
            ClientSocket key = new ClientSocket(crypto, local, local.getPort() == 0 ? loop : 0);
            LoopDriver driver = clients.get(key);
            if (driver == null) {
                driver = open(loop, local, EndpointConfig.client(), crypto, null);
                drivers.add(driver);
                clients.put(key, driver);
            }
            return driver;
        } finally {
            lock.unlock();
        }
    }

    private LoopDriver open(
            int loop, InetSocketAddress local, EndpointConfig config, CryptoProvider crypto, Acceptance acceptance)
            throws StoqException {
        try {
            return LoopDriver.open(backend, members[loop], local, settings, handshakes, config, crypto, acceptance);
        } catch (SocketOpenException failure) {
            throw new StoqException.Bind(failure.getMessage(), failure);
        }
    }

    /** What all sockets that are open here did so far, together. */
    public SocketStatistics statistics() {
        List<LoopDriver> open;
        lock.lock();
        try {
            open = List.copyOf(drivers);
        } finally {
            lock.unlock();
        }
        SocketStatistics sum = SocketStatistics.none(backend.name());
        for (LoopDriver driver : open) {
            SocketStatistics one = driver.socketStatistics();
            sum = one == null ? sum : sum.plus(one);
        }
        return sum;
    }

    void forget(LoopDriver driver) {
        lock.lock();
        try {
            drivers.remove(driver);
        } finally {
            lock.unlock();
        }
    }

    private int nextLoop() {
        return Math.floorMod(nextLoop.getAndIncrement(), loopCount);
    }

    private void requireOpen() throws StoqException {
        if (closed) {
            throw new StoqException.Closed("the transport is closed");
        }
    }

    /** Sets up a transport; every default is stated at its setter. */
    public static final class Builder {

        private String io = "auto";
        private int eventLoops = Math.max(1, Runtime.getRuntime().availableProcessors());
        private int handshakeThreads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        private int socketBufferBytes = 4 << 20;
        private boolean gso = true;
        private boolean gro = true;
        private long streamSendBufferBytes = 4 << 20;
        private long streamReceiveBufferBytes = 1 << 20;

        private Builder() {}

        /** {@code epoll}, {@code io_uring}, {@code nio}, or {@code auto} for the best there is. Default auto. */
        public Builder io(String name) {
            this.io = name;
            return this;
        }

        /** Threads that run connections. Default: one per processor. */
        public Builder eventLoops(int count) {
            this.eventLoops = inRange("eventLoops", count, 1, 1024);
            return this;
        }

        /** Threads for the public-key work of handshakes. Default: half the processors. */
        public Builder handshakeThreads(int count) {
            this.handshakeThreads = inRange("handshakeThreads", count, 1, 1024);
            return this;
        }

        /** Kernel buffers of each socket, each direction. Default 4 MiB. */
        public Builder socketBufferBytes(int bytes) {
            this.socketBufferBytes = inRange("socketBufferBytes", bytes, 65_536, 1 << 30);
            return this;
        }

        /** Whether trains of datagrams are sent in one call where the kernel can. Default true. */
        public Builder gso(boolean use) {
            this.gso = use;
            return this;
        }

        /** Whether the kernel may hand over trains of datagrams in one call. Default true. */
        public Builder gro(boolean use) {
            this.gro = use;
            return this;
        }

        /** Most bytes of one stream that are written and not acknowledged; then writers wait. Default 4 MiB. */
        public Builder streamSendBufferBytes(long bytes) {
            this.streamSendBufferBytes = bytes;
            return this;
        }

        /** Most bytes of one stream that are taken from the engine ahead of a waiting reader. Default 1 MiB. */
        public Builder streamReceiveBufferBytes(long bytes) {
            this.streamReceiveBufferBytes = bytes;
            return this;
        }

        /**
         * @throws IllegalArgumentException for an unknown {@link #io}
         * @throws UnsupportedOperationException for one that this machine does not have; the message says why
         */
        public StoqTransport build() {
            return new StoqTransport(this);
        }

        private static int inRange(String name, int value, int min, int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(name + " is " + value + "; it must be within " + min + ".." + max);
            }
            return value;
        }
    }
}
