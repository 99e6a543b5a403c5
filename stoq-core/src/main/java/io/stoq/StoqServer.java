package io.stoq;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A socket that accepts connections. Thread-safe. */
public interface StoqServer extends AutoCloseable {

    /** The address bound to, with the port that was chosen where 0 was asked for. */
    InetSocketAddress localAddress();

    /** Connections that are open or on their way to be, as of a moment ago. */
    int connections();

    /** What the server did so far, as of a moment ago. */
    EndpointStatistics statistics();

    /** What its socket did so far, as of a moment ago. */
    SocketStatistics socketStatistics();

    /**
     * Ends the server in good order. From now on new connections are refused with CONNECTION_REFUSED, and streams that clients
     * open are reset with code 0. A connection closes, with application code 0, when its streams are over in both directions, those
     * of this side too, and all that was received is acknowledged; at once where it has none. When the time has passed the others
     * are closed as by {@link StoqConnection#close(long, String)}. QUIC v1 has no frame by which to announce any of this (RFC 9000
     * has no GOAWAY): a client learns it from the resets and the close, and what it had sent on a stream that was refused was not
     * given to the application.
     *
     * <p>Returns when the port is given back, about one second after the time has passed at the latest. A second call may shorten
     * the time, and has the same outcome.
     *
     * @param timeout how long streams in flight may take
     * @param code the application's code for connections that are cut, 0 to 2^62-1
     * @throws StoqException.Interrupted where the thread is interrupted; the shutdown goes on
     */
    ShutdownOutcome shutdown(Duration timeout, long code) throws StoqException.Interrupted;

    /** As {@link #shutdown}, without waiting. Completes on the server's event loop. */
    CompletableFuture<ShutdownOutcome> shutdownAsync(Duration timeout, long code);

    /**
     * Closes all connections with application code 0 and gives back the port. The peers are told; waits at most about one
     * second for that, and must not be called on the server's event loop. Closing twice does nothing.
     */
    @Override
    void close();
}
