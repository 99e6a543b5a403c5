package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;

/**
 * A frame as an object, for tests and traces; the packet path uses the static methods of the records. RFC 9000 §19.
 *
 * <p>Each record's statics: {@code size} or {@code overhead} in bytes, {@code write} or {@code writeHeader}, which
 * expect that the writer has room.
 */
public sealed interface Frame
        permits PaddingFrame,
                PingFrame,
                AckFrame,
                ResetStreamFrame,
                StopSendingFrame,
                CryptoFrame,
                NewTokenFrame,
                StreamFrame,
                MaxDataFrame,
                MaxStreamDataFrame,
                MaxStreamsFrame,
                DataBlockedFrame,
                StreamDataBlockedFrame,
                StreamsBlockedFrame,
                NewConnectionIdFrame,
                RetireConnectionIdFrame,
                PathChallengeFrame,
                PathResponseFrame,
                ConnectionCloseFrame,
                HandshakeDoneFrame,
                DatagramFrame {

    /** The type with which {@link #encode} writes it, one of {@link FrameType}. */
    int type();

    /** Length in bytes of what {@link #encode} writes. */
    int encodedSize();

    void encode(ByteWriter out);
}
