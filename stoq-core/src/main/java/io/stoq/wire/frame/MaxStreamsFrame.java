package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import io.stoq.wire.VarInt;

/** MAX_STREAMS: how many streams of a kind may be opened over the connection's life. RFC 9000 §19.11. */
public record MaxStreamsFrame(boolean bidirectional, long maximum) implements Frame {

    /** A stream id has 62 bits, two of which tell the kind of the stream. RFC 9000 §4.6. */
    public static final long LIMIT = 1L << 60;

    public static int size(boolean bidirectional, long maximum) {
        return 1 + VarInt.size(maximum);
    }

    public static void write(ByteWriter out, boolean bidirectional, long maximum) {
        out.putByte(bidirectional ? FrameType.MAX_STREAMS_BIDI : FrameType.MAX_STREAMS_UNI);
        out.putVarInt(maximum);
    }

    static void read(ByteReader in, boolean bidirectional, FrameSink sink) {
        long maximum = in.readVarInt();
        if (maximum > LIMIT) {
            // RFC 9000 §19.11
            throw in.malformed("MAX_STREAMS beyond 2^60");
        }
        sink.onMaxStreams(bidirectional, maximum);
    }

    @Override
    public int type() {
        return bidirectional ? FrameType.MAX_STREAMS_BIDI : FrameType.MAX_STREAMS_UNI;
    }

    @Override
    public int encodedSize() {
        return size(bidirectional, maximum);
    }

    @Override
    public void encode(ByteWriter out) {
        write(out, bidirectional, maximum);
    }
}
