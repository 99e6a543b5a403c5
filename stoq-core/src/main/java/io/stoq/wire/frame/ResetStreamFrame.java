package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import io.stoq.wire.VarInt;

/** RESET_STREAM: the sender gives a stream up; {@code finalSize} bytes of it count. RFC 9000 §19.4. */
public record ResetStreamFrame(long id, long code, long finalSize) implements Frame {

    public static int size(long id, long code, long finalSize) {
        return 1 + VarInt.size(id) + VarInt.size(code) + VarInt.size(finalSize);
    }

    public static void write(ByteWriter out, long id, long code, long finalSize) {
        out.putByte(FrameType.RESET_STREAM);
        out.putVarInt(id);
        out.putVarInt(code);
        out.putVarInt(finalSize);
    }

    static void read(ByteReader in, FrameSink sink) {
        long id = in.readVarInt();
        long code = in.readVarInt();
        long finalSize = in.readVarInt();
        sink.onResetStream(id, code, finalSize);
    }

    @Override
    public int type() {
        return FrameType.RESET_STREAM;
    }

    @Override
    public int encodedSize() {
        return size(id, code, finalSize);
    }

    @Override
    public void encode(ByteWriter out) {
        write(out, id, code, finalSize);
    }
}
