package io.stoq.transport.driver;

import io.stoq.CloseReason;
import io.stoq.ConnectionStatistics;
import io.stoq.ConnectionTask;
import io.stoq.EarlyData;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import io.stoq.config.ConnectionConfig;
import io.stoq.connection.Connection;
import io.stoq.connection.ConnectionListener;
import io.stoq.crypto.TlsEvent;
import io.stoq.datagram.DatagramChunk;
import io.stoq.stream.Stream;
import io.stoq.stream.StreamHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection as applications see it, and as the engine does. Wishes of any thread go to the loop; what the engine tells
 * goes to the application's role, the streams and the inboxes.
 */
public final class LoopConnection implements StoqConnection, ConnectionListener {

    private static final Logger LOG = LoggerFactory.getLogger(LoopConnection.class);

    private final LoopDriver driver;
    private final ConnectionRole role;
    private final CompletableFuture<StoqConnection> established = new CompletableFuture<>();
    private final CompletableFuture<EarlyData> earlyData = new CompletableFuture<>();
    private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
    private final AtomicReference<CloseReason> closeReason = new AtomicReference<>();
    private final PeerStreamQueue peerStreams;
    private final UnreadMemory unreadMemory;
    private final SendMemory sendMemory;
    private final DatagramInbox datagrams;
    private final DatagramOutput datagramOutput;
    private final WriteBatch batch;

    // Loop, and published by the completion of the futures above
    private Connection engine;
    private volatile TlsEvent.Complete handshake;
    private ConnectionStatistics lastStatistics;

    // Loop
    private final StreamOpener opener = new StreamOpener(this);
    private final UnreadStreams unread = new UnreadStreams();
    private LoopStream newest;
    private int openStreams;
    private EarlyData earlyOutcome = EarlyData.NONE;
    private boolean connected;

    /** Client: where the server's tokens go. */
    private TokenCache.Server tokens;

    // Loop to any thread
    private volatile InetSocketAddress remote;
    private volatile int maxDatagramPayloadBytes;

    LoopConnection(LoopDriver driver, ConnectionRole role, ConnectionConfig config) {
        this.driver = driver;
        this.role = role;
        this.batch = new WriteBatch(driver.batches());
        this.unreadMemory = new UnreadMemory(this, config);
        this.sendMemory = new SendMemory(config.memoryBytes() / 2);
        this.datagrams = new DatagramInbox(unreadMemory, config.memoryBytes());
        this.datagramOutput = new DatagramOutput(this);
        this.peerStreams = new PeerStreamQueue(this, role.streamTask(), config.limits());
    }

    /** Starts a connection; on the loop. */
    static LoopConnection connect(
            LoopDriver driver,
            long nowNs,
            InetSocketAddress remote,
            String serverName,
            ConnectionConfig config,
            ConnectionRole role,
            int interfaceMtu,
            TokenCache.Server tokens) {
        LoopConnection connection = new LoopConnection(driver, role, config);
        connection.tokens = tokens;
        connection.bind(driver.endpoint().connect(nowNs, remote, serverName, tokens.take(), config, connection));
        driver.interfaceHint().tell(connection.engine, interfaceMtu);
        return connection;
    }

    void bind(Connection connection) {
        engine = connection;
        unreadMemory.bind(connection);
        remote = connection.remote();
    }

    /** Completes when the handshake does, or when early data may go where that is wanted. */
    CompletableFuture<StoqConnection> established() {
        return established;
    }

    LoopDriver driver() {
        return driver;
    }

    WriteBatch batch() {
        return batch;
    }

    UnreadMemory unreadMemory() {
        return unreadMemory;
    }

    SendMemory sendMemory() {
        return sendMemory;
    }

    // ---- the application, any thread

    @Override
    public StoqStream openStream() throws StoqException {
        return open("openStream", true, Deadline.NEVER);
    }

    @Override
    public StoqStream openStream(Duration timeout) throws StoqException {
        return open("openStream", true, Deadline.in(timeout));
    }

    @Override
    public StoqStream openUnidirectionalStream() throws StoqException {
        return open("openUnidirectionalStream", false, Deadline.NEVER);
    }

