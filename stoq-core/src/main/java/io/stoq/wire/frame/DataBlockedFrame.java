package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import io.stoq.wire.VarInt;

/** DATA_BLOCKED: the connection's limit keeps the sender from sending. RFC 9000 §19.12. */
public record DataBlockedFrame(long limit) implements Frame {

    public static int size(long limit) {
        return 1 + VarInt.size(limit);
    }

    public static void write(ByteWriter out, long limit) {
        out.putByte(FrameType.DATA_BLOCKED);
        out.putVarInt(limit);
    }

    static void read(ByteReader in, FrameSink sink) {
        sink.onDataBlocked(in.readVarInt());
    }

    @Override
    public int type() {
        return FrameType.DATA_BLOCKED;
    }

    @Override
    public int encodedSize() {
        return size(limit);
    }

    @Override
    public void encode(ByteWriter out) {
        write(out, limit);
    }
}
