package io.stoq.transport.driver;

import io.stoq.CloseReason;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import io.stoq.StreamPriority;
import io.stoq.StreamStatistics;
import io.stoq.stream.Stream;
import io.stoq.stream.StreamHandler;
import io.stoq.transport.view.ReadableStreamChannel;
import io.stoq.transport.view.StreamPublisher;
import io.stoq.transport.view.StreamSubscriber;
import io.stoq.transport.view.WritableStreamChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream as applications see it, and as the engine does: wishes of any thread are noted and carried out by {@link #run}
 * on the loop; what the engine tells goes to the input, the output and the events.
 */
final class LoopStream extends LoopWork implements StoqStream, StreamHandler {

    private static final Logger LOG = LoggerFactory.getLogger(LoopStream.class);
    private static final long NONE = -1;
    private static final Runnable OVER = () -> {};

    /** Neighbours in the connection's list of open streams. Loop. */
    LoopStream olderSibling;

    LoopStream youngerSibling;

    private final LoopConnection connection;
    private final Stream engine;
    private final long id;
    private final StreamOutput output;
    private final StreamInput input;

    // Wishes, any thread to loop
    private volatile StreamEvents wantedEvents;
    private volatile long wantedReset = NONE;
    private volatile long wantedStop = NONE;
    private volatile boolean wantedResume;
    private volatile StreamPriority priority = StreamPriority.DEFAULT;

    /** Loop. */
    private EventDelivery delivery;

    /** The engine, and the queue of streams that nobody accepted yet: what the stream itself takes is charged for both. */
    private final AtomicInteger keepers;
    /** Loop; null until somebody waits by a future. */
    private OutputPromises promises;

    /** Loop. */
    private boolean closed;

    /** What runs when the stream is over; {@link #OVER} when it is. */
    private final AtomicReference<Runnable> whenOver = new AtomicReference<>();

    /** @param inputLimitBytes most bytes to take before the application asks for them */
    LoopStream(LoopConnection connection, Stream engine, long inputLimitBytes) {
        this.connection = connection;
        this.engine = engine;
        this.id = engine.id();
        LoopDriver driver = connection.driver();
        this.keepers = new AtomicInteger(engine.isLocal() ? 1 : 2);
        this.output = engine.hasSendHalf()
                ? new StreamOutput(this, driver.buffers(), driver.settings().streamSendBufferBytes())
                : null;
        this.input = engine.hasReceiveHalf() ? new StreamInput(this, driver.buffers(), inputLimitBytes) : null;
    }

    // ---- the application, any thread

    @Override
    public long id() {
        return id;
    }

    @Override
    public LoopConnection connection() {
        return connection;
    }

    @Override
    public boolean isBidirectional() {
        return engine.isBidirectional();
    }

    @Override
    public boolean isLocal() {
        return engine.isLocal();
    }

    @Override
    public int read(ByteBuffer target) throws StoqException {
        return read(target, Deadline.NEVER);
    }

    @Override
    public int read(ByteBuffer target, Duration timeout) throws StoqException {
        return read(target, Deadline.in(timeout));
    }

    private int read(ByteBuffer target, Deadline deadline) throws StoqException {
        connection.driver().requireOffLoop("read");
        if (wantedEvents != null) {
            throw new IllegalStateException(
                    "stream " + id + " has a handler, which gets its bytes; it cannot be read too");
        }
        return input().read(target, deadline);
    }

    @Override
    public void write(ByteBuffer source) throws StoqException {
        connection.driver().requireOffLoop("write");
        output().write(source, Deadline.NEVER);
    }

    @Override
    public void write(ByteBuffer source, Duration timeout) throws StoqException {
        connection.driver().requireOffLoop("write");
        output().write(source, Deadline.in(timeout));
    }

    @Override
    public void writeReferenced(byte[] source, int at, int length, Runnable onReleased) throws StoqException {
        connection.driver().requireOffLoop("writeReferenced");
        Objects.checkFromIndexSize(at, length, source.length);
        output().writeReferenced(source, at, length, Objects.requireNonNull(onReleased, "onReleased"));
    }

    @Override
    public void finish() throws StoqException {
        output().finish(connection.driver().inLoop());
    }

    @Override
    public void awaitDelivered(Duration timeout) throws StoqException {
        connection.driver().requireOffLoop("awaitDelivered");
        try {
            Futures.await(delivered(), "awaitDelivered", Deadline.in(timeout), nothing -> {});
        } catch (StoqException.Timeout e) {
            throw timeout(statistics().bytesUnacknowledged() + " bytes were not acknowledged");
        }
    }

    @Override
    public CompletableFuture<Void> delivered() {
        CompletableFuture<Void> promise = new CompletableFuture<>();
        output();
        connection.driver().call(nowNs -> {
            run(nowNs);
            promises().delivered(engine.writtenBytes(), promise);
            return null;
        });
        return promise;
    }

    @Override
    public CompletableFuture<Void> writable() {
        CompletableFuture<Void> promise = new CompletableFuture<>();
        output();
        connection.driver().call(nowNs -> {
            promises().writable(promise);
            return null;
        });
        return promise;
    }

    @Override
    public InputStream inputStream() {
        return new StreamInputStream(this, input());
    }

    @Override
    public OutputStream outputStream() {
        output();
        return new StreamOutputStream(this);
    }

    @Override
    public ReadableByteChannel readableChannel() {
        input();
        return new ReadableStreamChannel(this);
    }

    @Override
    public WritableByteChannel writableChannel() {
        output();
        return new WritableStreamChannel(this);
    }

    @Override
    public void writeFile(FileChannel file, long position, long count) throws IOException {
        connection.driver().requireOffLoop("writeFile");
        new FileTransfer(this, output(), file, position, count).await();
    }

    @Override
    public CompletableFuture<Void> writeFileAsync(FileChannel file, long position, long count) {
        return new FileTransfer(this, output(), file, position, count).start();
    }

    @Override
    public Flow.Publisher<ByteBuffer> publisher() {
        input();
        return new StreamPublisher(this);
    }

    @Override
    public Flow.Subscriber<ByteBuffer> subscriber(long failureCode) {
        ErrorCodes.require(failureCode);
        output();
        return new StreamSubscriber(this, failureCode);
    }

    @Override
    public void handler(StreamEvents events) {
        wantedEvents = Objects.requireNonNull(events, "events");
        wakeLoop();
    }

    @Override
    public boolean tryWrite(ByteBuffer source) throws StoqException {
        return output().tryWrite(source);
    }

    @Override
    public boolean tryWriteReferenced(byte[] source, int at, int length, Runnable onReleased) throws StoqException {
        Objects.checkFromIndexSize(at, length, source.length);
        return output().tryWriteReferenced(source, at, length, Objects.requireNonNull(onReleased, "onReleased"));
    }

    @Override
    public void priority(StreamPriority wanted) {
        output();
        priority = Objects.requireNonNull(wanted, "priority");
        wakeLoop();
    }

    @Override
    public StreamPriority priority() {
        return priority;
    }

    @Override
    public void resume() {
        wantedResume = true;
        wakeLoop();
    }

    @Override
    public void reset(long code) {
        ErrorCodes.require(code);
        output().end(new StreamEnd.Abandoned());
        wantedReset = code;
        wakeLoop();
    }

    @Override
    public void stopSending(long code) {
        ErrorCodes.require(code);
        input().end(new StreamEnd.Abandoned());
        wantedStop = code;
        wakeLoop();
    }

    @Override
    public void close() {
        if (output != null) {
            output.close();
        }
        if (input != null && !input.isExhausted()) {
            stopSending(0);
        }
    }

    /** Takes as much as the transport allows from now on; called when the application gets to know the stream. */
    void onAccepted() {
        letGo();
        if (input != null) {
            input.limit(connection.driver().settings().streamReceiveBufferBytes());
            if (input.isResumable()) {
                resume();
            }
        }
    }

    /** One of its keepers does not know it any more. */
    void letGo() {
        if (keepers.decrementAndGet() == 0) {
            connection.unreadMemory().freed(UnreadMemory.STREAM_BYTES);
        }
    }

    /** Writers: so many bytes more are in the output. */
    void onWritten(int bytes) {
        connection.batch().onWritten(this, bytes);
    }

    /** Something is to be done on the loop that waits for no batch. */
    void wakeLoop() {
        connection.batch().submit(this);
    }

    StoqException.Interrupted interrupted(long bytesTransferred) {
        return new StoqException.Interrupted("interrupted while waiting for stream " + id, bytesTransferred);
    }

    StoqException.Timeout timeout(String what) {
        return new StoqException.Timeout("stream " + id + ": " + what + " in time");
    }

    private StreamOutput output() {
        if (output == null) {
            throw new IllegalStateException("stream " + id + " is the peer's and goes one way: it can only be read");
        }
        return output;
    }

    private StreamInput input() {
        if (input == null) {
            throw new IllegalStateException("stream " + id + " is ours and goes one way: it can only be written");
        }
        return input;
    }

    @Override
    public StreamStatistics statistics() {
        return connection.driver().ask(engine::statistics);
    }

    @Override
    public boolean isUnsent() {
        return connection.driver().ask(() -> !engine.wasSent());
    }

    void whenOver(Runnable action) {
        if (!whenOver.compareAndSet(null, action)) {
            action.run();
        }
    }

    // ---- loop

    /** Carries out what threads wish. */
    @Override
    void run(long nowNs) {
        if (wantedEvents != null && (delivery == null || !delivery.isFor(wantedEvents))) {
            events(wantedEvents);
        }
        if (output != null) {
            if (priority != engine.priority()) {
                engine.priority(priority);
            }
            output.transfer(engine);
            if (wantedReset != NONE) {
                engine.reset(wantedReset);
            }
            settlePromises();
        }
        if (input != null && wantedStop != NONE) {
            engine.stopSending(wantedStop);
            input.discard();
        } else if (wantedResume) {
            wantedResume = false;
            resumeOnLoop();
        }
    }

    /** From now on bytes go to the events. */
    void events(StreamEvents events) {
        wantedEvents = events;
        delivery = new EventDelivery(this, events, input);
        delivery.catchUp(output == null ? null : output.end(), closed);
        signalLater();
        resumeOnLoop();
    }

    private void resumeOnLoop() {
        if (input == null || delivery != null && !delivery.deliverHeld()) {
            return;
        }
        input.onResume();
        engine.resume();
    }

    @Override
    public int onData(Stream stream, byte[] data, int at, int length) {
        if (delivery != null) {
            return delivery.holdsBack()
                    ? 0
                    : delivery.onData(connection.driver().view(data, at, length));
        }
        int taken = input.onData(data, at, length);
        signalLater();
        return taken;
    }

    @Override
    public void onFinished(Stream stream) {
        input.onFinished();
        if (delivery != null) {
            delivery.deliverHeld();
        }
    }

    @Override
    public void onReset(Stream stream, long errorCode) {
        input.end(new StreamEnd.ByPeer(errorCode));
        input.discard();
        if (delivery != null) {
            delivery.onReset(errorCode);
        }
    }

    @Override
    public void onStopSending(Stream stream, long errorCode) {
        output.end(new StreamEnd.ByPeer(errorCode));
        signalLater();
        if (delivery != null) {
            delivery.onStopSending(errorCode);
        }
    }

    @Override
    public void onOverBudget(Stream stream) {
        StreamEnd end = new StreamEnd.OverBudget();
        if (output != null) {
            output.end(end);
        }
        if (input != null) {
            input.end(end);
            input.discard();
        }
        connection.forgetUnaccepted(this);
        if (delivery != null) {
            delivery.onReset(StoqStream.OVER_BUDGET);
        }
    }

    @Override
    public long heldBytes(Stream stream) {
        return input == null ? 0 : input.unreadBytes();
    }

    void reclaimRoom() {
        if (input != null) {
            input.reclaimRoom();
        }
    }

    @Override
    public void onWritable(Stream stream) {
        // The output has a bound of its own.
    }

    @Override
    public void onClosed(Stream stream) {
        connection.forget(this);
        letGo();
        if (input != null && input.holdsBuffers()) {
            connection.unread().add(input);
        }
        closed = true;
        signalLater();
        if (delivery != null) {
            delivery.onClosed(false);
        }
        over();
    }

    private void over() {
        Runnable action = whenOver.getAndSet(OVER);
        if (action != null) {
            action.run();
        }
    }

    void onConnectionClosed(CloseReason reason) {
        StreamEnd end = new StreamEnd.WithConnection(reason);
        if (output != null) {
            output.end(end);
        }
        if (input != null) {
            input.end(end);
            input.abandonBuffers();
        }
        closed = true;
        settlePromises();
        if (delivery != null) {
            delivery.onClosed(true);
        }
        over();
    }

    /** Something changed that a thread may wait for; it is told at the end of the turn, once. */
    void signalLater() {
        connection.driver().signalLater(this);
    }

    @Override
    void signal() {
        if (input != null) {
            input.signal();
        }
        if (output != null) {
            output.signal();
            settlePromises();
            // Without a handler the wish stays until there is one.
            if (delivery != null && output.pollWritable()) {
                delivery.onWritable();
            }
        }
    }

    private OutputPromises promises() {
        if (promises == null) {
            promises = new OutputPromises(this, output);
        }
        return promises;
    }

    private void settlePromises() {
        if (promises != null) {
            promises.settle();
        }
    }

    long acknowledgedBytes() {
        return engine.acknowledgedBytes();
    }

    /** The application's handler threw where the engine could not see it. */
    void fail(Throwable failure) {
        try (LogContext _ = LogContext.of(connection)) {
            LOG.warn("the handler of stream {} threw; the stream is reset", id, failure);
        }
        abandon(0);
    }

    /** Gives up both directions. */
    void abandon(long code) {
        if (output != null) {
            reset(code);
        }
        if (input != null) {
            stopSending(code);
        }
    }

    /** Whether the peer gave it up before anybody knew it. */
    boolean isDead() {
        boolean given = input != null
                && (input.end() instanceof StreamEnd.ByPeer || input.end() instanceof StreamEnd.OverBudget);
        return given && (output == null || output.isEnded());
    }

    @Override
    public String toString() {
        return engine.toString();
    }
}
