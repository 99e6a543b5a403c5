package io.stoq.transport.driver;

import io.netty.channel.IoEventLoop;
import io.stoq.EndpointStatistics;
import io.stoq.SocketStatistics;
import io.stoq.buffer.Datagram;
import io.stoq.buffer.Transmit;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.connection.Connection;
import io.stoq.connection.ConnectionListener;
import io.stoq.crypto.CryptoProvider;
import io.stoq.endpoint.Endpoint;
import io.stoq.endpoint.HandshakeTask;
import io.stoq.transport.io.IoBackend;
import io.stoq.transport.io.SocketCounters;
import io.stoq.transport.io.SocketHandler;
import io.stoq.transport.io.SocketOpenException;
import io.stoq.transport.io.UdpSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one endpoint over one socket on one event loop: receive, work off what threads want, send, sleep. Confined to the
 * loop but for {@link #submit}, {@link #call} and what says so.
 *
 * <p>The clock is read once per cycle.
 */
public final class LoopDriver implements SocketHandler {

    private static final Logger LOG = LoggerFactory.getLogger(LoopDriver.class);

    /** Trains per turn, so that what arrives meanwhile is read in time. */
    private static final int MAX_TRAINS_PER_TURN = 32;

    /** How long closing waits for the peers to be told. */
    private static final long LINGER_NS = 1_000_000_000;

    private static final long NEVER = Long.MAX_VALUE;

    private final IoEventLoop loop;
    private final DriverSettings settings;
    private final Executor handshakes;
    private final Endpoint endpoint;
    private final ChunkPool pool = new ChunkPool();
    private final Mailbox mailbox = new Mailbox();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Runnable turn = this::turn;
    private final Runnable timer = this::onTimer;
    private final long epochNs = System.nanoTime();
    private UdpSocket socket;
    private InetSocketAddress localAddress;
    private boolean receiving;
    private long cycleNs;
    private ScheduledFuture<?> timerHandle;
    private long timerNs = NEVER;
    private LoopStream firstSignal;
    private byte[] viewed;
    private ByteBuffer view;
    private long closeAtNs = NEVER;
    private boolean closed;

    private LoopDriver(
            IoEventLoop loop,
            DriverSettings settings,
            Executor handshakes,
            EndpointConfig config,
            CryptoProvider crypto,
            Acceptance acceptance) {
        this.loop = loop;
        this.settings = settings;
        this.handshakes = handshakes;
        this.endpoint = new Endpoint(
                config, crypto, connection -> acceptance == null ? null : new LoopConnection(this, connection, acceptance));
    }

    /** Opens the socket; any thread but the loop's. */
    public static LoopDriver open(
            IoBackend backend,
            IoEventLoop loop,
            InetSocketAddress local,
            DriverSettings settings,
            Executor handshakes,
            EndpointConfig config,
            CryptoProvider crypto,
            Acceptance acceptance)
            throws SocketOpenException {
        LoopDriver driver = new LoopDriver(loop, settings, handshakes, config, crypto, acceptance);
        try {
            loop.submit(() -> {
                        driver.socket = backend.open(loop, local, settings.socket(), driver);
                        driver.localAddress = driver.socket.localAddress();
                        return null;
                    })
                    .get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SocketOpenException("interrupted while opening a socket", interrupted);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof SocketOpenException open) {
                throw open;
            }
            throw new SocketOpenException("the socket could not be opened: " + failure.getCause(), failure.getCause());
        }
        return driver;
    }

    /** The address bound to. Any thread. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    // ---- what the socket tells

    @Override
    public void onDatagram(Datagram datagram) {
        if (!receiving) {
            receiving = true;
            cycleNs = nowNs();
        }
        try {
            endpoint.onDatagram(cycleNs, datagram);
        } catch (RuntimeException defect) { // one datagram must not end the loop for all connections
            LOG.error("a datagram was dropped by a defect", defect);
        }
    }

    @Override
    public void onReadComplete() {
        long nowNs = receiving ? cycleNs : nowNs();
        receiving = false;
        cycle(nowNs);
    }

    @Override
    public void onWritable() {
        turn();
    }

    @Override
    public void onSocketError(Throwable cause) {
        LOG.error("the socket {} failed", localAddress, cause);
    }

    // ---- the cycle

    private void turn() {
        cycle(nowNs());
    }

    private void onTimer() {
        timerHandle = null;
        timerNs = NEVER;
        turn();
    }

    private void cycle(long nowNs) {
        if (closed || socket == null) {
            return;
        }
        try {
            mailbox.drain(nowNs);
            endpoint.onTimeout(nowNs);
            startHandshakeTasks();
            transmit(nowNs);
            signal();
        } catch (RuntimeException defect) { // the loop serves other connections too
            LOG.error("a turn of the loop ended early by a defect", defect);
        }
        if (nowNs >= closeAtNs || (closeAtNs != NEVER && endpoint.isIdle())) {
            end(nowNs);
            return;
        }
        schedule(Math.min(endpoint.nextDeadlineNs(), closeAtNs), nowNs);
    }

    private void startHandshakeTasks() {
        for (HandshakeTask task = endpoint.pollTask(); task != null; task = endpoint.pollTask()) {
            HandshakeTask started = task;
            LoopWork done = new LoopWork() {
                @Override
                void run(long nowNs) {
                    if (!closed) {
                        endpoint.onTaskDone(nowNs, started);
                    }
                }
            };
            try {
                handshakes.execute(() -> {
                    try {
                        started.run();
                    } finally {
                        submit(done);
                    }
                });
            } catch (RejectedExecutionException ending) {
                submit(done);
            }
        }
    }

    private void transmit(long nowNs) {
        int trains = 0;
        Transmit slot;
        while (trains < MAX_TRAINS_PER_TURN
                && (slot = socket.acquire()) != null
                && endpoint.pollTransmit(nowNs, slot)) {
            socket.send(slot);
            trains++;
        }
        socket.flush();
        if (trains == MAX_TRAINS_PER_TURN) {
            loop.execute(turn);
        }
    }

    private void schedule(long deadlineNs, long nowNs) {
        if (deadlineNs == NEVER || deadlineNs >= timerNs) {
            return;
        }
        if (timerHandle != null) {
            timerHandle.cancel(false);
        }
        timerNs = deadlineNs;
        timerHandle = loop.schedule(timer, Math.max(0, deadlineNs - nowNs), TimeUnit.NANOSECONDS);
    }

    private long nowNs() {
        return System.nanoTime() - epochNs;
    }

    // ---- what threads want

    /** Has the work done on the loop, soon. Any thread. */
    void submit(LoopWork work) {
        switch (mailbox.put(work)) {
            case FIRST -> wake();
            case BEHIND, ALREADY -> {
                // Whoever was first has woken the loop.
            }
            case REFUSED -> {
                work.dequeued();
                work.run(nowNs());
            }
        }
    }

    private void wake() {
        try {
            loop.execute(turn);
        } catch (RejectedExecutionException ended) {
            mailbox.close(nowNs());
        }
    }

    /** Makes a call on the loop; fails where the driver has ended. Any thread. */
    <T> CompletableFuture<T> call(LongFunction<T> action) {
        LoopCall<T> call = new LoopCall<>(nowNs -> {
            if (closed) {
                throw new IllegalStateException("the transport is closed");
            }
            return action.apply(nowNs);
        });
        submit(call);
        return call.result;
    }

    /** Any thread. */
    void requireOffLoop(String what) {
        if (loop.inEventLoop()) {
            throw new IllegalStateException(what + " waits, and would stop its own event loop; use the handler's face there");
        }
    }

    boolean isOnLoop() {
        return loop.inEventLoop();
    }

    /** Starts a connection. Any thread. */
    public CompletableFuture<LoopConnection> connect(
            InetSocketAddress remote, String serverName, ConnectionConfig config, Acceptance acceptance) {
        CompletableFuture<LoopConnection> connected = new CompletableFuture<>();
        call(nowNs -> {
                    LoopConnection connection = new LoopConnection(this, null, acceptance);
                    connection.established(connected);
                    Connection engine = endpoint.connect(nowNs, remote, serverName, config, connection);
                    connection.engine(engine);
                    return null;
                })
                .whenComplete((none, failure) -> {
                    if (failure != null) {
                        connected.completeExceptionally(failure);
                    }
                });
        return connected;
    }

    /** Any thread; null where the driver has ended. */
    public EndpointStatistics statistics() {
        return await(call(nowNs -> endpoint.statistics()));
    }

    /** Any thread; null where the driver has ended. */
    public SocketStatistics socketStatistics() {
        return await(call(nowNs -> {
            SocketCounters counts = socket.counters();
            return new SocketStatistics(
                    socket.capabilities().name(),
                    counts.receiveCalls,
                    counts.datagramsReceived,
                    counts.bytesReceived,
                    counts.sendCalls,
                    counts.datagramsSent,
                    counts.bytesSent,
                    counts.sendErrors,
                    counts.kernelDrops);
        }));
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(1, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | TimeoutException gone) {
            return null;
        }
    }

    // ---- what connections and streams need

    DriverSettings settings() {
        return settings;
    }

    ChunkPool pool() {
        return pool;
    }

    /** A view of bytes that the engine lends; the same object for every call. */
    ByteBuffer view(byte[] data, int at, int length) {
        if (viewed != data) {
            viewed = data;
            view = ByteBuffer.wrap(data);
        }
        return view.clear().position(at).limit(at + length);
    }

    /** Tells the stream's threads at the end of the turn what changed for them. */
    void signalLater(LoopStream stream) {
        if (!stream.signalQueued) {
            stream.signalQueued = true;
            stream.nextSignal = firstSignal;
            firstSignal = stream;
        }
    }

    private void signal() {
        while (firstSignal != null) {
            LoopStream stream = firstSignal;
            firstSignal = stream.nextSignal;
            stream.nextSignal = null;
            stream.signalQueued = false;
            stream.signal();
        }
    }

    // ---- the end

    /** Closes all connections, tells the peers, and gives the socket back within about a second. Any thread. */
    public CompletableFuture<Void> close() {
        call(nowNs -> {
                    if (closeAtNs == NEVER) {
                        closeAtNs = nowNs + LINGER_NS;
                        endpoint.close(nowNs, 0, "");
                    }
                    return null;
                })
                .exceptionally(gone -> null);
        return ended;
    }

    private void end(long nowNs) {
        closed = true;
        if (timerHandle != null) {
            timerHandle.cancel(false);
        }
        mailbox.close(nowNs);
        signal();
        socket.closed().whenComplete((none, failure) -> ended.complete(null));
        socket.close();
    }
}
