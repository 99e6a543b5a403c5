package io.stoq.stream;

/** What a connection wants to know about its streams. All calls come on the connection's loop. */
public interface StreamsListener {

    /**
     * The peer opened a stream; comes before its first data.
     *
     * @return who handles the stream; null refuses it: it is reset in both directions with application error code 0
     */
    StreamHandler onStreamOpened(Stream stream);

    /** {@link Streams#open} returned null before, and can succeed now. */
    void onStreamsAvailable(boolean bidirectional);

    /** A call of the application made something sendable. */
    void onWantsTransmit();

    /** A handler, or a release callback of a chunk, threw. The stream is reset in both directions already. */
    void onHandlerFailure(Stream stream, Throwable failure);
}
