package io.stoq.endpoint;

import io.stoq.connection.Connection;
import io.stoq.connection.ConnectionListener;

/** What an endpoint tells its owner. Called on the endpoint's loop. */
public interface EndpointListener {

    /**
     * A client's first Initial packet is authentic.
     *
     * @return who observes the connection; null refuses it with CONNECTION_REFUSED
     */
    ConnectionListener onConnection(Connection connection);
}
