package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import io.stoq.wire.Bytes;
import io.stoq.wire.VarInt;

/** CRYPTO: a piece of the handshake's byte stream of one level. RFC 9000 §19.6. */
public record CryptoFrame(long offset, Bytes data) implements Frame {

    /** Bytes in front of the data. */
    public static int overhead(long offset, int length) {
        return 1 + VarInt.size(offset) + VarInt.size(length);
    }

    /** Writes what precedes {@code length} bytes of data; the caller writes these. */
    public static void writeHeader(ByteWriter out, long offset, int length) {
        out.putByte(FrameType.CRYPTO);
        out.putVarInt(offset);
        out.putVarInt(length);
    }

    static void read(ByteReader in, FrameSink sink) {
        long offset = in.readVarInt();
        int length = in.readLength();
        if (offset > VarInt.MAX - length) {
            // RFC 9000 §19.6
            throw in.malformed("CRYPTO data ends beyond 2^62 - 1");
        }
        int at = in.position;
        in.skip(length);
        sink.onCrypto(offset, in.array, at, length);
    }

    @Override
    public int type() {
        return FrameType.CRYPTO;
    }

    @Override
    public int encodedSize() {
        return overhead(offset, data.length()) + data.length();
    }

    @Override
    public void encode(ByteWriter out) {
        writeHeader(out, offset, data.length());
        data.writeTo(out);
    }
}
