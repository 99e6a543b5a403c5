package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import io.stoq.wire.VarInt;

/** MAX_STREAM_DATA: how many bytes may be sent on a stream. RFC 9000 §19.10. */
public record MaxStreamDataFrame(long id, long maximum) implements Frame {

    public static int size(long id, long maximum) {
        return 1 + VarInt.size(id) + VarInt.size(maximum);
    }

    public static void write(ByteWriter out, long id, long maximum) {
        out.putByte(FrameType.MAX_STREAM_DATA);
        out.putVarInt(id);
        out.putVarInt(maximum);
    }

    static void read(ByteReader in, FrameSink sink) {
        long id = in.readVarInt();
        long maximum = in.readVarInt();
        sink.onMaxStreamData(id, maximum);
    }

    @Override
    public int type() {
        return FrameType.MAX_STREAM_DATA;
    }

    @Override
    public int encodedSize() {
        return size(id, maximum);
    }

    @Override
    public void encode(ByteWriter out) {
        write(out, id, maximum);
    }
}
