package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import io.stoq.wire.Bytes;
import io.stoq.wire.PacketHeader;
import io.stoq.wire.VarInt;

/**
 * NEW_CONNECTION_ID: one more connection id to reach the sender by. RFC 9000 §19.15.
 *
 * @param retirePriorTo all ids with lower sequence numbers are to be retired
 * @param connectionId 1 to 20 bytes
 * @param resetToken 16 bytes
 */
public record NewConnectionIdFrame(long sequence, long retirePriorTo, Bytes connectionId, Bytes resetToken)
        implements Frame {

    /** Length of a stateless reset token, in bytes. */
    public static final int TOKEN_BYTES = 16;

    public static int size(long sequence, long retirePriorTo, int cidLength) {
        return 2 + VarInt.size(sequence) + VarInt.size(retirePriorTo) + cidLength + TOKEN_BYTES;
    }

    /** @param resetToken 16 bytes */
    public static void write(
            ByteWriter out, long sequence, long retirePriorTo, byte[] connectionId, byte[] resetToken) {
        out.putByte(FrameType.NEW_CONNECTION_ID);
        out.putVarInt(sequence);
        out.putVarInt(retirePriorTo);
        out.putByte(connectionId.length);
        out.putBytes(connectionId, 0, connectionId.length);
        out.putBytes(resetToken, 0, TOKEN_BYTES);
    }

    static void read(ByteReader in, FrameSink sink) {
        long sequence = in.readVarInt();
        long retirePriorTo = in.readVarInt();
        int cidLength = in.readByte();
        if (retirePriorTo > sequence) {
            // RFC 9000 §19.15
            throw in.malformed("NEW_CONNECTION_ID retires itself");
        }
        if (cidLength == 0 || cidLength > PacketHeader.MAX_CONNECTION_ID_BYTES) {
            // RFC 9000 §19.15
            throw in.malformed("NEW_CONNECTION_ID of a length outside 1..20");
        }
        int cidAt = in.position;
        in.skip(cidLength + TOKEN_BYTES);
        sink.onNewConnectionId(sequence, retirePriorTo, in.array, cidAt, cidLength, cidAt + cidLength);
    }

    @Override
    public int type() {
        return FrameType.NEW_CONNECTION_ID;
    }

    @Override
    public int encodedSize() {
        return size(sequence, retirePriorTo, connectionId.length());
    }

    @Override
    public void encode(ByteWriter out) {
        write(out, sequence, retirePriorTo, connectionId.toArray(), resetToken.toArray());
    }
}
