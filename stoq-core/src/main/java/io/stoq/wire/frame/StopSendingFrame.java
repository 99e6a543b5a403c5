package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import io.stoq.wire.VarInt;

/** STOP_SENDING: the receiver wants no more of a stream. RFC 9000 §19.5. */
public record StopSendingFrame(long id, long code) implements Frame {

    public static int size(long id, long code) {
        return 1 + VarInt.size(id) + VarInt.size(code);
    }

    public static void write(ByteWriter out, long id, long code) {
        out.putByte(FrameType.STOP_SENDING);
        out.putVarInt(id);
        out.putVarInt(code);
    }

    static void read(ByteReader in, FrameSink sink) {
        long id = in.readVarInt();
        long code = in.readVarInt();
        sink.onStopSending(id, code);
    }

    @Override
    public int type() {
        return FrameType.STOP_SENDING;
    }

    @Override
    public int encodedSize() {
        return size(id, code);
    }

    @Override
    public void encode(ByteWriter out) {
        write(out, id, code);
    }
}
