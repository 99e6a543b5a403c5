package io.stoq.transport.driver;

import io.stoq.config.ConnectionConfig;
import io.stoq.connection.Connection;
import io.stoq.connection.ConnectionListener;
import io.stoq.endpoint.EndpointListener;

/** Meets the clients of a server. Confined to the loop, except that {@link #driver} comes before the first client. */
public final class ServerEndpoint implements EndpointListener {

    private final ConnectionRole role;
    private final ConnectionConfig config;
    private LoopDriver driver;

    public ServerEndpoint(ConnectionRole role, ConnectionConfig config) {
        this.role = role;
        this.config = config;
    }

    /** Who carries the connections. */
    public void driver(LoopDriver carrier) {
        this.driver = carrier;
    }

    @Override
    public ConnectionListener onConnection(Connection connection) {
        LoopConnection accepted = new LoopConnection(driver, role, config);
        accepted.bind(connection);
        return accepted;
    }
}
