package io.stoq;

import java.net.InetSocketAddress;

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
     * Closes all connections with application code 0 and gives back the port. The peers are told; waits at most about one
     * second for that. Closing twice does nothing.
     */
    @Override
    void close();
}
