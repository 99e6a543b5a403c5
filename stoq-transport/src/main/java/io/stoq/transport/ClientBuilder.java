package io.stoq.transport;

import io.stoq.ConnectionHandler;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StreamTask;
import io.stoq.config.ConnectionConfig;
import io.stoq.crypto.CryptoProvider;
import io.stoq.transport.driver.Acceptance;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Sets up connections to servers; made by {@link StoqTransport#client()}. Not thread-safe. */
public final class ClientBuilder {

    private final StoqTransport transport;
    private CryptoProvider tls;
    private ConnectionConfig config = ConnectionConfig.defaults();
    private InetSocketAddress local = new InetSocketAddress("::", 0);
    private String serverName;
    private ConnectionHandler handler;
    private StreamTask streamTask;

    ClientBuilder(StoqTransport transport) {
        this.transport = transport;
    }

    /** Trust and protocols; required. */
    public ClientBuilder tls(CryptoProvider provider) {
        this.tls = Objects.requireNonNull(provider, "tls");
        return this;
    }

    /** Limits and timing. */
    public ClientBuilder config(ConnectionConfig connectionConfig) {
        this.config = Objects.requireNonNull(connectionConfig, "config");
        return this;
    }

    /** What the server's certificate must match. Default: the host that is connected to. */
    public ClientBuilder serverName(String name) {
        this.serverName = name;
        return this;
    }

    /** The address to send from. Default: the kernel chooses. */
    public ClientBuilder local(InetSocketAddress address) {
        this.local = Objects.requireNonNull(address, "local");
        return this;
    }

    /** Hears of everything on the event loop. */
    public ClientBuilder handler(ConnectionHandler connectionHandler) {
        this.handler = connectionHandler;
        return this;
    }

    /** Gets each stream that the server opens on a virtual thread of its own. */
    public ClientBuilder onStream(StreamTask task) {
        this.streamTask = task;
        return this;
    }

    /**
     * Connects, and returns when the handshake is complete; waits at most for the configured handshake timeout.
     *
     * @param host DNS name with an AAAA record, or IPv6 literal
     * @throws StoqException.ConnectionClosed where the handshake failed; its reason says why
     * @throws StoqException.Address where the host has no IPv6 address
     */
    public StoqConnection connect(String host, int port) throws StoqException {
        CompletableFuture<StoqConnection> connecting = connectAsync(host, port);
        try {
            return connecting.get();
        } catch (InterruptedException interrupted) {
            connecting.cancel(false);
            Thread.currentThread().interrupt();
            throw new StoqException.Interrupted("interrupted while connecting to " + host, 0);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof StoqException known
                    ? known
                    : new StoqException("connecting to " + host + " failed: " + failure.getCause(), failure.getCause());
        }
    }

    /** As {@link #connect(String, int)}, to an address; the server's name is its literal unless one is set. */
    public StoqConnection connect(InetSocketAddress address) throws StoqException {
        InetSocketAddress checked = Addresses.require(address);
        return connect(checked.getAddress().getHostAddress(), checked.getPort());
    }

    /** Connects without waiting. What is wrong with the address is thrown here, all else completes the future. */
    public CompletableFuture<StoqConnection> connectAsync(String host, int port) throws StoqException {
        if (tls == null) {
            throw new IllegalStateException("a client needs tls(...): whom it trusts and the protocols it speaks");
        }
        InetSocketAddress remote = Addresses.resolve(host, port);
        if (port == 0) {
            throw new IllegalArgumentException("port is 0; a server listens on 1..65535");
        }
        String name = serverName != null ? serverName : bare(host);
        CompletableFuture<StoqConnection> connected = new CompletableFuture<>();
        transport
                .clientDriver(Addresses.require(local), tls)
                .connect(remote, name, config, new Acceptance(handler, null, streamTask))
                .whenComplete((connection, failure) -> {
                    if (failure != null) {
                        connected.completeExceptionally(failure);
                    } else if (!connected.complete(connection)) {
                        connection.close();
                    }
                });
        return connected;
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
