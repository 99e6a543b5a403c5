package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import io.stoq.wire.VarInt;

/** RETIRE_CONNECTION_ID: an id that the receiver issued is not used any more. RFC 9000 §19.16. */
public record RetireConnectionIdFrame(long sequence) implements Frame {

    public static int size(long sequence) {
        return 1 + VarInt.size(sequence);
    }

    public static void write(ByteWriter out, long sequence) {
        out.putByte(FrameType.RETIRE_CONNECTION_ID);
        out.putVarInt(sequence);
    }

    static void read(ByteReader in, FrameSink sink) {
        sink.onRetireConnectionId(in.readVarInt());
    }

    @Override
    public int type() {
        return FrameType.RETIRE_CONNECTION_ID;
    }

    @Override
    public int encodedSize() {
        return size(sequence);
    }

    @Override
    public void encode(ByteWriter out) {
        write(out, sequence);
    }
}
