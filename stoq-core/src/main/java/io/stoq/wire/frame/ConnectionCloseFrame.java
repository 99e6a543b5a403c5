package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import io.stoq.wire.Bytes;
import io.stoq.wire.VarInt;

/**
 * CONNECTION_CLOSE: the end, by the transport (0x1c) or the application (0x1d). RFC 9000 §19.19.
 *
 * @param frameType the frame that caused it, or 0; not sent for an application's close
 * @param reason meant to be UTF-8, but what a peer sends may be anything
 */
public record ConnectionCloseFrame(boolean application, long code, long frameType, Bytes reason) implements Frame {

    public static int size(boolean application, long code, long frameType, int reasonLength) {
        int frameTypeSize = application ? 0 : VarInt.size(frameType);
        return 1 + VarInt.size(code) + frameTypeSize + VarInt.size(reasonLength) + reasonLength;
    }

    public static void write(ByteWriter out, boolean application, long code, long frameType, byte[] reasonUtf8) {
        out.putByte(application ? FrameType.CONNECTION_CLOSE_APPLICATION : FrameType.CONNECTION_CLOSE);
        out.putVarInt(code);
        if (!application) {
            out.putVarInt(frameType);
        }
        out.putVarInt(reasonUtf8.length);
        out.putBytes(reasonUtf8, 0, reasonUtf8.length);
    }

    static void read(ByteReader in, boolean application, FrameSink sink) {
        long code = in.readVarInt();
        long frameType = application ? 0 : in.readVarInt();
        int reasonLength = in.readLength();
        int reasonAt = in.position;
        in.skip(reasonLength);
        sink.onConnectionClose(application, code, frameType, in.array, reasonAt, reasonLength);
    }

    @Override
    public int type() {
        return application ? FrameType.CONNECTION_CLOSE_APPLICATION : FrameType.CONNECTION_CLOSE;
    }

    @Override
    public int encodedSize() {
        return size(application, code, frameType, reason.length());
    }

    @Override
    public void encode(ByteWriter out) {
        write(out, application, code, frameType, reason.toArray());
    }
}
