package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import java.util.Arrays;

/**
 * PADDING: bytes of zero, a run of them taken as one. RFC 9000 §19.1.
 *
 * @param length of the run, in bytes
 */
public record PaddingFrame(int length) implements Frame {

    public static void write(ByteWriter out, int length) {
        Arrays.fill(out.array, out.position, out.position + length, (byte) 0);
        out.position += length;
    }

    static void read(ByteReader in, FrameSink sink) {
        int from = in.position - 1;
        int at = in.position;
        while (at < in.limit && in.array[at] == 0) {
            at++;
        }
        in.position = at;
        sink.onPadding(at - from);
    }

    @Override
    public int type() {
        return FrameType.PADDING;
    }

    @Override
    public int encodedSize() {
        return length;
    }

    @Override
    public void encode(ByteWriter out) {
        write(out, length);
    }
}
