package io.stoq.wire.frame;

import io.stoq.crypto.EncryptionLevel;
import io.stoq.wire.ByteReader;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.VarInt;

/**
 * Decodes the frames of a packet; the only decoder there is. Confined to one loop, reused for every packet.
 *
 * <p>Checks what a frame's form, its type and its packet's level decide. What depends on state or on who is client
 * and who is server is the {@link FrameSink}'s.
 */
public final class FrameReader {

    /** The packet has to be acknowledged. */
    public static final int ACK_ELICITING = 1;

    /** The packet has no frame but probing ones. RFC 9000 §9.1. */
    public static final int PROBING_ONLY = 2;

    private static final int ONE_BYTE_TYPES = 0x40;

    private final ByteReader in = new ByteReader();
    private final AckBlock ack = new AckBlock();

    /**
     * Decodes all frames of one packet's plaintext.
     *
     * @param at where the plaintext starts
     * @param limit where it ends, exclusive
     * @param level one of {@link EncryptionLevel}
     * @return {@link #ACK_ELICITING} and {@link #PROBING_ONLY}, or-ed
     * @throws TransportException PROTOCOL_VIOLATION for a packet without frames, a frame that the level forbids, a type
     *     not in its shortest form; FRAME_ENCODING_ERROR for an unknown type and for what is malformed, with the type
     */
    public int read(byte[] data, int at, int limit, int level, FrameSink sink) {
        if (at >= limit) {
            // RFC 9000 §12.4
            throw new TransportException(TransportErrorCode.PROTOCOL_VIOLATION, "packet without frames");
        }
        in.reset(data, at, limit);
        int seen = PROBING_ONLY;
        while (in.position < limit) {
            int type = readType(level);
            if (FrameType.isAckEliciting(type)) {
                seen |= ACK_ELICITING;
            }
            if (!FrameType.isProbing(type)) {
                seen &= ~PROBING_ONLY;
            }
            readFrame(type, sink);
        }
        return seen;
    }

    private int readType(int level) {
        int type = in.array[in.position] & 0xff;
        if (type >= ONE_BYTE_TYPES) {
            throw unknownType();
        }
        in.frameType = type;
        if (!FrameType.isAllowed(type, level)) {
            throw notAllowed(type);
        }
        in.position++;
        return type;
    }

    private void readFrame(int type, FrameSink sink) {
        switch (type) {
            case 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f -> StreamFrame.read(in, type, sink);
            case FrameType.ACK, FrameType.ACK_ECN -> AckFrame.read(in, type == FrameType.ACK_ECN, ack, sink);
            case FrameType.DATAGRAM, FrameType.DATAGRAM_WITH_LENGTH -> DatagramFrame.read(in, type, sink);
            case FrameType.CRYPTO -> CryptoFrame.read(in, sink);
            default -> readRareFrame(type, sink);
        }
    }

    private void readRareFrame(int type, FrameSink sink) {
        switch (type) {
            case FrameType.PADDING -> PaddingFrame.read(in, sink);
            case FrameType.PING -> sink.onPing();
            case FrameType.RESET_STREAM -> ResetStreamFrame.read(in, sink);
            case FrameType.STOP_SENDING -> StopSendingFrame.read(in, sink);
            case FrameType.NEW_TOKEN -> NewTokenFrame.read(in, sink);
            case FrameType.MAX_DATA -> MaxDataFrame.read(in, sink);
            case FrameType.MAX_STREAM_DATA -> MaxStreamDataFrame.read(in, sink);
            case FrameType.MAX_STREAMS_BIDI -> MaxStreamsFrame.read(in, true, sink);
            case FrameType.MAX_STREAMS_UNI -> MaxStreamsFrame.read(in, false, sink);
            case FrameType.DATA_BLOCKED -> DataBlockedFrame.read(in, sink);
            case FrameType.STREAM_DATA_BLOCKED -> StreamDataBlockedFrame.read(in, sink);
            case FrameType.STREAMS_BLOCKED_BIDI -> StreamsBlockedFrame.read(in, true, sink);
            case FrameType.STREAMS_BLOCKED_UNI -> StreamsBlockedFrame.read(in, false, sink);
            case FrameType.NEW_CONNECTION_ID -> NewConnectionIdFrame.read(in, sink);
            case FrameType.RETIRE_CONNECTION_ID -> RetireConnectionIdFrame.read(in, sink);
            case FrameType.PATH_CHALLENGE -> PathChallengeFrame.read(in, sink);
            case FrameType.PATH_RESPONSE -> PathResponseFrame.read(in, sink);
            case FrameType.CONNECTION_CLOSE -> ConnectionCloseFrame.read(in, false, sink);
            case FrameType.CONNECTION_CLOSE_APPLICATION -> ConnectionCloseFrame.read(in, true, sink);
            case FrameType.HANDSHAKE_DONE -> sink.onHandshakeDone();
            default -> throw unknownType();
        }
    }

    /** A type in more than one byte: none such is known, so it is unknown or one that should have been shorter. */
    private TransportException unknownType() {
        in.frameType = 0;
        int length = VarInt.lengthAt(in.array, in.position);
        long type = in.readVarInt();
        if (VarInt.size(type) < length) {
            // RFC 9000 §12.4
            return new TransportException(
                    TransportErrorCode.PROTOCOL_VIOLATION, type, "frame type is not in its shortest form");
        }
        return unknown(type);
    }

    private static TransportException notAllowed(int type) {
        if (!FrameType.isAllowed(type, EncryptionLevel.APPLICATION)) {
            return unknown(type);
        }
        // RFC 9000 §12.4 table 3
        return new TransportException(
                TransportErrorCode.PROTOCOL_VIOLATION, type, "frame is not allowed in this packet type");
    }

    private static TransportException unknown(long type) {
        return new TransportException(TransportErrorCode.FRAME_ENCODING_ERROR, type, "unknown frame type");
    }
}
