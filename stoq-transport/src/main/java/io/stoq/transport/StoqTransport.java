package io.stoq.transport;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.stoq.BufferStatistics;
import io.stoq.ShutdownOutcome;
import io.stoq.SocketStatistics;
import io.stoq.StoqException;
import io.stoq.TransportStatistics;
import io.stoq.buffer.BufferPool;
import io.stoq.config.EndpointConfig;
import io.stoq.endpoint.Endpoint;
import io.stoq.telemetry.Telemetry;
import io.stoq.transport.driver.Batching;
import io.stoq.transport.driver.Deadline;
import io.stoq.transport.driver.DriverSettings;
import io.stoq.transport.driver.ErrorCodes;
import io.stoq.transport.driver.Futures;
import io.stoq.transport.driver.HandshakeWorkers;
import io.stoq.transport.driver.LoopBuffers;
import io.stoq.transport.driver.LoopDriver;
import io.stoq.transport.driver.TokenCache;
import io.stoq.transport.io.InterfaceMtus;
import io.stoq.transport.io.IoBackend;
import io.stoq.transport.io.IoBackends;
import io.stoq.transport.io.SocketNotices;
import io.stoq.transport.io.SocketOptions;
import io.stoq.transport.qlog.Qlog;
import io.stoq.transport.telemetry.FlightRecorder;
import io.stoq.transport.telemetry.PairedSinks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entry point: owns the event loops and everything on them. Thread-safe; make one and share it.
 *
 * <p>A server has one socket on one loop. A client builder's connections are spread over the loops in turn; those on one loop
 * share one socket, which is opened for the first and closed after the last.
 */
