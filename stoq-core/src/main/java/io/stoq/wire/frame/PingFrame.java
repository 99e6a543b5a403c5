package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;

/** PING: asks for an acknowledgement and nothing else. RFC 9000 §19.2. */
public record PingFrame() implements Frame {

    /** In bytes. */
    public static final int SIZE = 1;

    public static void write(ByteWriter out) {
        out.putByte(FrameType.PING);
    }

    @Override
    public int type() {
        return FrameType.PING;
    }

    @Override
    public int encodedSize() {
        return SIZE;
    }

    @Override
    public void encode(ByteWriter out) {
        write(out);
    }
}
