package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import io.stoq.wire.Bytes;
import io.stoq.wire.VarInt;

/** STREAM: a piece of a stream, with an explicit length or reaching to the end of the packet. RFC 9000 §19.8. */
public record StreamFrame(long id, long offset, Bytes data, boolean fin) implements Frame {

    /** Bytes in front of the data in a frame that states its length. */
    public static int overhead(long id, long offset, int length) {
        return overheadToEnd(id, offset) + VarInt.size(length);
    }

    /** Bytes in front of the data in a frame that reaches to the end of the packet. */
    public static int overheadToEnd(long id, long offset) {
        return 1 + VarInt.size(id) + (offset == 0 ? 0 : VarInt.size(offset));
    }

    /** Writes what precedes {@code length} bytes of data; the caller writes these. */
    public static void writeHeader(ByteWriter out, long id, long offset, int length, boolean fin) {
        writeStart(out, FrameType.STREAM | FrameType.STREAM_LENGTH, id, offset, fin);
        out.putVarInt(length);
    }

    /** Writes what precedes data that fills the packet to its end; the caller writes these. */
    public static void writeHeaderToEnd(ByteWriter out, long id, long offset, boolean fin) {
        writeStart(out, FrameType.STREAM, id, offset, fin);
    }

    private static void writeStart(ByteWriter out, int type, long id, long offset, boolean fin) {
        out.putByte(type | (offset == 0 ? 0 : FrameType.STREAM_OFFSET) | (fin ? FrameType.STREAM_FIN : 0));
        out.putVarInt(id);
        if (offset != 0) {
            out.putVarInt(offset);
        }
    }

    static void read(ByteReader in, int type, FrameSink sink) {
        long id = in.readVarInt();
        long offset = (type & FrameType.STREAM_OFFSET) == 0 ? 0 : in.readVarInt();
        int length = (type & FrameType.STREAM_LENGTH) == 0 ? in.remaining() : in.readLength();
        if (offset > VarInt.MAX - length) {
            // RFC 9000 §19.8
            throw in.malformed("STREAM data ends beyond 2^62 - 1");
        }
        int at = in.position;
        in.skip(length);
        sink.onStream(id, offset, in.array, at, length, (type & FrameType.STREAM_FIN) != 0);
    }

    @Override
    public int type() {
        return FrameType.STREAM
                | FrameType.STREAM_LENGTH
                | (offset == 0 ? 0 : FrameType.STREAM_OFFSET)
                | (fin ? FrameType.STREAM_FIN : 0);
    }

    @Override
    public int encodedSize() {
        return overhead(id, offset, data.length()) + data.length();
    }

    @Override
    public void encode(ByteWriter out) {
        writeHeader(out, id, offset, data.length(), fin);
        data.writeTo(out);
    }
}
