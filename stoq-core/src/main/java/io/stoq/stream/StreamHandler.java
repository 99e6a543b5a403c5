package io.stoq.stream;

/**
 * What an application does with one stream. All calls come on the connection's loop, from inside the engine.
 *
 * <p>Every call may use the stream again: write, finish, reset, stop, resume, or open other streams. A handler that throws
 * loses its stream: it is reset in both directions with application error code 0, and the exception goes to
 * {@link StreamsListener#onHandlerFailure}.
 */
public interface StreamHandler {

    /**
     * Bytes in order. The array is borrowed for the call.
     *
     * @return how many bytes were taken, 0 to {@code length}. The stream keeps the rest and stays quiet until
     *     {@link Stream#resume()}; only taken bytes give the peer new credit. A {@code resume()} from inside this call counts
     *     if at least one byte was taken.
     */
    int onData(Stream stream, byte[] data, int at, int length);

    /** The peer finished its direction, and the last byte was taken. */
    void onFinished(Stream stream);

    /** The peer abandoned its direction; bytes that were not taken are gone. Not called after {@link Stream#stopSending}. */
    void onReset(Stream stream, long errorCode);

    /**
     * The peer wants no more bytes. Unless this call resets the stream itself, the stream is reset with the same code when it
     * returns. RFC 9000 §3.5.
     */
    void onStopSending(Stream stream, long errorCode);

    /**
     * The connection held too much memory, and this stream much of it: it was reset in both directions with
     * {@link io.stoq.StoqStream#OVER_BUDGET}. Only {@link #onClosed} follows.
     */
    default void onOverBudget(Stream stream) {}

    /** What the handler itself keeps for the stream, in bytes of memory: it was charged to the connection. */
    default long heldBytes(Stream stream) {
        return 0;
    }

    /** {@link Stream#bufferedBytes()} fell to the low-water mark after it had reached the high-water mark. */
    void onWritable(Stream stream);

    /** Both directions are over; nothing follows. */
    void onClosed(Stream stream);
}
