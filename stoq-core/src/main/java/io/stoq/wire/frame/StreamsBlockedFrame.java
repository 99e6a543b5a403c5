package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import io.stoq.wire.VarInt;

/** STREAMS_BLOCKED: the limit keeps the sender from opening streams of a kind. RFC 9000 §19.14. */
public record StreamsBlockedFrame(boolean bidirectional, long limit) implements Frame {

    public static int size(boolean bidirectional, long limit) {
        return 1 + VarInt.size(limit);
    }

    public static void write(ByteWriter out, boolean bidirectional, long limit) {
        out.putByte(bidirectional ? FrameType.STREAMS_BLOCKED_BIDI : FrameType.STREAMS_BLOCKED_UNI);
        out.putVarInt(limit);
    }

    static void read(ByteReader in, boolean bidirectional, FrameSink sink) {
        long limit = in.readVarInt();
        if (limit > MaxStreamsFrame.LIMIT) {
            // RFC 9000 §19.14
            throw in.malformed("STREAMS_BLOCKED beyond 2^60");
        }
        sink.onStreamsBlocked(bidirectional, limit);
    }

    @Override
    public int type() {
        return bidirectional ? FrameType.STREAMS_BLOCKED_BIDI : FrameType.STREAMS_BLOCKED_UNI;
    }

    @Override
    public int encodedSize() {
        return size(bidirectional, limit);
    }

    @Override
    public void encode(ByteWriter out) {
        write(out, bidirectional, limit);
    }
}
