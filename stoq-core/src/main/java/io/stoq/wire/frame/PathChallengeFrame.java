package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;

/** PATH_CHALLENGE: unpredictable data that proves a path when it comes back. RFC 9000 §19.17. */
public record PathChallengeFrame(long data) implements Frame {

    /** In bytes. */
    public static final int SIZE = 9;

    public static void write(ByteWriter out, long data) {
        out.putByte(FrameType.PATH_CHALLENGE);
        out.putLong(data);
    }

    static void read(ByteReader in, FrameSink sink) {
        sink.onPathChallenge(in.readLong());
    }

    @Override
    public int type() {
        return FrameType.PATH_CHALLENGE;
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
