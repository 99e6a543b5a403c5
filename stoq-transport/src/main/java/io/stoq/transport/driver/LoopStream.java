package io.stoq.transport.driver;

import io.stoq.CloseReason;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import io.stoq.StreamStatistics;
import io.stoq.stream.Stream;
import io.stoq.stream.StreamHandler;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
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
    private static final long MAX_CODE = (1L << 62) - 1;

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

    /** Loop. */
    private EventDelivery delivery;

    /** What runs when the stream is over; {@link #OVER} when it is. */
    private final AtomicReference<Runnable> whenOver = new AtomicReference<>();

    /** @param inputLimitBytes most bytes to take before the application asks for them */
    LoopStream(LoopConnection connection, Stream engine, long inputLimitBytes) {
        this.connection = connection;
        this.engine = engine;
        this.id = engine.id();
        LoopDriver driver = connection.driver();
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
        connection.driver().requireOffLoop("read");
        if (wantedEvents != null) {
            throw new IllegalStateException(
                    "stream " + id + " has a handler, which gets its bytes; it cannot be read too");
        }
        return input().read(target);
    }

    @Override
    public int read(byte[] target, int at, int length) throws StoqException {
        return read(ByteBuffer.wrap(target, at, length));
    }

    @Override
    public void write(ByteBuffer source) throws StoqException {
        connection.driver().requireOffLoop("write");
        output().write(source);
    }

    @Override
    public void write(byte[] source, int at, int length) throws StoqException {
        write(ByteBuffer.wrap(source, at, length));
    }

    @Override
    public void writeReferenced(byte[] source, int at, int length, Runnable onReleased) throws StoqException {
        connection.driver().requireOffLoop("writeReferenced");
        Objects.checkFromIndexSize(at, length, source.length);
        output().writeReferenced(source, at, length, Objects.requireNonNull(onReleased, "onReleased"));
    }

    @Override
    public void finish() throws StoqException {
        output().finish();
    }

    @Override
    public void awaitDelivered(Duration timeout) throws StoqException {
        connection.driver().requireOffLoop("awaitDelivered");
        output().awaitDelivered(timeout.toNanos());
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
    public void flush() {
        connection.flush();
    }

    @Override
    public void resume() {
        wantedResume = true;
        wakeLoop();
    }

    @Override
    public void reset(long code) {
        checkCode(code);
        output().end(new StreamEnd.Abandoned());
        wantedReset = code;
        wakeLoop();
    }

    @Override
    public void stopSending(long code) {
        checkCode(code);
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
        if (input != null) {
            input.limit(connection.driver().settings().streamReceiveBufferBytes());
            if (input.isResumable()) {
                resume();
            }
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

    private static void checkCode(long code) {
        if (code < 0 || code > MAX_CODE) {
            throw new IllegalArgumentException("error code " + code + " is outside 0.." + MAX_CODE);
        }
    }

    @Override
    public StreamStatistics statistics() {
        return connection.driver().ask(engine::statistics);
    }

    @Override
    public boolean isEarlyData() {
        return engine.isEarly();
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
        if (wantedEvents != null && delivery == null) {
            events(wantedEvents);
        }
        if (output != null) {
            output.transfer(engine);
            if (wantedReset != NONE) {
                engine.reset(wantedReset);
            }
        }
        if (input != null && wantedStop != NONE) {
            engine.stopSending(wantedStop);
            input.abandonBuffers();
        } else if (wantedResume) {
            wantedResume = false;
            resumeOnLoop();
        }
    }

    /** From now on bytes go to the events. */
    void events(StreamEvents events) {
        wantedEvents = events;
        delivery = new EventDelivery(this, events, input);
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
        input.abandonBuffers();
        if (delivery != null) {
            delivery.onReset(errorCode);
        }
    }

    @Override
    public void onStopSending(Stream stream, long errorCode) {
        output.end(new StreamEnd.ByPeer(errorCode));
        if (delivery != null) {
            delivery.onStopSending(errorCode);
        }
    }

    @Override
    public void onWritable(Stream stream) {
        // The output has a bound of its own.
    }

    @Override
    public void onClosed(Stream stream) {
        connection.forget(this);
        if (input != null && input.holdsBuffers()) {
            connection.unread().add(input);
        }
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
            // Without a handler the wish stays until there is one.
            if (delivery != null && output.pollWritable()) {
                delivery.onWritable();
            }
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
        return input != null && input.end() instanceof StreamEnd.ByPeer && (output == null || output.isEnded());
    }

    @Override
    public String toString() {
        return engine.toString();
    }
}
