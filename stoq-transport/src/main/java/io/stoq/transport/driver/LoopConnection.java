package io.stoq.transport.driver;

import io.stoq.CloseReason;
import io.stoq.ConnectionStatistics;
import io.stoq.ConnectionTask;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import io.stoq.connection.Connection;
import io.stoq.connection.ConnectionListener;
import io.stoq.crypto.TlsEvent;
import io.stoq.stream.Stream;
import io.stoq.stream.StreamHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection as applications see it, and as the engine does. Calls of threads go through the driver's mailbox; what the
 * engine tells goes to the handler, or waits for a thread.
 */
public final class LoopConnection implements StoqConnection, ConnectionListener {

    private static final Logger LOG = LoggerFactory.getLogger(LoopConnection.class);
    private static final int MAX_WAITING_DATAGRAMS = 256;
    private static final int MAX_WAITING_STREAMS = 1 << 20;

    /** What a stream may hold outside the engine before anybody accepted it. */
    private static final long UNACCEPTED_BYTES = 16_384;

    private static final long MAX_CODE = (1L << 62) - 1;

    private record Opening(boolean bidirectional, CompletableFuture<StoqStream> stream) {}

    private final LoopDriver driver;
    private final Acceptance acceptance;
    private final Arrivals<LoopStream> streams = new Arrivals<>(MAX_WAITING_STREAMS, "stream");
    private final Arrivals<byte[]> datagrams = new Arrivals<>(MAX_WAITING_DATAGRAMS, "datagram");
    private final AtomicInteger datagramsUnderWay = new AtomicInteger();
    private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();

    // Loop
    private final ArrayDeque<Opening> openings = new ArrayDeque<>();
    private LoopStream firstStream;
    private CompletableFuture<LoopConnection> established;

    // Written on the loop, read by any thread
    private volatile Connection engine;
    private volatile TlsEvent.Complete result;
    private volatile InetSocketAddress remote;
    private volatile int maxDatagramBytes;
    private volatile CloseReason closeReason;
    private volatile ConnectionStatistics last;

    LoopConnection(LoopDriver driver, Connection engine, Acceptance acceptance) {
        this.driver = driver;
        this.engine = engine;
        this.acceptance = acceptance;
        this.remote = engine == null ? null : engine.remote();
    }

    void engine(Connection connection) {
        engine = connection;
        remote = connection.remote();
    }

    /** Completes when the handshake does. */
    void established(CompletableFuture<LoopConnection> future) {
        established = future;
    }

    LoopDriver driver() {
        return driver;
    }

    // ---- the application, any thread

    @Override
    public StoqStream openStream() throws StoqException {
        return open(true);
    }

    @Override
    public StoqStream openUnidirectionalStream() throws StoqException {
        return open(false);
    }

    private StoqStream open(boolean bidirectional) throws StoqException {
        driver.requireOffLoop("openStream");
        CompletableFuture<StoqStream> opening = openStreamAsync(bidirectional);
        try {
            return opening.get();
        } catch (InterruptedException interrupted) {
            opening.cancel(false);
            Thread.currentThread().interrupt();
            throw new StoqException.Interrupted("interrupted while waiting for the peer to allow a stream", 0);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof StoqException known
                    ? known
                    : new StoqException("the stream could not be opened", failure.getCause());
        }
    }

    @Override
    public CompletableFuture<StoqStream> openStreamAsync(boolean bidirectional) {
        CompletableFuture<StoqStream> opening = new CompletableFuture<>();
        opening.whenComplete((stream, failure) -> {
            if (opening.isCancelled()) {
                driver.call(nowNs -> openings.removeIf(waiting -> waiting.stream == opening));
            }
        });
        driver.call(nowNs -> {
                    open(new Opening(bidirectional, opening));
                    return null;
                })
                .whenComplete((none, failure) -> {
                    if (failure != null) {
                        opening.completeExceptionally(gone());
                    }
                });
        return opening;
    }

    private void open(Opening opening) {
        if (closeReason != null) {
            opening.stream.completeExceptionally(gone());
            return;
        }
        Stream stream = engine.openStream(opening.bidirectional);
        if (stream == null) {
            openings.add(opening);
            return;
        }
        LoopStream opened = adopt(stream, driver.settings().streamReceiveBufferBytes());
        if (!opening.stream.complete(opened)) {
            opened.close();
        }
    }

    @Override
    public StoqStream acceptStream() throws StoqException {
        return accept(null);
    }