    @Override
    public StoqStream openUnidirectionalStream(Duration timeout) throws StoqException {
        return open("openUnidirectionalStream", false, Deadline.in(timeout));
    }

    private StoqStream open(String call, boolean bidirectional, Deadline deadline) throws StoqException {
        driver.requireOffLoop(call);
        return Futures.await(
                openStreamAsync(bidirectional), call, deadline, stream -> ((LoopStream) stream).abandon(0));
    }

    @Override
    public CompletableFuture<StoqStream> openStreamAsync(boolean bidirectional) {
        CompletableFuture<StoqStream> opened = new CompletableFuture<>();
        driver.call(nowNs -> {
            opener.open(bidirectional, opened);
            return null;
        });
        return opened;
    }

    @Override
    public StoqStream acceptStream() throws StoqException {
        driver.requireOffLoop("acceptStream");
        return peerStreams.accept(Deadline.NEVER);
    }

    @Override
    public StoqStream acceptStream(Duration timeout) throws StoqException {
        driver.requireOffLoop("acceptStream");
        return peerStreams.accept(Deadline.in(timeout));
    }

    @Override
    public boolean sendDatagram(ByteBuffer data) throws StoqException {
        return datagramOutput.trySend(data);
    }

    @Override
    public void sendDatagram(ByteBuffer data, Duration timeout) throws StoqException {
        driver.requireOffLoop("sendDatagram with a timeout");
        datagramOutput.send(data, Deadline.in(timeout));
    }

    @Override
    public void flush() {
        batch.flush();
    }

    @Override
    public int maxDatagramPayloadBytes() {
        return maxDatagramPayloadBytes;
    }

    @Override
    public byte[] receiveDatagram() throws StoqException {
        driver.requireOffLoop("receiveDatagram");
        return datagrams.take(Deadline.NEVER);
    }

