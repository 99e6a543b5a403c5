package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;

/** PATH_RESPONSE: the data of a PATH_CHALLENGE sent back. RFC 9000 §19.18. */
public record PathResponseFrame(long data) implements Frame {

    /** In bytes. */
    public static final int SIZE = 9;

    public static void write(ByteWriter out, long data) {
        out.putByte(FrameType.PATH_RESPONSE);
        out.putLong(data);
    }

    static void read(ByteReader in, FrameSink sink) {
        sink.onPathResponse(in.readLong());
    }

    @Override
    public int type() {
        return FrameType.PATH_RESPONSE;
    }

    @Override
    public int encodedSize() {
        return SIZE;
    }

    @Override
    public void encode(ByteWriter out) {
        write(out, data);
    }
}