public final class StoqTransport implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoqTransport.class);
    private static final Duration LONGEST_BATCH_DELAY = Duration.ofSeconds(1);
    private static final int MOST_DEFAULT_LOOPS = 8;
    private static final long LEAST_DEFAULT_MEMORY_BYTES = 64 << 20;
    private static final long CLOSING_SECONDS = 2;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final IoBackend backend;
    private final DriverSettings settings;
    private final long endpointMemoryBytes;
    private final List<LoopBuffers> loops = new ArrayList<>();
    private final MultiThreadIoEventLoopGroup group;
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final Drivers drivers = new Drivers();
    private final Map<String, StoqPool> pools = new ConcurrentHashMap<>();
    private final ClientSockets clients = new ClientSockets(this);
    private final TokenCache tokens = new TokenCache();

    /** Null where nothing is recorded. */
    private final Qlog qlog;

    private volatile boolean closed;
    private final AtomicBoolean ended = new AtomicBoolean();

    private StoqTransport(Builder builder) {
        String name = "stoq-" + NUMBER.incrementAndGet();
        endpointMemoryBytes = builder.endpointMemoryBytes;
        qlog = builder.qlog == null ? null : openQlog(builder.qlog);
        backend = builder.backend != null ? builder.backend : IoBackends.select(builder.io);
        group = new MultiThreadIoEventLoopGroup(
                builder.eventLoops, new DefaultThreadFactory(name + "-loop"), backend.handlerFactory());
        group.forEach(loop -> loops.add(new LoopBuffers((IoEventLoop) loop, builder.maxBuffers)));
        settings = new DriverSettings(
                backend,
                new SocketOptions(
                        builder.socketBufferBytes,
                        builder.socketBufferBytes,
                        builder.gso,
                        builder.gro,
                        false,
                        SocketOptions.MAX_DATAGRAM_BYTES),
                new SocketNotices(LOG::warn),
                new InterfaceMtus(),
                new HandshakeWorkers(builder.handshakeThreads, name),
                builder.streamSendBufferBytes,
                builder.streamReceiveBufferBytes,
                new Batching(builder.maxBatchFrames, builder.maxBatchBytes, builder.maxBatchDelay.toNanos()),
                qlog == null ? FlightRecorder.telemetry() : PairedSinks.of(FlightRecorder.telemetry(), qlog));
    }

    private static Qlog openQlog(QlogOptions options) {
        try {
            return Qlog.open(options);
        } catch (IOException e) {
            throw new UncheckedIOException("the qlog folder " + options.folder() + " cannot be made", e);
        }
    }

    /** A transport with the defaults of {@link Builder}. */
    public static StoqTransport create() {
        return builder().build();
    }

    /** Starts to describe a transport, from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts to describe a server. */
    public ServerBuilder server() {
        return new ServerBuilder(this);
    }

    /** Starts to describe clients; one builder makes any number of connections. */
    public ClientBuilder client() {
        return new ClientBuilder(this);
    }

    /**
     * Starts to describe a pool of connections to one endpoint.
     *
     * @param host a name, or an IPv6 address with or without brackets
     */
    public PoolBuilder pool(String host, int port) {
        return new PoolBuilder(this, host, port);
    }

    /** As {@link #pool(String, int)}; an endpoint is {@code name:port} or {@code [address]:port}. */
    public PoolBuilder pool(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        boolean bracketed = endpoint.startsWith("[") && endpoint.indexOf("]:") == colon - 1;
        if (colon < 1 || !bracketed && endpoint.indexOf(':') != colon) {
            throw new IllegalArgumentException(
                    "the endpoint is '" + endpoint + "'; it must be name:port or [address]:port");
        }
        try {
            return pool(endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the endpoint '" + endpoint + "' has no port behind its colon", e);
        }
    }

    /** False where another pool has its name. */
    boolean remember(StoqPool pool) {
        return pools.putIfAbsent(pool.name(), pool) == null;
    }

    void forget(StoqPool pool) {
        pools.remove(pool.name(), pool);
    }

    /** The I/O mechanism in use: {@code epoll}, {@code io_uring} or {@code nio}. */
    public String io() {
        return backend.name();
    }

    /** What all open sockets did so far. */
    public SocketStatistics socketStatistics() {
        SocketStatistics sum = SocketStatistics.none(backend.name());
        for (LoopDriver driver : drivers.open()) {
            sum = sum.plus(driver.socketStatistics());
        }
        return sum;
    }

    /**
     * What was done so far in all; also after the transport was closed. Any thread; waits for each event loop for a moment.
     * Adds up over all connections, so ask once in a second rather than for each packet.
     */
    public TransportStatistics statistics() {
        return drivers.statistics(backend.name(), bufferStatistics());
    }

    /** The pools that are not closed yet, in no order. */
    public List<StoqPool> pools() {
        return List.copyOf(pools.values());
    }

    /** How the buffers of all event loops are used; also after the transport was closed. */
    public BufferStatistics bufferStatistics() {
        return loops.stream().map(LoopBuffers::statistics).reduce(BufferStatistics.none(), BufferStatistics::plus);
    }

    /**
     * Ends the transport in good order: pools drain, servers shut down as by {@link io.stoq.StoqServer#shutdown}, and connections
     * to servers close when their streams are over, those of pools when the pools are drained; what is left when the time has passed
     * is cut. From now on nothing new can be started, and who tries gets {@link StoqException.Closed}. Then all sockets and threads
     * end, as by {@link #close()}.
     *
     * @param timeout how long streams and leases in flight may take
     * @param code the application's code for connections that are cut, 0 to 2^62-1; those of pools are closed with 0
     * @return what became of all connections; {@link ShutdownOutcome#NONE} where the transport was closed before
     * @throws StoqException.Interrupted where the thread is interrupted; the shutdown goes on
     */
    public ShutdownOutcome shutdown(Duration timeout, long code) throws StoqException.Interrupted {
        requireOffLoop("shutdown");
        return Futures.join(shutdownAsync(timeout, code), "the shutdown of the transport");
    }

    /** As {@link #shutdown}, without waiting. Completes on a virtual thread, when the last thread of the transport has ended. */
    public CompletableFuture<ShutdownOutcome> shutdownAsync(Duration timeout, long code) {
        ErrorCodes.require(code);
        if (closed) {
            return CompletableFuture.completedFuture(ShutdownOutcome.NONE);
        }
        closed = true;
        Deadline deadline = Deadline.in(timeout);
        List<CompletableFuture<ShutdownOutcome>> servers = shutdown(false, deadline, code);
        List<CompletableFuture<ShutdownOutcome>> draining = pools.values().stream()
                .map(pool -> pool.drainAsync(deadline.left()))
                .toList();
        CompletableFuture<ShutdownOutcome> outcome = new CompletableFuture<>();
        Thread.ofVirtual().name("stoq-shutdown").start(() -> {
            ShutdownOutcome drained = sum(draining);
            ShutdownOutcome clients = sum(shutdown(true, deadline, code));
            ShutdownOutcome all = drained.plus(clients).plus(sum(servers));
            end();
            outcome.complete(all);
        });
        return outcome;
    }

    private List<CompletableFuture<ShutdownOutcome>> shutdown(boolean ofClients, Deadline deadline, long code) {
        return drivers.open().stream()
                .filter(driver -> driver.isOfClients() == ofClients)
                .map(driver -> driver.shutdown(deadline.left().toNanos(), code))
                .toList();
    }

    private static ShutdownOutcome sum(List<CompletableFuture<ShutdownOutcome>> outcomes) {
        return outcomes.stream().map(CompletableFuture::join).reduce(ShutdownOutcome.NONE, ShutdownOutcome::plus);
    }

    /**
     * Closes all servers and connections with application code 0, tells the peers, then ends all sockets and threads. Takes
     * as long as the peers need to hear of it, about one second at most; up to four where a handler blocks an event loop,
     * whose thread is left behind then, with a warning. Closing twice does nothing. In the course of a {@link #shutdown} it
     * cuts that short.
     */
    @Override
    public void close() {
        requireOffLoop("close");
        closed = true;
        pools.values().forEach(StoqPool::abandon);
        CompletableFuture<?>[] ends =
                drivers.open().stream().map(driver -> driver.close(0, "")).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(ends)
                .completeOnTimeout(null, CLOSING_SECONDS, TimeUnit.SECONDS)
                .join();
        end();
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            if (!group.shutdownGracefully(0, CLOSING_SECONDS, TimeUnit.SECONDS)
                    .awaitUninterruptibly(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("an event loop did not end within {} s: a handler blocks it", CLOSING_SECONDS);
            }
            settings.workers().close();
            if (qlog != null) {
                qlog.close();
            }
        }
    }

    /** Whether neither {@link #close()} nor {@link #shutdown} was called yet. */
    public boolean isOpen() {
        return !closed;
    }

    /** A loop, by the way of its buffers. */
    LoopBuffers buffers(int loop) {
        return loops.get(loop);
    }

    Telemetry telemetry() {
        return settings.telemetry();
    }

    /** What an endpoint of this transport may hold where it is not told otherwise. */
    long endpointMemoryBytes() {
        return endpointMemoryBytes;
    }

    InterfaceMtus interfaceMtus() {
        return settings.mtus();
    }

    ClientSockets clients() {
        return clients;
    }

    /** What servers gave to prove our addresses with. */
    TokenCache tokens() {
        return tokens;
    }

    /** The number of the loop whose turn it is. */
    int nextLoop() {
        return Math.floorMod(nextLoop.getAndIncrement(), loops.size());
    }

    /**
     * Opens a socket for an endpoint; it is closed with the transport at the latest.
     *
     * @param prepare gets the driver before the first datagram comes
     */
    LoopDriver open(LoopBuffers buffers, Endpoint endpoint, InetSocketAddress local, Consumer<LoopDriver> prepare)
            throws StoqException {
        requireOpen();
        LoopDriver driver = LoopDriver.open(buffers, settings, endpoint, local, prepare);
        drivers.add(driver);
        driver.closed().thenRun(() -> drivers.end(driver));
        if (closed) {
            driver.close(0, "");
        }
        return driver;
    }

    /** Throws where waiting would stop the event loop that is waited for. */
    void requireOffLoop(String call) {
        for (LoopBuffers loop : loops) {
            if (loop.loop().inEventLoop()) {
                throw new IllegalStateException(call + " waits, and must not be called on an event loop");
            }
        }
    }

    void requireOpen() throws StoqException.Closed {
        if (closed) {
            throw new StoqException.Closed("the transport is closed; make a new one by StoqTransport.create()");
        }
    }

    /** Describes a transport. Not thread-safe. */
    public static final class Builder {

        private String io = "auto";
        private IoBackend backend;
        private int eventLoops =
                Math.min(MOST_DEFAULT_LOOPS, Runtime.getRuntime().availableProcessors());
        private int socketBufferBytes = 4 << 20;
        private boolean gso = true;
        private boolean gro = true;
        private int handshakeThreads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        private int streamSendBufferBytes = 4 << 20;
        private int streamReceiveBufferBytes = 1 << 20;
        private int maxBuffers = BufferPool.DEFAULT_MAX_BUFFERS;
        private long endpointMemoryBytes =
                Math.max(LEAST_DEFAULT_MEMORY_BYTES, Runtime.getRuntime().maxMemory() / 2);
        private int maxBatchFrames = 512;
        private int maxBatchBytes = 64 << 10;
        private Duration maxBatchDelay = Duration.ZERO;
        private QlogOptions qlog;

        private Builder() {}

        /** {@code epoll}, {@code io_uring}, {@code nio}, or {@code auto} for the best that is there. Default auto. */
        public Builder io(String mechanism) {
            this.io = mechanism;
            return this;
        }

        /** Takes the place of {@link #io}; tests bring mechanisms that lack something. */
        Builder backend(IoBackend mechanism) {
            this.backend = mechanism;
            return this;
        }

        /** Threads for sockets, 1 to 1024. Default: the processors, at most 8. */
        public Builder eventLoops(int count) {
            this.eventLoops = inRange("eventLoops", count, 1, 1024);
            return this;
        }

        /** The kernel's buffers of each socket, as far as it grants them, 4 KiB to 1 GiB. Default 4 MiB. */
        public Builder socketBufferBytes(int bytes) {
            this.socketBufferBytes = inRange("socketBufferBytes", bytes, 4 << 10, 1 << 30);
            return this;
        }

        /** Whether several datagrams may go to the kernel by one call, where it can. Default true. */
        public Builder gso(boolean allowed) {
            this.gso = allowed;
            return this;
        }

        /** Whether several datagrams may come from the kernel by one call, where it can. Default true. */
        public Builder gro(boolean allowed) {
            this.gro = allowed;
            return this;
        }

        /** Threads for the handshakes' public-key work, 1 to 1024. Default: half the processors. */
        public Builder handshakeThreads(int count) {
            this.handshakeThreads = inRange("handshakeThreads", count, 1, 1024);
            return this;
        }

        /** Bytes of one stream that may be written and not acknowledged, 64 KiB to 1 GiB. Default 4 MiB. */
        public Builder streamSendBufferBytes(int bytes) {
            this.streamSendBufferBytes = inRange("streamSendBufferBytes", bytes, 64 << 10, 1 << 30);
            return this;
        }

        /**
         * Bytes of one stream that may be received and wait for a reading thread, 16 KiB to 1 GiB, beside those that the
         * flow control window lets the peer send. Default 1 MiB.
         */
        public Builder streamReceiveBufferBytes(int bytes) {
            this.streamReceiveBufferBytes = inRange("streamReceiveBufferBytes", bytes, 16 << 10, 1 << 30);
            return this;
        }

        /**
         * Buffers of 2, 8 and 64 KiB that each event loop may keep, 0 to 65,535, for what is written and not acknowledged, or
         * received and not read. They are made when they are needed; where more are, memory of the heap takes their place,
         * as {@link StoqTransport#bufferStatistics()} tells. Default 8192.
         */
        public Builder maxBuffers(int count) {
            this.maxBuffers = inRange("maxBuffers", count, 0, LoopBuffers.MAX_BUFFERS);
            return this;
        }

        /**
         * What all connections of a server, or of a client socket, may hold in memory together, 1 MiB to 1 PiB. Near it clients
         * are refused; over it, connections that hold more than an equal share come under pressure, as over a budget of their
         * own ({@link io.stoq.config.ConnectionConfig.Builder#memoryBytes}). Default: half of what the Java heap may grow to,
         * at least 64 MiB. With several servers or event loops in one process, divide what there is among them.
         */
        public Builder endpointMemoryBytes(long bytes) {
            if (bytes < EndpointConfig.MIN_MEMORY_BYTES || bytes > EndpointConfig.MAX_MEMORY_BYTES) {
                throw new IllegalArgumentException("endpointMemoryBytes is " + bytes + "; it must be within "
                        + EndpointConfig.MIN_MEMORY_BYTES + ".." + EndpointConfig.MAX_MEMORY_BYTES);
            }
            this.endpointMemoryBytes = bytes;
            return this;
        }

        /**
         * How long what is written to a connection may wait for more of it, so that it leaves in fewer packets and wakes the
         * event loop less often; 0 to 1 s. A batch of small writes leaves when this time has passed since the first of them,
         * when it is full ({@link #maxBatchFrames}, {@link #maxBatchBytes}), when it is flushed
         * ({@link io.stoq.StoqStream#flush()}), when a writer waits for room or for delivery, or when a stream is finished
         * or reset; whichever comes first. Default zero: it leaves at the end of the event loop's turn, with all that was
         * written until then. That adds no latency, and batches grow by themselves when writers are faster than the loop.
         */
        public Builder maxBatchDelay(Duration delay) {
            if (delay.isNegative() || delay.compareTo(LONGEST_BATCH_DELAY) > 0) {
                throw new IllegalArgumentException("maxBatchDelay is " + delay + "; it must be within PT0S.."
                        + LONGEST_BATCH_DELAY + ", and a few milliseconds are much");
            }
            this.maxBatchDelay = delay;
            return this;
        }

        /**
         * Writes and datagrams after which a batch is full, 1 to 65,536. Without a {@link #maxBatchDelay} it is what handlers
         * on the event loop may write before the loop's turn sends it and reads on. Default 512.
         */
        public Builder maxBatchFrames(int count) {
            this.maxBatchFrames = inRange("maxBatchFrames", count, 1, 1 << 16);
            return this;
        }

        /** Bytes after which a batch is full, as {@link #maxBatchFrames}; 1 byte to 16 MiB. Default 64 KiB. */
        public Builder maxBatchBytes(int bytes) {
            this.maxBatchBytes = inRange("maxBatchBytes", bytes, 1, 16 << 20);
            return this;
        }

        /**
         * Records connections as qlog files, which tell of each packet: for days on which something is to be found out. What
         * the disk does not take in time is left out; where it fails, recording stops with a warning. Default: none.
         */
        public Builder qlog(QlogOptions recording) {
            this.qlog = Objects.requireNonNull(recording, "recording");
            return this;
        }

        /**
         * @throws IllegalArgumentException where the I/O mechanism has an unknown name
         * @throws UncheckedIOException where the folder for qlog files cannot be made
         * @throws UnsupportedOperationException where it is not available here; the message says why
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