    @Override
    public StoqStream acceptStream(Duration timeout) throws StoqException {
        return accept(timeout);
    }

    private StoqStream accept(Duration timeout) throws StoqException {
        driver.requireOffLoop("acceptStream");
        LoopStream stream = streams.take(timeout);
        while (stream.isDead()) {
            stream = streams.take(timeout);
        }
        stream.onAccepted();
        return stream;
    }

    @Override
    public boolean sendDatagram(ByteBuffer data) throws StoqException {
        checkOpen();
        int limit = maxDatagramBytes;
        if (data.remaining() > limit) {
            throw new StoqException.DatagramRefused(
                    limit == 0
                            ? "the peer takes no datagrams"
                            : "a datagram of " + data.remaining() + " bytes is too long; at most " + limit
                                    + " fit now");
        }
        if (datagramsUnderWay.incrementAndGet() > MAX_WAITING_DATAGRAMS) {
            datagramsUnderWay.decrementAndGet();
            return false;
        }
        byte[] copy = new byte[data.remaining()];
        data.get(copy);
        driver.submit(new LoopWork() {
            @Override
            void run(long nowNs) {
                datagramsUnderWay.decrementAndGet();
                if (closeReason == null && copy.length <= engine.maxDatagramPayloadBytes()) {
                    engine.sendDatagram(copy, 0, copy.length);
                }
            }
        });
        return true;
    }

    @Override
    public int maxDatagramPayloadBytes() {
        return maxDatagramBytes;
    }

    @Override
    public byte[] receiveDatagram() throws StoqException {
        driver.requireOffLoop("receiveDatagram");
        return datagrams.take(null);
    }

    @Override
    public byte[] receiveDatagram(Duration timeout) throws StoqException {
        driver.requireOffLoop("receiveDatagram");
        return datagrams.take(timeout);
    }

    @Override
    public long droppedDatagrams() {
        return datagrams.dropped();
    }

    @Override
    public void ping() throws StoqException {
        checkOpen();
        driver.call(nowNs -> {
            if (engine.isOpen()) {
                engine.ping();
            }
            return null;
        });
    }

