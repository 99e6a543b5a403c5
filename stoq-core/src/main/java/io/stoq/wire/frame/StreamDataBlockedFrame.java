package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import io.stoq.wire.VarInt;

/** STREAM_DATA_BLOCKED: a stream's limit keeps the sender from sending. RFC 9000 §19.13. */
public record StreamDataBlockedFrame(long id, long limit) implements Frame {

    public static int size(long id, long limit) {
        return 1 + VarInt.size(id) + VarInt.size(limit);
    }

    public static void write(ByteWriter out, long id, long limit) {
        out.putByte(FrameType.STREAM_DATA_BLOCKED);
        out.putVarInt(id);
        out.putVarInt(limit);
    }

    static void read(ByteReader in, FrameSink sink) {
        long id = in.readVarInt();
        long limit = in.readVarInt();
        sink.onStreamDataBlocked(id, limit);
    }

    @Override
    public int type() {
        return FrameType.STREAM_DATA_BLOCKED;
    }

    @Override
    public int encodedSize() {
        return size(id, limit);
    }

    @Override
    public void encode(ByteWriter out) {
        write(out, id, limit);
    }
}
