package io.stoq.wire.frame;

/**
 * Takes the frames of a packet from {@link FrameReader}, in their order; called on the reader's thread.
 *
 * <p>Arrays and the {@link AckBlock} are borrowed for the call. A sink ends the packet by throwing
 * {@link io.stoq.wire.TransportException}.
 */
public interface FrameSink {

    /** A run of PADDING frames, reported once; few care. */
    default void onPadding(int length) {}

    void onPing();

    void onAck(AckBlock ack);

    void onResetStream(long id, long code, long finalSize);

    void onStopSending(long id, long code);

    /** {@code offset + length} is at most 2^62 - 1. */
    void onCrypto(long offset, byte[] data, int at, int length);

    /** Never empty. */
    void onNewToken(byte[] data, int at, int length);

    /** {@code offset + length} is at most 2^62 - 1. */
    void onStream(long id, long offset, byte[] data, int at, int length, boolean fin);

    void onMaxData(long maximum);

    void onMaxStreamData(long id, long maximum);

    /** At most 2^60. */
    void onMaxStreams(boolean bidirectional, long maximum);

    void onDataBlocked(long limit);

    void onStreamDataBlocked(long id, long limit);

    /** At most 2^60. */
    void onStreamsBlocked(boolean bidirectional, long limit);

    /** {@code cidLength} is 1 to 20, {@code retirePriorTo} at most {@code sequence}, the token has 16 bytes. */
    void onNewConnectionId(long sequence, long retirePriorTo, byte[] data, int cidAt, int cidLength, int tokenAt);

    void onRetireConnectionId(long sequence);

    void onPathChallenge(long data);

    void onPathResponse(long data);

    /** {@code frameType} is 0 where the peer named none, and for an application's close. */
    void onConnectionClose(boolean application, long code, long frameType, byte[] data, int reasonAt, int reasonLength);

    void onHandshakeDone();

    void onDatagram(byte[] data, int at, int length);
}
