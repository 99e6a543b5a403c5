package io.stoq.transport;

import io.stoq.ConnectionHandler;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.config.ConnectionConfig;
import io.stoq.crypto.CryptoProvider;
import io.stoq.transport.driver.ConnectionRole;
import io.stoq.transport.driver.Deadline;
import io.stoq.transport.driver.Futures;
import io.stoq.transport.driver.LoopDriver;
import io.stoq.transport.driver.TokenCache;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** Describes connections to servers; each {@code connect} makes one. Not thread-safe while it is set up. */
public final class ClientBuilder {

    private static final ConnectionHandler NOBODY = new ConnectionHandler() {};

    private final StoqTransport transport;
    private CryptoProvider tls;
    private ConnectionConfig config = ConnectionConfig.defaults();
    private String serverName;
    private InetSocketAddress local = new InetSocketAddress("::", 0);
    private ConnectionHandler handler = NOBODY;
    private boolean earlyData;

    ClientBuilder(StoqTransport transport) {
        this.transport = transport;
    }

    /** Whom to trust and what to speak, such as a {@code StoqTls}. */
    public ClientBuilder tls(CryptoProvider provider) {
        this.tls = Objects.requireNonNull(provider, "provider");
        return this;
    }

    /** Limits and timing. */
    public ClientBuilder config(ConnectionConfig connections) {
        this.config = Objects.requireNonNull(connections, "connections");
        return this;
    }

    /** The name that the server's certificate must match. Default: the host that is connected to. */
    public ClientBuilder serverName(String name) {
        this.serverName = Objects.requireNonNull(name, "name");
        return this;
    }

    /** The address to send from, IPv6. Default any, with a port of the system's choice. */
    public ClientBuilder local(InetSocketAddress address) {
        this.local = Objects.requireNonNull(address, "address");
        return this;
    }

    /** Hears of everything on the event loop, without waiting. */
    public ClientBuilder handler(ConnectionHandler connection) {
        this.handler = Objects.requireNonNull(connection, "connection");
        return this;
    }

    /**
     * Whether streams may be opened before the handshake is complete, where the server is known from before and both sides'
     * TLS allow it ({@code StoqTls.Builder.earlyData}); connecting takes no round trip then. What is written goes out as early
     * data: somebody who records it may send it again. {@link StoqConnection#earlyData()} tells whether the server took it; if
     * not, it is sent again. Default false. RFC 9001 §4.6, §9.2.
     */
    public ClientBuilder earlyData(boolean wanted) {
        this.earlyData = wanted;
        return this;
    }

    /**
     * Connects and waits until the server has proved who it is; interruptible.
     *
     * @param host a name, or an IPv6 address with or without brackets. Of a name's addresses the first IPv6 one is used; a
     *     {@link StoqPool} tries them all
     * @throws StoqException.Address where there is no IPv6 address or no route to it
     * @throws StoqException.ConnectionClosed where the handshake failed or took longer than the configured time; the reason
     *     tells which
     * @throws IllegalStateException where {@link #tls} was not given
     */
    public StoqConnection connect(String host, int port) throws StoqException {
        transport.requireOffLoop("connect");
        return Futures.await(start(host, port), "connect", Deadline.NEVER, StoqConnection::close);
    }

    /** As {@link #connect(String, int)}; without a {@link #serverName} the certificate must show the address. */
    public StoqConnection connect(InetSocketAddress server) throws StoqException {
        return connect(hostOf(server), server.getPort());
    }

    /** As {@link #connect(String, int)}, without waiting; name resolution included. Cancelling it gives it up. */
    public CompletableFuture<StoqConnection> connectAsync(String host, int port) {
        requireTls();
        CompletableFuture<StoqConnection> connected = new CompletableFuture<>();
        Thread.ofVirtual().name("stoq-connect").start(() -> {
            try {
                start(host, port).whenComplete((connection, failure) -> {
                    if (failure != null) {
                        connected.completeExceptionally(failure);
                    } else if (!connected.complete(connection)) {
                        connection.close();
                    }
                });
            } catch (Exception failure) { // belongs to whoever waits for the future
                connected.completeExceptionally(failure);
            }
        });
        return connected;
    }

    /** As {@link #connect(InetSocketAddress)}, without waiting. */
    public CompletableFuture<StoqConnection> connectAsync(InetSocketAddress server) {
        return connectAsync(hostOf(server), server.getPort());
    }

    private CompletableFuture<StoqConnection> start(String host, int port) throws StoqException {
        requireTls();
        transport.requireOpen();
        InetSocketAddress remote = Ipv6.resolve(host, port);
        InetSocketAddress from = Ipv6.require(local);
        InetAddress source = Ipv6.requireRoute(remote);
        int interfaceMtu =
                transport.interfaceMtus().lookUp(from.getAddress().isAnyLocalAddress() ? source : from.getAddress());
        String name = serverName != null ? serverName : Ipv6.serverName(host);
        ConnectionRole role = new ConnectionRole(handler, null, null, earlyData);
        TokenCache.Server tokens = transport.tokens().of(tls, name, remote);
        while (true) {
            LoopDriver driver = transport.clients().driver(tls, from);
            CompletableFuture<StoqConnection> connection =
                    driver.connect(remote, name, config, role, interfaceMtu, tokens);
            if (connection != null) {
                return connection;
            }
            // The socket closed in this very moment, for want of connections.
            transport.requireOpen();
        }
    }

    /** What was set; null before {@link #requireTls} has passed. */
    CryptoProvider tls() {
        return tls;
    }

    /** The name that was set, or null. */
    String serverName() {
        return serverName;
    }

    void requireTls() {
        if (tls == null) {
            throw new IllegalStateException("tls(...) is missing: say whom to trust and what to speak, such as"
                    + " StoqTls.builder().applicationProtocols(...).build()");
        }
    }

    private static String hostOf(InetSocketAddress server) {
        return server.isUnresolved()
                ? server.getHostString()
                : server.getAddress().getHostAddress();
    }
}
