package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import io.stoq.wire.VarInt;

/** MAX_DATA: how many bytes may be sent on all streams together. RFC 9000 §19.9. */
public record MaxDataFrame(long maximum) implements Frame {

    public static int size(long maximum) {
        return 1 + VarInt.size(maximum);
    }

    public static void write(ByteWriter out, long maximum) {
        out.putByte(FrameType.MAX_DATA);
        out.putVarInt(maximum);
    }

    static void read(ByteReader in, FrameSink sink) {
        sink.onMaxData(in.readVarInt());
    }

    @Override
    public int type() {
        return FrameType.MAX_DATA;
    }

    @Override
    public int encodedSize() {
        return size(maximum);
    }

    @Override
    public void encode(ByteWriter out) {
        write(out, maximum);
    }
}
