package io.stoq.connection;

import io.stoq.CloseReason;
import io.stoq.stream.Stream;
import io.stoq.stream.StreamHandler;
import java.net.InetSocketAddress;

/**
 * What a connection tells its owner. Called on the connection's loop, from inside the engine: implementations return
 * quickly and may call back into the connection, except from {@link #onClosed}.
 */
public interface ConnectionListener {

    /** Streams can be opened now; the peer is authenticated as configured. RFC 9001 §4.1.1. */
    void onHandshakeComplete(Connection connection);

    /**
     * Early data may go, at a client, or was taken, at a server: streams can be opened, or come, before the handshake is
     * complete and the peer authenticated anew. RFC 9001 §4.6.
     */
    default void onEarlyData(Connection connection) {}

    /** At a client that sent early data: whether the server took it. If not, it is sent again as other data is. */
    default void onEarlyDataOutcome(Connection connection, boolean taken) {}

    /** The peer opened a stream; the answer takes its data. Called before its first data is delivered. */
    StreamHandler onStreamOpened(Connection connection, Stream stream);

    /** The peer allows more streams after {@link Connection#openStream} had to say no. */
    void onStreamsAvailable(Connection connection, boolean bidirectional);

    /** A DATAGRAM frame arrived; the bytes are borrowed for the call. RFC 9221. */
    void onDatagram(Connection connection, byte[] data, int at, int length);

    /** The peer moved to another address, which was validated or is being validated. RFC 9000 §9. */
    void onPathChanged(Connection connection, InetSocketAddress remote);

    /** {@link Connection#maxDatagramPayloadBytes()} is another: the path was found to carry more, or to carry less. */
    void onDatagramSize(Connection connection);

    /** A handler of a stream threw; the stream was reset. */
    void onHandlerFailure(Connection connection, Stream stream, Throwable failure);

    /**
     * The connection holds too much memory, so that its peer gets no more credit; or enough was given back. Called from
     * inside the engine: what is to be done about it has to wait until the engine returns.
     */
    default void onMemoryPressure(boolean pressed) {}

    /** The server gave a token for the next connection to it, to be used once. RFC 9000 §8.1.3. */
    default void onNewToken(Connection connection, byte[] token) {}

    /** The connection can no longer be used. Called exactly once. */
    void onClosed(Connection connection, CloseReason reason);
}
