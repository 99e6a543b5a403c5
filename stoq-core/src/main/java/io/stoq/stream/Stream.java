package io.stoq.stream;

import io.stoq.StoqStream;
import io.stoq.StreamPriority;
import io.stoq.StreamStatistics;
import io.stoq.buffer.ByteWriter;
import io.stoq.memory.ConnectionMemory;
import io.stoq.recovery.SentPackets;
import io.stoq.wire.VarInt;
import java.util.Objects;

/**
 * One stream. Confined to the connection's loop; may be used from inside every call of its handler. RFC 9000 §2, §3.
 *
 * <p>A stream has a sending half, a receiving half, or both. Calls for a half that it does not have throw
 * {@link IllegalStateException}; calls for a half that is over do nothing, unless stated otherwise.
 */
public final class Stream {

    /** Handles the streams that nobody wants. */
    private static final StreamHandler REFUSED = new DiscardingHandler();

    /** The halves; null where the stream has none. */
    final SendHalf send;

    final ReceiveHalf receive;
    final Ring.Link dataLink = new Ring.Link(this);
    final Ring.Link controlLink = new Ring.Link(this);

    /** Where the scheduler has it while it has data to send, or null; and its place in the heap there. */
    Turns turns;

    int heapIndex;

    private final Streams streams;
    private final long id;
    private final boolean early;
    private StreamHandler handler;
    private Object attachment;
    private StreamPriority priority = StreamPriority.DEFAULT;

    private long stopCode = -1;
    private boolean stopDue;
    private boolean pumping;
    private boolean forgotten;
    private boolean closedTold;
    private boolean overBudget;

    /**
     * @param sendMaximum initial credit for the sending half; -1 for none
     * @param window initial credit of the receiving half; null for none
     * @param early whether it was opened by early data
     */
    Stream(Streams streams, long id, long sendMaximum, ReceiveWindow window, boolean early) {
        this.early = early;
        this.streams = streams;
        this.id = id;
        this.send = sendMaximum < 0 ? null : new SendHalf(this, sendMaximum);
        this.receive = window == null ? null : new ReceiveHalf(this, streams.flow(), streams.pool(), window);
    }

    public long id() {
        return id;
    }

    public boolean isBidirectional() {
        return StreamId.isBidirectional(id);
    }

    /** Whether this side opened it. */
    public boolean isLocal() {
        return streams.isLocal(id);
    }

    /** Whether it was opened by early data: the peer's may be a replay. RFC 9001 §9.2. */
    public boolean isEarly() {
        return early;
    }

    public boolean hasSendHalf() {
        return send != null;
    }

    public boolean hasReceiveHalf() {
        return receive != null;
    }

    /** Whatever the owner of the stream put here; null at first. */
    public Object attachment() {
        return attachment;
    }

    public void attachment(Object newAttachment) {
        this.attachment = newAttachment;
    }

    /** Null until one is set; a stream without a handler keeps what arrives. */
    public StreamHandler handler() {
        return handler;
    }

    /** Sets who handles the stream from now on; what waited for a handler is delivered from inside this call. */
    public void handler(StreamHandler newHandler) {
        this.handler = Objects.requireNonNull(newHandler, "handler");
        changed();
    }

    /**
     * Appends a chunk by reference; its memory must stay as it is until it is released.
     *
     * @throws IllegalStateException if the sending half is finished or reset, or the connection is closed; the chunk stays
     *     the caller's
     */
    public void write(SendChunk chunk) {
        sending();
        if (!isSendOpen()) {
            throw new IllegalStateException(
                    "stream " + id + " takes no more data: it is finished, reset, or its connection"
                            + " is closed; ask isSendOpen() first");
        }
        send.write(chunk);
        changed();
    }

    /** Ends the sending half after what was written. */
    public void finish() {
        sending().finish();
        changed();
    }

    /**
     * Abandons the sending half: RESET_STREAM. Chunks are released at once. RFC 9000 §19.4.
     *
     * @param code the application's error code, 0 to 2^62 - 1
     */
    public void reset(long code) {
        checkCode(code);
        sending().reset(code);
        changed();
    }

    /**
     * Wants no more data: STOP_SENDING. What arrives later is discarded; only {@link StreamHandler#onClosed} follows for this
     * half. RFC 9000 §19.5.
     *
     * @param code the application's error code, 0 to 2^62 - 1
     */
    public void stopSending(long code) {
        checkCode(code);
        receiving().stop(code);
        changed();
    }

