package io.stoq.stream;

import io.stoq.buffer.ByteWriter;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentPackets;
import io.stoq.wire.frame.StreamsBlockedFrame;

/** How many streams of one direction this side opened, and may open. Confined to the connection's loop. RFC 9000 §4.6. */
final class LocalStreams {

    private final boolean bidirectional;
    private long opened;
    private long maximum = -1;
    private boolean refused;
    private long blockedReported = -1;

    LocalStreams(boolean bidirectional) {
        this.bidirectional = bidirectional;
    }

    long opened() {
        return opened;
    }

    /** The index of the next stream; -1 when the peer allows no more, which it is told then. */
    long pollIndex() {
        if (opened >= maximum) {
            refused = true;
            return -1;
        }
        return opened++;
    }

    /** Returns whether a stream that was refused before can be opened now. */
    boolean onMaximum(long newMaximum) {
        maximum = Math.max(maximum, newMaximum);
        if (!refused || opened >= maximum) {
            return false;
        }
        refused = false;
        return true;
    }

    /** Another limit than the one that was gone by so far; false where more were opened already. */
    boolean restart(long newMaximum) {
        maximum = newMaximum;
        blockedReported = -1;
        return opened <= maximum;
    }

    /** Once for each limit, and only after the peer's limit is known. */
    boolean wantsToSend() {
        return refused && maximum >= 0 && blockedReported != maximum;
    }

    boolean write(ByteWriter out, SentPackets log) {
        if (StreamsBlockedFrame.size(bidirectional, maximum) > out.remaining()) {
            return false;
        }
        StreamsBlockedFrame.write(out, bidirectional, maximum);
        log.addFrame(SentFrame.STREAMS_BLOCKED, bidirectional ? 1 : 0, maximum, 0);
        blockedReported = maximum;
        return true;
    }

    void onLost(long limit) {
        if (limit == blockedReported) {
            blockedReported = -1;
        }
    }
}
