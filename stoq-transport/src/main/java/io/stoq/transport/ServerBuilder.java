package io.stoq.transport;

import io.stoq.ConnectionHandler;
import io.stoq.ConnectionTask;
import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.StreamTask;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.config.TokenPolicy;
import io.stoq.crypto.CryptoProvider;
import io.stoq.endpoint.Endpoint;
import io.stoq.transport.driver.ConnectionRole;
import io.stoq.transport.driver.LoopBuffers;
import io.stoq.transport.driver.LoopDriver;
import io.stoq.transport.driver.ServerEndpoint;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * Describes a server. Not thread-safe. Needed are {@link #tls}, {@link #bind} and somebody who takes the connections:
 * {@link #onConnection}, {@link #onStream} or {@link #handler}.
 */
public final class ServerBuilder {

    private static final ConnectionHandler NOBODY = new ConnectionHandler() {};

    private final StoqTransport transport;
    private CryptoProvider tls;
    private String host;
    private InetSocketAddress local;
    private int port;
    private ConnectionConfig config = ConnectionConfig.defaults();
    private EndpointConfig.Retry retry = EndpointConfig.Retry.WHEN_BUSY;
    private TokenPolicy tokens = TokenPolicy.defaults();
    private int maxConnections;
    private long memoryBytes;
    private ConnectionHandler handler = NOBODY;
    private ConnectionTask connectionTask;
    private StreamTask streamTask;

    ServerBuilder(StoqTransport transport) {
        this.transport = transport;
    }

    /** Who this server is and what it speaks, such as a {@code StoqTls} with an identity. */
    public ServerBuilder tls(CryptoProvider provider) {
        this.tls = Objects.requireNonNull(provider, "provider");
        return this;
    }

    /** @param address IPv6; port 0 for any free one */
    public ServerBuilder bind(InetSocketAddress address) {
        this.local = Objects.requireNonNull(address, "address");
        return this;
    }

    /**
     * @param host an IPv6 address of this machine such as {@code ::1}, or {@code ::} for all
     * @param port 0 for any free one
     */
    public ServerBuilder bind(String host, int port) {
        this.host = Objects.requireNonNull(host, "host");
        this.port = port;
        this.local = null;
        return this;
    }

    /** Limits and timing of its connections. */
    public ServerBuilder config(ConnectionConfig connections) {
        this.config = Objects.requireNonNull(connections, "connections");
        return this;
    }

    /** When clients must prove their address first. Default: when the server is busy. RFC 9000 §8.1.2. */
    public ServerBuilder retry(EndpointConfig.Retry when) {
        this.retry = Objects.requireNonNull(when, "when");
        return this;
    }

    /** What clients get to prove their address with when they come again. RFC 9000 §8.1.3. */
    public ServerBuilder tokens(TokenPolicy policy) {
        this.tokens = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** Connections at once; more are refused. Default 131072. */
    public ServerBuilder maxConnections(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("maxConnections is " + count + "; it must be 1 or more");
        }
        this.maxConnections = count;
        return this;
    }

    /**
     * What all its connections may hold in memory together, 1 MiB to 1 PiB. Default: the transport's
     * {@link StoqTransport.Builder#endpointMemoryBytes}.
     */
    public ServerBuilder memoryBytes(long bytes) {
        if (bytes < EndpointConfig.MIN_MEMORY_BYTES || bytes > EndpointConfig.MAX_MEMORY_BYTES) {
            throw new IllegalArgumentException("memoryBytes is " + bytes + "; it must be within "
                    + EndpointConfig.MIN_MEMORY_BYTES + ".." + EndpointConfig.MAX_MEMORY_BYTES);
        }
        this.memoryBytes = bytes;
        return this;
    }

    /** Runs for each connection on a virtual thread of its own. */
    public ServerBuilder onConnection(ConnectionTask task) {
        this.connectionTask = Objects.requireNonNull(task, "task");
        return this;
    }

    /** Runs for each stream that a client opens on a virtual thread of its own; takes the place of accepting streams. */
    public ServerBuilder onStream(StreamTask task) {
        this.streamTask = Objects.requireNonNull(task, "task");
        return this;
    }

    /** Hears of everything on the event loop, without waiting. */
    public ServerBuilder handler(ConnectionHandler connections) {
        this.handler = Objects.requireNonNull(connections, "connections");
        return this;
    }

    /**
     * Binds the port and starts to accept.
     *
     * @throws StoqException.Address where the address is not IPv6
     * @throws StoqException.Bind where it cannot be bound; the message says why and what to do
     * @throws IllegalStateException where something needed was not given
     */
    public StoqServer start() throws StoqException {
        require(
                tls != null,
                "tls(...) is missing: a server needs an identity, such as StoqTls.builder().identity(...)");
        require(
                local != null || host != null,
                "bind(...) is missing: name an address and a port, such as \"::\", 4433");
        require(
                handler != NOBODY || connectionTask != null || streamTask != null,
                "nobody takes the connections: give onConnection(...), onStream(...) or handler(...)");
        transport.requireOffLoop("start");
        transport.requireOpen();
        InetSocketAddress address = local != null ? Ipv6.require(local) : Ipv6.resolve(host, port);
        transport.interfaceMtus().lookUp(address.getAddress()); // known before the first connection asks
        EndpointConfig endpointConfig = EndpointConfig.server(config)
                .withRetry(retry)
                .withTokens(tokens)
                .withMemoryBytes(memoryBytes > 0 ? memoryBytes : transport.endpointMemoryBytes());
        if (maxConnections > 0) {
            endpointConfig = endpointConfig.withMaxConnections(maxConnections);
        }
        ServerEndpoint accepting = new ServerEndpoint(new ConnectionRole(handler, connectionTask, streamTask), config);
        LoopBuffers buffers = transport.buffers(transport.nextLoop());
        Endpoint endpoint = new Endpoint(endpointConfig, tls, accepting, buffers.pool(), transport.telemetry());
        LoopDriver driver = transport.open(buffers, endpoint, address, accepting::driver);
        return new BoundServer(driver);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalStateException(message);
        }
    }
}