    @Override
    public byte[] receiveDatagram(Duration timeout) throws StoqException {
        driver.requireOffLoop("receiveDatagram");
        return datagrams.take(Deadline.in(timeout));
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
        return driver.call(nowNs -> {
            if (!engine.isOpen()) {
                throw new CompletionException(new StoqException.ConnectionClosed(closeReason.get()));
            }
            return engine.updateKeys();
        });
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public String applicationProtocol() {
        return handshake.applicationProtocol();
    }

    @Override
    public String serverName() {
        return handshake.serverName();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return handshake.peerCertificates();
    }

    @Override
    public boolean isResumed() {
        return handshake.resumed();
    }

    @Override
    public CompletableFuture<EarlyData> earlyData() {
        return earlyData.copy();
    }

    @Override
    public byte[] exportKeyingMaterial(String label, byte[] context, int lengthBytes) throws StoqException {
        checkOpen();
        try {
            return handshake.exporter().export(label, context, lengthBytes);
        } catch (IllegalStateException wiped) { // it ended in this very moment
            checkOpen();
            throw wiped;
        }
    }

    @Override
    public ConnectionStatistics statistics() {
        return driver.ask(this::statisticsOnLoop);
    }

    /** As {@link #statistics()}, without waiting; completes on the connection's loop. */
    public CompletableFuture<ConnectionStatistics> statisticsAsync() {
        return driver.call(nowNs -> statisticsOnLoop());
    }

    /** Has something run once when a stream of such a connection is over in both directions; at once where it is. */
    public static void whenOver(StoqStream stream, Runnable action) {
        ((LoopStream) stream).whenOver(action);
    }

    private ConnectionStatistics statisticsOnLoop() {
        unreadMemory.settle();
        return lastStatistics != null ? lastStatistics : engine.statistics();
    }

    @Override
    public boolean isOpen() {
        return closeReason.get() == null;
    }

    @Override
    public CloseReason closeReason() {
        return closeReason.get();
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
        ErrorCodes.require(code);
        CloseReason why = new CloseReason.Application(code, reason, false);
        if (closeReason.compareAndSet(null, why)) {
            driver.call(nowNs -> {
                engine.close(nowNs, code, reason);
                return null;
            });
        }
    }

    void checkOpen() throws StoqException {
        CloseReason reason = closeReason.get();
        if (reason != null) {
            throw new StoqException.ConnectionClosed(reason);
        }
    }

    // ---- the engine, on the loop

    @Override
    public void onHandshakeComplete(Connection connection) {
        bind(connection);
        handshake = connection.handshakeResult();
        connected = true;
        boolean early = established.isDone() && !established.isCancelled();
        logDebug(
                connection.isServer() ? "accepted from {} for {}" : "connected to {} for {}",
                remote,
                applicationProtocol());
        maxDatagramPayloadBytes = connection.maxDatagramPayloadBytes();
        if (connection.isServer()) {
            driver.interfaceHint().find(connection);
        }
        if (established.isCancelled()) {
            close();
            return;
        }
        earlyData.complete(earlyOutcome);
        contain(() -> role.handler().onConnected(this));
        if (role.connectionTask() != null) {
            Thread.ofVirtual().name("stoq-connection").start(this::runTask);
        }
        if (!established.complete(this) && !early) {
            close();
        }
    }

    @Override
    public void onEarlyData(Connection connection) {
        bind(connection);
        handshake = connection.handshakeResult();
        if (connection.isServer()) {
            earlyOutcome = EarlyData.ACCEPTED;
        } else if (role.earlyData() && !established.complete(this)) {
            close();
        }
    }

    @Override
    public void onEarlyDataOutcome(Connection connection, boolean taken) {
        if (role.earlyData()) {
            earlyOutcome = taken ? EarlyData.ACCEPTED : EarlyData.REJECTED;
        }
    }

    /** With the connection's name in the context of what the application logs, too. */
    private void runTask() {
        try (LogContext _ = LogContext.of(this)) {
            try {
                role.connectionTask().run(this);
            } catch (StoqException.ConnectionClosed e) {
                LOG.debug("the task of the connection from {} ended with it", remote, e);
            } catch (Throwable failure) { // an application's mistake ends its connection only
                LOG.warn("the task of the connection from {} failed; the connection is closed", remote, failure);
                close(ConnectionTask.FAILED, "the application failed");
            }
        }
    }

    /** How logs call it. */
    String logId() {
        return HexFormat.of().formatHex(engine.localId());
    }

    private void logDebug(String message, Object first, Object second) {
        if (LOG.isDebugEnabled()) {
            try (LogContext _ = LogContext.of(this)) {
                LOG.debug(message, first, second);
            }
        }
    }

    private void logWarning(String message, Object first, Throwable failure) {
        try (LogContext _ = LogContext.of(this)) {
            LOG.warn(message, first, failure);
        }
    }

    @Override
    public StreamHandler onStreamOpened(Connection connection, Stream stream) {
        LoopStream opened = new LoopStream(this, stream, PeerStreamQueue.UNACCEPTED_BYTES);
        StreamEvents events = role.handler().onStream(opened);
        if (events == null) {
            if (!peerStreams.onOpened(opened)) {
                return null;
            }
        } else {
            opened.onAccepted();
        }
        remember(opened);
        if (events != null) {
            opened.events(events);
        }
        return opened;
    }

    @Override
    public void onStreamsAvailable(Connection connection, boolean bidirectional) {
        opener.onAvailable(bidirectional);
    }

    @Override
    public void onDatagram(Connection connection, byte[] data, int at, int length) {
        try {
            if (!role.handler().onDatagram(this, driver.view(data, at, length))) {
                datagrams.onDatagram(data, at, length);
            }
        } catch (Throwable failure) { // as in contain(), without an object for each datagram
            onFailure(failure);
        }
    }

    /** Gives datagrams to the engine, which releases them even when it is closed. */
    void sendOnLoop(DatagramChunk chunk) {
        engine.sendDatagrams(chunk);
    }

    void onDatagramsWritable() {
        contain(() -> role.handler().onDatagramsWritable(this));
    }

    @Override
    public void onNewToken(Connection at, byte[] token) {
        tokens.add(token);
    }

    @Override
    public void onPathChanged(Connection connection, InetSocketAddress address) {
        logDebug("the connection moved from {} to {}", remote, address);
        remote = address;
        maxDatagramPayloadBytes = connection.maxDatagramPayloadBytes();
        driver.interfaceHint().find(connection);
    }

    @Override
    public void onDatagramSize(Connection connection) {
        maxDatagramPayloadBytes = connection.maxDatagramPayloadBytes();
    }

    @Override
    public void onHandlerFailure(Connection connection, Stream stream, Throwable failure) {
        logWarning("a handler of stream {} threw; the stream is reset", stream.id(), failure);
    }

    @Override
    public void onClosed(Connection connection, CloseReason reason) {
        bind(connection);
        lastStatistics = connection.statistics();
        closeReason.compareAndSet(null, reason);
        CloseReason first = closeReason.get();
        logDebug("the connection with {} ended: {}", remote, LogContext.oneLine(first.describe()));
        for (LoopStream stream = newest; stream != null; stream = stream.olderSibling) {
            stream.onConnectionClosed(first);
        }
        newest = null;
        unread.abandonBuffers();
        peerStreams.end(first);
        datagrams.end(first);
        datagramOutput.end();
        opener.end(first);
        if (connected) {
            contain(() -> role.handler().onClosed(this, first));
        }
        earlyData.completeExceptionally(new StoqException.ConnectionClosed(first));
        established.completeExceptionally(new StoqException.ConnectionClosed(first));
        closed.complete(first);
    }

    /** Opens a stream now, or returns null where the peer's limit does not allow it. */
    LoopStream openNow(boolean bidirectional) {
        Stream stream = engine.openStream(bidirectional);
        if (stream == null) {
            return null;
        }
        LoopStream opened = new LoopStream(this, stream, driver.settings().streamReceiveBufferBytes());
        remember(opened);
        stream.handler(opened);
        return opened;
    }

    private void remember(LoopStream stream) {
        openStreams++;
        unreadMemory.charge(UnreadMemory.STREAM_BYTES);
        stream.olderSibling = newest;
        if (newest != null) {
            newest.youngerSibling = stream;
        }
        newest = stream;
    }

    /** The engine has closed the stream. */
    void forget(LoopStream stream) {
        openStreams--;
        if (stream.youngerSibling != null) {
            stream.youngerSibling.olderSibling = stream.olderSibling;
        } else if (newest == stream) {
            newest = stream.olderSibling;
        }
        if (stream.olderSibling != null) {
            stream.olderSibling.youngerSibling = stream.youngerSibling;
        }
        peerStreams.onClosed(stream);
    }

    /** Streams that are open in at least one direction; loop only. */
    int openStreams() {
        return openStreams;
    }

    @Override
    public void onMemoryPressure(boolean pressed) {
        unreadMemory.pressed(pressed);
    }

    /** Room for bytes that did not come yet is given back, and so is what the application has lost interest in. */
    void reclaimRoom() {
        for (LoopStream stream = newest; stream != null; stream = stream.olderSibling) {
            stream.reclaimRoom();
        }
        unread.check();
    }

    /** Writers that waited for the memory of all streams together are woken at the end of the turn. */
    void onSendMemoryEased() {
        for (LoopStream stream = newest; stream != null; stream = stream.olderSibling) {
            stream.signalLater();
        }
    }

    /** A stream was reset that nobody has accepted yet: nobody gets to know it. */
    void forgetUnaccepted(LoopStream stream) {
        peerStreams.onClosed(stream);
    }

    UnreadStreams unread() {
        return unread;
    }

    /** Runs the application's code, which must not do harm to the loop. */
    private void contain(Runnable application) {
        try {
            application.run();
        } catch (Throwable failure) { // an application's mistake ends its connection only
            onFailure(failure);
        }
    }

    private void onFailure(Throwable failure) {
        logWarning("the handler of the connection to {} threw; the connection is closed", remote, failure);
        close(ConnectionTask.FAILED, "the application failed");
    }

    @Override
    public String toString() {
        CloseReason reason = closeReason.get();
        return "StoqConnection[" + remote + (reason == null ? "]" : ", " + reason.describe() + "]");
    }
}
