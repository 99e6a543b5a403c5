package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import io.stoq.wire.Bytes;
import io.stoq.wire.VarInt;

/** DATAGRAM: unreliable data, with an explicit length or reaching to the end of the packet. RFC 9221 §4. */
public record DatagramFrame(Bytes data) implements Frame {

    /** Bytes in front of the data in a frame that states its length. */
    public static int overhead(int length) {
        return 1 + VarInt.size(length);
    }

    /** Writes what precedes {@code length} bytes of data; the caller writes these. */
    public static void writeHeader(ByteWriter out, int length) {
        out.putByte(FrameType.DATAGRAM_WITH_LENGTH);
        out.putVarInt(length);
    }

    static void read(ByteReader in, int type, FrameSink sink) {
        int length = type == FrameType.DATAGRAM ? in.remaining() : in.readLength();
        int at = in.position;
        in.skip(length);
        sink.onDatagram(in.array, at, length);
    }

    @Override
    public int type() {
        return FrameType.DATAGRAM_WITH_LENGTH;
    }

    @Override
    public int encodedSize() {
        return overhead(data.length()) + data.length();
    }

    @Override
    public void encode(ByteWriter out) {
        writeHeader(out, data.length());
        data.writeTo(out);
    }
}
