package io.stoq.transport;

import io.netty.channel.IoEventLoop;
import io.stoq.ConnectionHandler;
import io.stoq.StoqException;
import io.stoq.config.ConnectionConfig;
import io.stoq.crypto.CryptoProvider;
import io.stoq.pool.PoolConfig;
import io.stoq.pool.PoolEvents;
import io.stoq.transport.telemetry.FlightRecorder;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/** Describes a pool of connections to one endpoint. Not thread-safe. */
public final class PoolBuilder {

    private final StoqTransport transport;
    private final ClientBuilder client;
    private final String host;
    private final int port;
    private PoolConfig config = PoolConfig.defaults();
    private PoolResolver resolver = PoolResolver.system();
    private PoolEvents events;
    private String name;
    private LongSupplier random = new SplittableRandom()::nextLong;

    PoolBuilder(StoqTransport transport, String host, int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + "; it must be within 1..65535");
        }
        this.transport = transport;
        this.host = Objects.requireNonNull(host, "host");
        this.port = port;
        this.name = host + ":" + port;
        this.client = transport.client().serverName(Ipv6.serverName(host));
    }

    /** Whom to trust and what to speak, such as a {@code StoqTls}. */
    public PoolBuilder tls(CryptoProvider provider) {
        client.tls(provider);
        return this;
    }

    /** Limits and timing of each connection. The handshake timeout is how long an address may take to answer. */
    public PoolBuilder connections(ConnectionConfig connections) {
        client.config(connections);
        return this;
    }

    /** The name that the server's certificate must match. Default: the host. */
    public PoolBuilder serverName(String name) {
        client.serverName(name);
        return this;
    }

    /** The address to send from, IPv6. With a fixed port all connections share one loop. Default any. */
    public PoolBuilder local(InetSocketAddress address) {
        client.local(address);
        return this;
    }

    /** Hears of everything on the connections' event loops, without waiting. */
    public PoolBuilder handler(ConnectionHandler connection) {
        client.handler(connection);
        return this;
    }

    /** How many connections, and when one is replaced. */
    public PoolBuilder config(PoolConfig pool) {
        this.config = Objects.requireNonNull(pool, "pool");
        return this;
    }

    /** Who finds the endpoint's addresses. Default {@link PoolResolver#system()}. */
    public PoolBuilder resolver(PoolResolver addresses) {
        this.resolver = Objects.requireNonNull(addresses, "addresses");
        return this;
    }

    /** Hears what the pool does, on a virtual thread. */
    public PoolBuilder events(PoolEvents listener) {
        this.events = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * What metrics and recordings call it. Where an open pool of the transport is called so, {@code -2} and so on is added.
     * Default {@code host:port}.
     */
    public PoolBuilder name(String value) {
        this.name = Objects.requireNonNull(value, "value");
        return this;
    }

    /** Where the jitter comes from. */
    PoolBuilder random(LongSupplier source) {
        this.random = source;
        return this;
    }

    /**
     * Makes the pool and begins to open its {@code minConnections}; does not wait for them.
     *
     * @throws IllegalStateException where {@link #tls} was not given
     * @throws StoqException.Closed where the transport is closed
     */
    public StoqPool build() throws StoqException.Closed {
        client.requireTls();
        transport.requireOpen();
        IoEventLoop loop = transport.buffers(transport.nextLoop()).loop();
        StoqPool pool = named(name, loop);
        for (int i = 2; !transport.remember(pool); i++) {
            pool = named(name + "-" + i, loop);
        }
        pool.start();
        return pool;
    }

    private StoqPool named(String unique, IoEventLoop loop) {
        PoolEvents recording = FlightRecorder.pool(unique);
        PoolDriver driver =
                new PoolDriver(loop, client, resolver, host, port, config, random, new EventSink(events), recording);
        return new StoqPool(transport, driver, config, unique, host + ":" + port);
    }
}
