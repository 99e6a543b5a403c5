package io.stoq.memory;

import io.stoq.MemoryStatistics;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;

/**
 * What one connection really holds in memory, with what its objects and arrays cost beside their content, and what follows
 * when that is too much. Confined to the connection's loop; charging is plain arithmetic.
 *
 * <p>Over the budget, credit is withheld: the peer may send what it was allowed to, and no more. Over 3/2 of it, the streams
 * that hold most are reset. Where that is not enough the connection is closed, before it holds twice its budget. It goes on
 * as usual below 7/8.
 *
 * <p>What this side has written and the peer has not acknowledged counts as held, but only up to half of the budget presses
 * the peer: the application is the one to be stopped there, and it is, by waiting.
 */
public final class ConnectionMemory {

    /** A connection without streams and data, its endpoint's book-keeping and the transport's part of it included. */
    public static final long CONNECTION_BYTES = 16 << 10;

    /** What a handshake that is not complete takes beside that: the TLS session, and the data of its messages. */
    public static final long HANDSHAKE_BYTES = 16 << 10;

    /** An open stream without data: its halves, and its place in the table. What handlers keep is theirs to charge. */
    public static final long STREAM_BYTES = 1 << 10;

    /** What a chunk of data to be sent costs beside the data. */
    public static final long CHUNK_BYTES = 192;

    /** A value and an end of a {@code RangeSet}. */
    public static final long RANGE_BYTES = 2 * Long.BYTES;

    /** The least that a budget can be. */
    public static final long MIN_BUDGET_BYTES = 1 << 20;

    /** More than what one frame can make a connection hold: a full packet in a buffer of its own, and out of order. */
    private static final long FRAME_BYTES = 192 << 10;

    /** Hears of pressure, on the loop, from inside the engine: what it wants to do about it has to wait until later. */
    public interface Listener {

        /** Too much is held: credit is withheld from now on. */
        void onWithheld();

        /** Enough was given back. */
        void onEased();
    }

    private final EndpointMemory endpoint;
    private final long budgetBytes;
    private final Listener listener;
    private long charged;
    private long sent;
    private long fixed;
    private long peakBytes;
    private boolean withholding;
    private boolean eased;
    private boolean closed;

    /** Where reset streams did not give enough back, the next are not looked for before so much is held. */
    private long relieveAbove;

    private long withheld;
    private long streamsReset;

    public ConnectionMemory(EndpointMemory endpoint, long budgetBytes, Listener listener) {
        this.endpoint = endpoint;
        this.budgetBytes = budgetBytes;
        this.listener = listener;
        endpoint.onOpened();
        fixed(CONNECTION_BYTES + HANDSHAKE_BYTES);
    }

    /** Of a connection that may hold anything, for components that are used alone. */
    public static ConnectionMemory unlimited() {
        return new ConnectionMemory(EndpointMemory.unlimited(), Long.MAX_VALUE / 4, new Listener() {
            @Override
            public void onWithheld() {}

            @Override
            public void onEased() {}
        });
    }

    // ---- charging

    /** The peer, or what it sent, makes the connection hold so much more. */
    public void charge(long bytes) {
        if (!closed) {
            charged += bytes;
            grow(bytes);
        }
    }

    public void release(long bytes) {
        if (!closed) {
            charged -= bytes;
            shrink(bytes);
        }
    }

    /** Data to be sent is held until it is acknowledged. */
    public void chargeSent(long bytes) {
        if (!closed) {
            sent += bytes;
            grow(bytes);
        }
    }

    public void releaseSent(long bytes) {
        if (!closed) {
            sent -= bytes;
            shrink(bytes);
        }
    }

    /** What the components of bounded size hold now, all together: they are asked now and then, and charge nothing. */
    public void fixed(long bytes) {
        long more = bytes - fixed;
        if (more != 0 && !closed) {
            fixed = bytes;
            if (more > 0) {
                grow(more);
            } else {
                shrink(-more);
            }
        }
    }