    /** Asks for the bytes that {@link StreamHandler#onData} left; they may be delivered from inside this call. */
    public void resume() {
        receiving().resume();
        changed();
    }

    /** How what it sends is ordered among the connection's streams. RFC 9218 §4. */
    public StreamPriority priority() {
        return priority;
    }

    /** Orders what is sent from now on, repetitions included. */
    public void priority(StreamPriority newPriority) {
        sending();
        streams.prioritize(this, Objects.requireNonNull(newPriority, "newPriority"));
    }

    /** The scheduler's, which moves the stream to its new place. */
    void setPriority(StreamPriority newPriority) {
        priority = newPriority;
    }

    /** Bytes written that the peer did not acknowledge yet; 0 once the stream is reset. */
    public long bufferedBytes() {
        return sending().bufferedBytes();
    }

    /** Bytes written in all. */
    public long writtenBytes() {
        return sending().writtenBytes();
    }

    /** Bytes that the peer acknowledged without a gap. */
    public long acknowledgedBytes() {
        return sending().acknowledgedBytes();
    }

    /** Whether a frame of the sending half was ever put into a packet. */
    public boolean wasSent() {
        return hasSendHalf() && sending().wasSent();
    }

    /** Bytes that the handler took. */
    public long receivedBytes() {
        return receiving().takenBytes();
    }

    /** What both halves did so far. */
    public StreamStatistics statistics() {
        return new StreamStatistics(
                send == null ? 0 : send.sentBytes(),
                send == null ? 0 : send.acknowledgedBytes(),
                send == null ? 0 : send.bufferedBytes(),
                send == null ? 0 : send.retransmittedBytes(),
                send == null ? 0 : send.limitBytes(),
                receive == null ? 0 : receive.highestByte(),
                receive == null ? 0 : receive.takenBytes());
    }

    /**
     * Between which {@link #bufferedBytes()} {@link #isWritable()} turns true and false; 256 KiB and 1 MiB at first.
     *
     * @param lowBytes 0 or more, not above {@code highBytes}
     * @param highBytes 1 or more
     */
    public void waterMarks(long lowBytes, long highBytes) {
        if (lowBytes < 0 || highBytes < 1 || lowBytes > highBytes) {
            throw new IllegalArgumentException(
                    "water marks " + lowBytes + " and " + highBytes + ": needed is 0 <= low <= high and high >= 1");
        }
        sending().waterMarks(lowBytes, highBytes);
        changed();
    }

    /** Whether the application should write more; writing is possible anyway while {@link #isSendOpen()}. */
    public boolean isWritable() {
        return send != null && send.isWritable() && !streams.isClosed();
    }

    /** Whether {@link #write} is allowed: the sending half is neither finished nor reset, and the connection lives. */
    public boolean isSendOpen() {
        return send != null && send.isOpen() && !streams.isClosed();
    }

    /** Whether both directions are over. */
    public boolean isClosed() {
        return forgotten || streams.isClosed();
    }

    @Override
    public String toString() {
        return "Stream[" + id + (isBidirectional() ? ", bidirectional" : ", unidirectional")
                + (isLocal() ? ", local" : ", remote") + (isClosed() ? ", closed]" : "]");
    }

    // Calls of the engine

    ConnectionMemory memory() {
        return streams.memory();
    }

    /** What a reset would give back, in bytes of memory. */
    long heldBytes() {
        if (overBudget) {
            return 0;
        }
        return (send == null ? 0 : send.heldBytes())
                + (receive == null ? 0 : receive.heldBytes())
                + (handler == null ? 0 : handler.heldBytes(this));
    }

    /** It holds too much: both directions are reset, and the handler hears why. */
    void onOverBudget() {
        overBudget = true;
        if (send != null) {
            send.reset(StoqStream.OVER_BUDGET);
        }
        if (receive != null) {
            receive.stop(StoqStream.OVER_BUDGET);
        }
        if (handler != null) {
            tellOverBudget();
        }
        pump();
    }

    /** Nobody wanted it: it was reset as soon as the peer had opened it. */
    boolean isRefused() {
        return handler == REFUSED;
    }

    boolean hasHandler() {
        return handler != null;
    }

    /**
     * Asks the owner who handles a stream that the peer opened.
     *
     * @param refusing nobody does
     */
    void onOpened(StreamsListener listener, boolean refusing) {
        StreamHandler chosen = null;
        Throwable failure = null;
        try {
            chosen = refusing ? null : listener.onStreamOpened(this);
        } catch (Throwable thrown) {
            failure = thrown;
        }
        handler = chosen == null ? REFUSED : chosen;
        if (failure != null) {
            fail(failure);
        } else if (chosen == null) {
            resetBothWays();
        }
        changed();
    }

