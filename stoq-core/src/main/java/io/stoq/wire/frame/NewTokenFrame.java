package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import io.stoq.wire.Bytes;
import io.stoq.wire.VarInt;

/** NEW_TOKEN: a token for the client's next connection; only servers send it. RFC 9000 §19.7. */
public record NewTokenFrame(Bytes token) implements Frame {

    public static int size(int length) {
        return 1 + VarInt.size(length) + length;
    }

    public static void write(ByteWriter out, byte[] token) {
        out.putByte(FrameType.NEW_TOKEN);
        out.putVarInt(token.length);
        out.putBytes(token, 0, token.length);
    }

    static void read(ByteReader in, FrameSink sink) {
        int length = in.readLength();
        if (length == 0) {
            // RFC 9000 §19.7
            throw in.malformed("NEW_TOKEN without a token");
        }
        int at = in.position;
        in.skip(length);
        sink.onNewToken(in.array, at, length);
    }

    @Override
    public int type() {
        return FrameType.NEW_TOKEN;
    }

    @Override
    public int encodedSize() {
        return size(token.length());
    }

    @Override
    public void encode(ByteWriter out) {
        write(out, token.toArray());
    }
}