    /** The connection ended, and its components gave back what they held; what is left until it is gone is fixed. */
    public void onEnded() {
        if (!closed) {
            endpoint.onUnbalanced(Math.abs(charged) + Math.abs(sent));
            endpoint.add(-charged - sent);
            charged = 0;
            sent = 0;
            fixed(CONNECTION_BYTES);
            closed = true;
        }
    }

    /** The connection is gone. */
    public void onGone() {
        onEnded();
        if (fixed > 0) {
            endpoint.add(-fixed);
            endpoint.onGone();
            fixed = 0;
        }
    }

    // ---- pressure

    /** Whether the peer gets no new credit now. */
    public boolean isWithholding() {
        return withholding;
    }

    /** Whether what was withheld is due; true once for each time. */
    public boolean pollEased() {
        boolean due = eased;
        eased = false;
        return due;
    }

    /** The endpoint is no longer over its budget. */
    public void onEndpointEased() {
        shrink(0);
    }

    /** Whether streams have to be reset. */
    public boolean wantsRelief() {
        long pressing = pressingBytes();
        return pressing > relieveAbove && (pressing > budgetBytes + (budgetBytes >> 1) || isRelievedForEndpoint());
    }

    /** Whether more streams have to be reset, once it was begun. */
    public boolean wantsMoreRelief() {
        return pressingBytes() > budgetBytes + (budgetBytes >> 2) || isRelievedForEndpoint();
    }

    /** No stream has anything worth a reset. */
    public void onReliefFailed() {
        relieveAbove = pressingBytes() + (budgetBytes >> 4);
    }

    public void onStreamReset() {
        streamsReset++;
        endpoint.onStreamReset();
    }

    /** Whether one more frame might bring it to twice the budget. */
    public boolean isExhausted() {
        return pressingBytes() > 2 * budgetBytes - FRAME_BYTES;
    }

    /** Why the connection is to be closed then. */
    public TransportException exhausted(int frameType) {
        endpoint.onConnectionClosed();
        return new TransportException(
                TransportErrorCode.INTERNAL_ERROR, frameType, "memory: the connection held nearly twice its budget");
    }

    /** Why it is to be closed where the endpoint holds too much, and this connection most of it. */
    public TransportException exhaustedEndpoint() {
        endpoint.onConnectionClosed();
        return new TransportException(
                TransportErrorCode.INTERNAL_ERROR, "memory: the endpoint held too much, this connection most of it");
    }

    // ---- what is held

    /** All of it, in bytes. */
    public long heldBytes() {
        return charged + sent + fixed;
    }

    public long budgetBytes() {
        return budgetBytes;
    }

    /** Data to be sent, in bytes. */
    public long sentBytes() {
        return sent;
    }

    public MemoryStatistics statistics() {
        return new MemoryStatistics(heldBytes(), budgetBytes, peakBytes, withheld, streamsReset, 0, 0);
    }

    /** What counts against the peer. */
    private long pressingBytes() {
        return charged + fixed + Math.min(sent, budgetBytes >> 1);
    }

    private boolean isAboveShare(long pressing) {
        return endpoint.isOver() && pressing > endpoint.shareBytes();
    }

    private boolean isRelievedForEndpoint() {
        return endpoint.wantsRelief() && isAboveShare(pressingBytes());
    }

    private void grow(long bytes) {
        endpoint.add(bytes);
        peakBytes = Math.max(peakBytes, heldBytes());
        long pressing = pressingBytes();
        if (!withholding && (pressing > budgetBytes || isAboveShare(pressing))) {
            withholding = true;
            withheld++;
            endpoint.onWithheld();
            listener.onWithheld();
        }
    }

    private void shrink(long bytes) {
        endpoint.add(-bytes);
        long pressing = pressingBytes();
        relieveAbove = Math.min(relieveAbove, pressing + (budgetBytes >> 4));
        if (withholding && pressing <= budgetBytes - (budgetBytes >> 3) && !isAboveShare(pressing)) {
            withholding = false;
            eased = true;
            listener.onEased();
        }
    }
}
