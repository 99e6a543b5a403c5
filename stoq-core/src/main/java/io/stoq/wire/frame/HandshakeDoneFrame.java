package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;

/** HANDSHAKE_DONE: a server confirms the handshake; only servers send it. RFC 9000 §19.20. */
public record HandshakeDoneFrame() implements Frame {

    /** In bytes. */
    public static final int SIZE = 1;

    public static void write(ByteWriter out) {
        out.putByte(FrameType.HANDSHAKE_DONE);
    }

    @Override
    public int type() {
        return FrameType.HANDSHAKE_DONE;
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