    /** RFC 9000 §3.5: the answer to STOP_SENDING is RESET_STREAM; the application may give it a code of its own. */
    void onStopSending(long code) {
        if (stopCode < 0 && !send.isResetOrOver()) {
            stopCode = code;
            stopDue = true;
            pump();
            send.reset(code);
        }
    }

    /** Calls the handler until nothing is due. Calls that it makes in between only note what is due next. */
    void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        while (step()) {
            // each step is one call
        }
        pumping = false;
    }

    boolean wantsControl() {
        return send != null && send.wantsControl() || receive != null && receive.wantsControl();
    }

    boolean writeControl(ByteWriter out, SentPackets log, long nowNs, long minRttNs) {
        return (send == null || send.writeControl(out, log))
                && (receive == null || receive.writeControl(out, log, nowNs, minRttNs));
    }

    /** The connection ended: memory goes back, the handler hears nothing more. */
    void abandon() {
        if (send != null) {
            send.abandon();
        }
        if (receive != null) {
            receive.abandon();
        }
    }

    void release(SendChunk chunk) {
        try {
            chunk.release();
        } catch (Throwable failure) {
            fail(failure);
        }
    }

    int tellData(byte[] data, int at, int length) {
        try {
            int taken = handler.onData(this, data, at, length);
            if (taken < 0 || taken > length) {
                throw new IllegalStateException("onData returned " + taken + "; it must be 0 to " + length);
            }
            return taken;
        } catch (Throwable failure) {
            fail(failure);
            return 0;
        }
    }

    void tellFinished() {
        try {
            handler.onFinished(this);
        } catch (Throwable failure) {
            fail(failure);
        }
    }

    void tellReset(long code) {
        try {
            handler.onReset(this, code);
        } catch (Throwable failure) {
            fail(failure);
        }
    }

    private boolean step() {
        if (streams.isClosed()) {
            return false;
        }
        if (handler != null) {
            if (receive != null && receive.deliver()) {
                return true;
            }
            if (stopDue) {
                stopDue = false;
                tellStopSending();
                return true;
            }
            if (send != null && send.pollWritable()) {
                tellWritable();
                return true;
            }
        }
        if (!forgotten && (send == null || send.isOver()) && (receive == null || receive.isOver())) {
            forgotten = true;
            streams.forget(this);
        }
        if (forgotten && !closedTold && handler != null) {
            closedTold = true;
            tellClosed();
        }
        return false;
    }

    private void tellStopSending() {
        try {
            handler.onStopSending(this, stopCode);
        } catch (Throwable failure) {
            fail(failure);
        }
        send.reset(stopCode);
    }

    private void tellOverBudget() {
        try {
            handler.onOverBudget(this);
        } catch (Throwable failure) {
            fail(failure);
        }
    }

    private void tellWritable() {
        try {
            handler.onWritable(this);
        } catch (Throwable failure) {
            fail(failure);
        }
    }

    private void tellClosed() {
        try {
            handler.onClosed(this);
        } catch (Throwable failure) {
            fail(failure);
        }
    }

    private void fail(Throwable failure) {
        resetBothWays();
        streams.onHandlerFailure(this, failure);
    }

    private void resetBothWays() {
        if (send != null) {
            send.reset(0);
        }
        if (receive != null) {
            receive.stop(0);
        }
    }

    /** The application changed something. */
    private void changed() {
        pump();
        streams.onChanged(this);
    }

    private SendHalf sending() {
        if (send == null) {
            throw new IllegalStateException("stream " + id + " only receives");
        }
        return send;
    }

    private ReceiveHalf receiving() {
        if (receive == null) {
            throw new IllegalStateException("stream " + id + " only sends");
        }
        return receive;
    }

    private static void checkCode(long code) {
        if (code < 0 || code > VarInt.MAX) {
            throw new IllegalArgumentException("error code " + code + " is outside 0.." + VarInt.MAX);
        }
    }

    private static final class DiscardingHandler implements StreamHandler {
        @Override
        public int onData(Stream stream, byte[] data, int at, int length) {
            return length;
        }

        @Override
        public void onFinished(Stream stream) {}

        @Override
        public void onReset(Stream stream, long errorCode) {}

        @Override
        public void onStopSending(Stream stream, long errorCode) {}

        @Override
        public void onWritable(Stream stream) {}

        @Override
        public void onClosed(Stream stream) {}
    }
}
