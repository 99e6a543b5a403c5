package io.stoq.transport;

import io.stoq.ConnectionHandler;
import io.stoq.ConnectionTask;
import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.StreamTask;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.crypto.CryptoProvider;
import io.stoq.transport.driver.Acceptance;
import java.net.InetSocketAddress;
import java.util.Objects;

/** Sets up a server; made by {@link StoqTransport#server()}. Not thread-safe. */
public final class ServerBuilder {

    private final StoqTransport transport;
    private CryptoProvider tls;
    private InetSocketAddress local;
    private String host = "::";
    private int port;
    private ConnectionConfig config = ConnectionConfig.defaults();
    private EndpointConfig.Retry retry = EndpointConfig.Retry.NEVER;
    private int maxConnections = 1 << 17;
    private ConnectionHandler handler;
    private ConnectionTask connectionTask;
    private StreamTask streamTask;

    ServerBuilder(StoqTransport transport) {
        this.transport = transport;
    }

    /** Identity, protocols and trust; required. */
    public ServerBuilder tls(CryptoProvider provider) {
        this.tls = Objects.requireNonNull(provider, "tls");
        return this;
    }

    /** Where to listen. Default all addresses, a port of the kernel's choice. */
    public ServerBuilder bind(InetSocketAddress address) {
        this.local = Objects.requireNonNull(address, "address");
        return this;
    }

    /** Where to listen: {@code ::} for all addresses, port 0 for one of the kernel's choice. */
    public ServerBuilder bind(String ipv6Address, int portNumber) {
        this.local = null;
        this.host = Objects.requireNonNull(ipv6Address, "ipv6Address");
        this.port = portNumber;
        return this;
    }

    /** Limits and timing of the connections. */
    public ServerBuilder config(ConnectionConfig connectionConfig) {
        this.config = Objects.requireNonNull(connectionConfig, "config");
        return this;
    }

    /** Whether clients must prove their address first. Default never. RFC 9000 §8.1.2. */
    public ServerBuilder retry(EndpointConfig.Retry when) {
        this.retry = Objects.requireNonNull(when, "retry");
        return this;
    }

    /** Connections at once, over which new ones are refused. Default 131,072. */
    public ServerBuilder maxConnections(int count) {
        this.maxConnections = count;
        return this;
    }

    /** Hears of everything on the event loop. */
    public ServerBuilder handler(ConnectionHandler connectionHandler) {
        this.handler = connectionHandler;
        return this;
    }

    /** Gets each connection on a virtual thread of its own. */
    public ServerBuilder onConnection(ConnectionTask task) {
        this.connectionTask = task;
        return this;
    }

    /** Gets each stream that a client opens on a virtual thread of its own. */
    public ServerBuilder onStream(StreamTask task) {
        this.streamTask = task;
        return this;
    }

    /**
     * Binds and starts to accept.
     *
     * @throws StoqException.Bind where the address or port cannot be used
     * @throws StoqException.Address where the address is not IPv6
     */
    public StoqServer start() throws StoqException {
        if (tls == null) {
            throw new IllegalStateException("a server needs tls(...): its certificate, key and protocols");
        }
        InetSocketAddress address = local == null ? Addresses.resolve(host, port) : Addresses.require(local);
        EndpointConfig endpoint = EndpointConfig.server(config).withRetry(retry).withMaxConnections(maxConnections);
        return new LoopServer(
                transport,
                transport.openServer(address, endpoint, tls, new Acceptance(handler, connectionTask, streamTask)));
    }
}