    @Override
    public CompletableFuture<Boolean> updateKeys() {
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        driver.call(nowNs -> closeReason == null && engine.updateKeys()).whenComplete((done, failure) -> {
            if (failure != null || closeReason != null) {
                outcome.completeExceptionally(gone());
            } else {
                outcome.complete(done);
            }
        });
        return outcome;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public String applicationProtocol() {
        return result == null ? null : result.applicationProtocol();
    }

    @Override
    public String serverName() {
        return result == null ? null : result.serverName();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return result == null ? List.of() : result.peerCertificates();
    }

    @Override
    public ConnectionStatistics statistics() {
        ConnectionStatistics final_ = last;
        if (final_ != null) {
            return final_;
        }
        if (driver.isOnLoop()) {
            return engine.statistics();
        }
        try {
            return driver.call(nowNs -> engine.statistics()).get(1, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return engine.statistics();
        } catch (ExecutionException | TimeoutException ended) {
            return last != null ? last : engine.statistics();
        }
    }

    @Override
    public boolean isOpen() {
        return closeReason == null;
    }

    @Override
    public CloseReason closeReason() {
        return closeReason;
    }

    @Override
    public CompletableFuture<CloseReason> closed() {
        return closed.copy();
    }

    @Override
    public void close() {
        close(0, "");
    }

    @Override
    public void close(long code, String reason) {
        if (code < 0 || code > MAX_CODE) {
            throw new IllegalArgumentException("error code " + code + " is outside 0.." + MAX_CODE);
        }
        driver.call(nowNs -> {
            engine.close(nowNs, code, reason);
            return null;
        });
    }

    /** @throws StoqException.ConnectionClosed where the connection has ended */
    void checkOpen() throws StoqException {
        if (closeReason != null) {
            throw gone();
        }
    }

    private StoqException gone() {
        CloseReason reason = closeReason;
        return reason == null
                ? new StoqException.Closed("the transport is closed")
                : new StoqException.ConnectionClosed(reason);
    }

    @Override
    public String toString() {
        return "connection with " + remote;
    }

    // ---- the engine, on the loop

    @Override
    public void onHandshakeComplete(Connection connection) {
        engine(connection);
        result = connection.handshakeResult();
        maxDatagramBytes = connection.maxDatagramPayloadBytes();
        guarded(() -> acceptance.handler().onConnected(this));
        if (established != null) {
            established.complete(this);
        }
        if (acceptance.connectionTask() != null) {
            Thread.ofVirtual().name("stoq-connection").start(this::runTask);
        }
    }

    private void runTask() {
        try {
            acceptance.connectionTask().run(this);
        } catch (StoqException.ConnectionClosed ended) {
            LOG.debug("{} ended: {}", this, ended.getMessage());
        } catch (Throwable failure) { // the application's; the peer is told, the log has the rest
            LOG.warn("the task of {} failed", this, failure);
            close(ConnectionTask.FAILED, "");
        }
    }

    @Override
    public StreamHandler onStreamOpened(Connection connection, Stream stream) {
        boolean taken = acceptance.streamTask() != null;
        LoopStream opened = adopt(stream, taken ? driver.settings().streamReceiveBufferBytes() : UNACCEPTED_BYTES);
        if (taken) {
            Thread.ofVirtual().name("stoq-stream").start(() -> runTask(opened));
            return opened;
        }
        StreamEvents events = acceptance.handler().onStream(opened);
        if (events != null) {
            opened.events(events);
        } else {
            streams.add(opened);
        }
        return opened;
    }

    private void runTask(LoopStream stream) {
        try {
            acceptance.streamTask().run(stream);
            stream.close();
        } catch (StoqException.ConnectionClosed | StoqException.StreamReset ended) {
            LOG.debug("stream {} of {} ended: {}", stream.id(), this, ended.getMessage());
            stream.close();
        } catch (Throwable failure) { // the application's; the peer is told, the log has the rest
            LOG.warn("the task of stream {} of {} failed", stream.id(), this, failure);
            stream.abandon(ConnectionTask.FAILED);
        }
    }

    private LoopStream adopt(Stream stream, long inputLimitBytes) {
        LoopStream adopted = new LoopStream(this, stream, inputLimitBytes);
        adopted.next = firstStream;
        if (firstStream != null) {
            firstStream.previous = adopted;
        }
        firstStream = adopted;
        stream.handler(adopted);
        return adopted;
    }

    /** The stream is over. */
    void forget(LoopStream stream) {
        if (stream.previous != null) {
            stream.previous.next = stream.next;
        } else if (firstStream == stream) {
            firstStream = stream.next;
        }
        if (stream.next != null) {
            stream.next.previous = stream.previous;
        }
        stream.previous = null;
        stream.next = null;
    }

    @Override
    public void onStreamsAvailable(Connection connection, boolean bidirectional) {
        int waiting = openings.size();
        for (int i = 0; i < waiting; i++) {
            Opening opening = openings.poll();
            if (!opening.stream.isDone()) {
                open(opening);
            }
        }
    }

    @Override
    public void onDatagram(Connection connection, byte[] data, int at, int length) {
        boolean[] taken = new boolean[1];
        guarded(() -> taken[0] = acceptance.handler().onDatagram(this, driver.view(data, at, length)));
        if (!taken[0]) {
            byte[] copy = new byte[length];
            System.arraycopy(data, at, copy, 0, length);
            datagrams.add(copy);
        }
    }

    @Override
    public void onPathChanged(Connection connection, InetSocketAddress address) {
        remote = address;
    }

    @Override
    public void onHandlerFailure(Connection connection, Stream stream, Throwable failure) {
        LOG.warn("the handler of stream {} of {} threw; the stream is reset", stream.id(), this, failure);
    }

    @Override
    public void onClosed(Connection connection, CloseReason reason) {
        last = connection.statistics();
        closeReason = reason;
        maxDatagramBytes = 0;
        StoqException why = new StoqException.ConnectionClosed(reason);
        for (Opening opening : openings) {
            opening.stream.completeExceptionally(why);
        }
        openings.clear();
        for (LoopStream stream = firstStream; stream != null; stream = stream.next) {
            stream.onConnectionClosed(reason);
            driver.signalLater(stream);
        }
        firstStream = null;
        streams.end(reason);
        datagrams.end(reason);
        if (result != null) {
            guarded(() -> acceptance.handler().onClosed(this, reason));
        }
        closed.complete(reason);
        if (established != null) {
            established.completeExceptionally(why);
        }
    }

    /** What an application's handler throws ends its connection, not the loop. */
    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable failure) {
            LOG.warn("the handler of {} threw; the connection is closed", this, failure);
            close(ConnectionTask.FAILED, "");
        }
    }
}
