package io.stoq.transport.driver;

import io.netty.channel.IoEventLoop;
import io.stoq.EndpointStatistics;
import io.stoq.ShutdownOutcome;
import io.stoq.SocketStatistics;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.buffer.Datagram;
import io.stoq.buffer.Transmit;
import io.stoq.config.ConnectionConfig;
import io.stoq.endpoint.Endpoint;
import io.stoq.endpoint.HandshakeTask;
import io.stoq.transport.io.SocketCounters;
import io.stoq.transport.io.SocketHandler;
import io.stoq.transport.io.SocketOpenException;
import io.stoq.transport.io.UdpSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds one endpoint from one socket, on one event loop. What other threads want comes by {@link #submit} and
 * {@link #call}; all else is confined to the loop.
 *
 * <p>A turn: what threads want, what is due, then signals to threads, then sending, then one timer. It runs after each batch
 * of datagrams, when the socket has room again, when a thread wants something and when the timer fires; never else.
 */
public final class LoopDriver implements SocketHandler {

    private static final Logger LOG = LoggerFactory.getLogger(LoopDriver.class);

    /** Sends between two reads, so that acknowledgements are read in time. */
    private static final int TRAINS_PER_TURN = 32;

    /** Rounds of wishes that call-backs of the same turn may add; what comes later waits for the next turn. */
    private static final int ROUNDS_PER_TURN = 4;

    /** How long closing waits for the peers to have heard of it. */
    private static final long CLOSING_NS = TimeUnit.SECONDS.toNanos(1);

    /** After a defect of the engine, so that it cannot spin the loop. */
    private static final long DEFECT_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long NOT_CLOSING = Long.MAX_VALUE;
    private static final long NO_TIME = -1;

    private final IoEventLoop loop;
    private final DriverSettings settings;
    private final Endpoint endpoint;
    private final Mailbox mailbox = new Mailbox();
    private final LoopBuffers buffers;
    private final Runnable poke = this::poke;
    private final WakeUp wakeUp;
    private final InterfaceHint interfaceHint;
    private final UnixTime unixTime = new UnixTime();
    private final Batches batches;
    private final Shutdown shutdown;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private UdpSocket socket;
    private boolean ofClients;
    private long turnNs = NO_TIME;
    private boolean poked;
    private long closingUntilNs = NOT_CLOSING;
    private LoopWork signals;
    private ByteBuffer view;
    private volatile int connections;
    private volatile boolean ended;
    private SocketStatistics lastSocketStatistics;

    private LoopDriver(LoopBuffers buffers, DriverSettings settings, Endpoint endpoint) {
        this.loop = buffers.loop();
        this.buffers = buffers;
        this.settings = settings;
        this.endpoint = endpoint;
        this.shutdown = new Shutdown(endpoint);
        this.wakeUp = new WakeUp(loop, this::turnAfterIo);
        this.batches = new Batches(settings.batching(), this::submit, loop::inEventLoop);
        this.interfaceHint = new InterfaceHint(this);
    }

    /**
     * Opens a socket and drives the endpoint by it; blocks until that is done.
     *
     * @param buffers of the loop that drives it
     * @param prepare gets the driver before the first datagram comes
     */
    public static LoopDriver open(
            LoopBuffers buffers,
            DriverSettings settings,
            Endpoint endpoint,
            InetSocketAddress local,
            Consumer<LoopDriver> prepare)
            throws StoqException {
        LoopDriver driver = new LoopDriver(buffers, settings, endpoint);
        prepare.accept(driver);
        try {
            driver.loop.submit(() -> driver.openSocket(local)).get();
            return driver;
        } catch (InterruptedException e) {
            driver.close(0, "");
            Thread.currentThread().interrupt();
            throw new StoqException.Interrupted("interrupted while opening a socket", 0);
        } catch (ExecutionException e) {
            throw new StoqException.Bind(e.getCause().getMessage(), e.getCause());
        } catch (RejectedExecutionException e) {
            throw new StoqException.Closed("the transport is closed");
        }
    }

    private Void openSocket(InetSocketAddress local) throws SocketOpenException {
        if (!mailbox.isClosed()) {
            unixTime.tell(LoopClock.nowNs(), endpoint);
            socket = settings.backend().open(loop, local, settings.socket(), this);
            onCapabilities();
        }
        return null;
    }

    // ---- any thread

    /** Has the work run on the loop, soon; by the caller itself where the driver has ended. */
    void submit(LoopWork work) {
        switch (mailbox.put(work)) {
            case FIRST -> wakeLoop();
            case REFUSED -> {
                work.run(LoopClock.nowNs());
                work.dequeued();
            }
            case BEHIND, ALREADY -> {
                // The loop knows.
            }
        }
    }

    /** Has something done on the loop for its result. Where the driver has ended the caller does it itself. */
    <T> CompletableFuture<T> call(LongFunction<T> action) {
        LoopCall<T> call = new LoopCall<>(action);
        submit(call);
        return call.result;
    }

    /** The answer of the loop, for which other threads wait. */
    <T> T ask(Supplier<T> question) {
        return loop.inEventLoop()
                ? question.get()
                : call(nowNs -> question.get()).join();
    }

    private void wakeLoop() {
        // On the loop itself, the turn that runs now sees the work before it ends.
        if (!loop.inEventLoop() || turnNs == NO_TIME) {
            try {
                loop.execute(poke);
            } catch (RejectedExecutionException e) {
                LOG.debug("the event loop ended before its driver", e);
                endWithLoop();
            }
        }
    }

    /**
     * Starts a connection. Null where the driver has ended, or is about to; otherwise the future completes with the
     * handshake.
     *
     * @param interfaceMtu of the interface that leads to the server, in bytes, or 0 where it is not known
     * @param tokens of that server
     */
    public CompletableFuture<StoqConnection> connect(
            InetSocketAddress remote,
            String serverName,
            ConnectionConfig config,
            ConnectionRole role,
            int interfaceMtu,
            TokenCache.Server tokens)
            throws StoqException {
        CompletableFuture<CompletableFuture<StoqConnection>> started = call(nowNs -> isOpen()
                ? LoopConnection.connect(this, nowNs, remote, serverName, config, role, interfaceMtu, tokens)
                        .established()
                : null);
        return Futures.await(started, "connect");
    }

    public InetSocketAddress localAddress() {
        return socket.localAddress();
    }

    public int connections() {
        return connections;
    }

    /** Whether it drives the connections of clients, and ends with the last. */
    public boolean isOfClients() {
        return ofClients;
    }

    public boolean isEnded() {
        return ended;
    }

    public EndpointStatistics statistics() {
        return ask(endpoint::statistics);
    }

    public SocketStatistics socketStatistics() {
        return ask(this::socketSnapshot);
    }

    /**
     * Closes all connections, tells their peers, gives back the port. Completes on the loop when that is done; after about
     * one second at the latest.
     */
    public CompletableFuture<Void> close(long code, String reason) {
        call(nowNs -> {
            if (!ended && closingUntilNs == NOT_CLOSING) {
                closingUntilNs = nowNs + CLOSING_NS;
                endpoint.close(nowNs, code, reason);
            }
            return null;
        });
        return closed;
    }

    /** Lets streams in flight finish for so long, then closes what is left with the code. Completes on the loop. */
    public CompletableFuture<ShutdownOutcome> shutdown(long timeoutNs, long code) {
        call(nowNs -> {
            if (!ended && closingUntilNs == NOT_CLOSING) {
                shutdown.begin(nowNs, timeoutNs, code);
            }
            return null;
        });
        return Futures.unlessStuck(
                closed.thenApply(nothing -> shutdown.outcome()), new ShutdownOutcome(0, connections), timeoutNs);
    }

    public CompletableFuture<Void> closed() {
        return closed;
    }

    /** Throws where waiting would stop the event loop that is waited for. */
    public void requireOffLoop(String call) {
        if (loop.inEventLoop()) {
            throw new IllegalStateException(
                    call + " waits, and must not be called on an event loop; use the face that does not wait");
        }
    }

    boolean inLoop() {
        return loop.inEventLoop();
    }

    InterfaceHint interfaceHint() {
        return interfaceHint;
    }

    /** Whether datagrams that are too long are dropped by the kernel, rather than cut up; loop only. */
    boolean forbidsFragmentation() {
        return socket.capabilities().dontFragment();
    }

    DriverSettings settings() {
        return settings;
    }

    LoopBuffers buffers() {
        return buffers;
    }

    // ---- loop

    /** The endpoint; loop only. */
    Endpoint endpoint() {
        return endpoint;
    }

    /** Whether connections can be made; loop only. */
    boolean isOpen() {
        return !ended && closingUntilNs == NOT_CLOSING && !shutdown.hasBegun();
    }

    /** The driver ends when no connection is left; before the first datagram comes. */
    public void closeWhenIdle() {
        ofClients = true;
    }

    Batches batches() {
        return batches;
    }

    /** Something is to be told to threads at the end of the turn. */
    void signalLater(LoopWork work) {
        if (!work.signalQueued) {
            work.signalQueued = true;
            work.nextSignal = signals;
            signals = work;
        }
    }

    /** Bytes of the engine as a buffer; the same object as long as the array is. */
    ByteBuffer view(byte[] data, int at, int length) {
        if (view == null || view.array() != data) {
            view = ByteBuffer.wrap(data);
        }
        return view.limit(at + length).position(at);
    }

    @Override
    public void onDatagram(Datagram datagram) {
        try {
            endpoint.onDatagram(turnNs(), datagram);
        } catch (RuntimeException defect) {
            LOG.error("a datagram from {} was dropped", datagram.remote, defect);
        }
        if (batches.transmitsSoon()) {
            transmitEarly(turnNs());
        }
    }

    private void transmitEarly(long nowNs) {
        try {
            mailbox.drain(nowNs);
            transmit(nowNs);
        } catch (RuntimeException defect) {
            LOG.error("a turn of the driver at {} failed", socket.localAddress(), defect);
        }
    }

    @Override
    public void onReadComplete() {
        turnAfterIo();
    }

    @Override
    public void onWritable() {
        turnAfterIo();
    }

    @Override
    public void onDatagramTooLong(InetSocketAddress remote, int bytes) {
        endpoint.onDatagramTooLong(remote, bytes);
    }

    @Override
    public void onCapabilities() {
        settings.notices().onCapabilities(settings.socket(), socket.capabilities());
    }

    @Override
    public void onSocketError(Throwable cause) {
        LOG.error("the socket at {} failed; its connections are closed", socket.localAddress(), cause);
        close(0, "the socket failed");
    }

    /** One clock read a turn: the first who asks makes it. */
    private long turnNs() {
        if (turnNs == NO_TIME) {
            turnNs = LoopClock.nowNs();
        }
        return turnNs;
    }

    /**
     * A thread wants something. An event loop runs tasks as long as there are any, so threads that never rest would keep it
     * from its sockets: only the first poke leads to a turn at once, the next to one behind the sockets.
     */
    private void poke() {
        if (poked) {
            wakeUp.at(0);
        } else {
            poked = true;
            turn();
        }
    }

    private void turnAfterIo() {
        poked = false;
        turn();
    }

    private void turn() {
        if (ended || socket == null) {
            return;
        }
        long nowNs = turnNs();
        long nextNs;
        try {
            unixTime.tell(nowNs, endpoint);
            work(nowNs);
            boolean unsent = transmit(nowNs);
            // Datagrams make room when they leave.
            signal();
            boolean ending = closingUntilNs == NOT_CLOSING && shutdown.pollEnd(nowNs);
            if (ending) {
                closingUntilNs = nowNs + CLOSING_NS;
                endpoint.close(nowNs, shutdown.code(), Shutdown.REASON);
            }
            boolean more = ending || unsent || signals != null || !mailbox.isEmpty();
            nextNs = more ? nowNs : dueNs();
        } catch (RuntimeException defect) {
            LOG.error("a turn of the driver at {} failed", socket.localAddress(), defect);
            nextNs = nowNs + DEFECT_PAUSE_NS;
        } finally {
            turnNs = NO_TIME;
        }
        connections = endpoint.connections();
        if (nowNs >= closingUntilNs || closingUntilNs != NOT_CLOSING && endpoint.isIdle()) {
            mailbox.close(nowNs);
            end();
        } else if (ofClients && endpoint.isIdle() && mailbox.closeIfEmpty()) {
            end();
        } else {
            wakeUp.at(nextNs);
        }
    }

    private long dueNs() {
        long ownNs = Math.min(closingUntilNs, shutdown.deadlineNs());
        return Math.min(Math.min(batches.deadlineNs(), endpoint.nextDeadlineNs()), ownNs);
    }

    private void work(long nowNs) {
        mailbox.drain(nowNs);
        batches.releaseDue(nowNs);
        if (nowNs >= endpoint.nextDeadlineNs()) {
            endpoint.onTimeout(nowNs);
        }
        signal();
        for (int round = 1; round < ROUNDS_PER_TURN && !mailbox.isEmpty(); round++) {
            mailbox.drain(nowNs);
            signal();
        }
        for (HandshakeTask task = endpoint.pollTask(); task != null; task = endpoint.pollTask()) {
            execute(task);
        }
        buffers.onTurn();
    }

    private void execute(HandshakeTask task) {
        settings.workers().execute(() -> {
            task.run();
            call(nowNs -> {
                if (!ended) {
                    endpoint.onTaskDone(nowNs, task);
                }
                return null;
            });
        });
    }

    private void signal() {
        LoopWork work = signals;
        signals = null;
        while (work != null) {
            LoopWork following = work.nextSignal;
            work.nextSignal = null;
            work.signalQueued = false;
            work.signal();
            work = following;
        }
    }

    /** Returns whether there is more to send, and the socket would take it. */
    private boolean transmit(long nowNs) {
        batches.onTransmit();
        boolean more = true;
        for (int trains = 0; more && trains < TRAINS_PER_TURN; trains++) {
            Transmit slot = socket.acquire();
            // Without a slot, onWritable goes on.
            more = slot != null && endpoint.pollTransmit(nowNs, slot);
            if (more) {
                socket.send(slot);
            }
        }
        socket.flush();
        return more;
    }

    private void end() {
        ended = true;
        batches.end(LoopClock.nowNs());
        lastSocketStatistics = socketSnapshot();
        wakeUp.cancel();
        socket.close();
        socket.closed().thenRun(() -> closed.complete(null));
    }

    /** The loop is gone, with its sockets: whoever wants something does it for himself from now on. */
    private void endWithLoop() {
        mailbox.close(LoopClock.nowNs());
        ended = true;
        closed.complete(null);
    }

    private SocketStatistics socketSnapshot() {
        if (lastSocketStatistics != null) {
            return lastSocketStatistics;
        }
        SocketCounters counters = socket.counters();
        return new SocketStatistics(
                socket.capabilities().name(),
                counters.receiveCalls,
                counters.datagramsReceived,
                counters.bytesReceived,
                counters.sendCalls,
                counters.datagramsSent,
                counters.bytesSent,
                counters.sendErrors,
                counters.kernelDrops);
    }
}
