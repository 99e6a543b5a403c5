package io.stoq.stream;

import io.stoq.buffer.ByteWriter;
import io.stoq.memory.ConnectionMemory;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentPackets;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.frame.MaxStreamsFrame;

/**
 * How many streams of one direction the peer opened, and may open. Confined to the connection's loop. RFC 9000 §4.6.
 *
 * <p>Credit comes back when a stream is closed in both directions and forgotten, so open streams never exceed the limit,
 * however fast the peer opens and resets.
 */
final class PeerStreams {

    private final boolean bidirectional;
    private final long limit;
    private final ConnectionMemory memory;

    /** Credit is worth a frame when this many streams closed. */
    private final long batch;

    private long opened;
    private long closed;
    private long maximum;
    private boolean lost;
    private boolean asked;

    PeerStreams(boolean bidirectional, long limit, ConnectionMemory memory) {
        this.memory = memory;
        this.bidirectional = bidirectional;
        this.limit = limit;
        this.batch = Math.max(1, limit / 8);
        this.maximum = limit;
    }

    long opened() {
        return opened;
    }

    /** RFC 9000 §4.6. */
    void checkLimit(long index, int frameType) {
        if (index >= maximum) {
            throw new TransportException(TransportErrorCode.STREAM_LIMIT_ERROR, frameType, "more streams than allowed");
        }
    }

    void onOpened() {
        opened++;
    }

    void onClosed() {
        closed++;
    }

    /** The peer says that it could use more. */
    void onBlocked() {
        asked = true;
    }

    boolean wantsToSend() {
        long credit = nextMaximum() - maximum;
        return (lost || credit >= batch || asked && credit > 0) && !memory.isWithholding();
    }

    boolean write(ByteWriter out, SentPackets log) {
        long next = nextMaximum();
        if (MaxStreamsFrame.size(bidirectional, next) > out.remaining()) {
            return false;
        }
        MaxStreamsFrame.write(out, bidirectional, next);
        log.addFrame(SentFrame.MAX_STREAMS, bidirectional ? 1 : 0, next, 0);
        maximum = next;
        lost = false;
        asked = false;
        return true;
    }

    void onLost(long value) {
        lost |= value == maximum;
    }

    private long nextMaximum() {
        return Math.min(closed + limit, MaxStreamsFrame.LIMIT);
    }
}
