package io.stoq.bench.cli;

import io.stoq.ConnectionHandler;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.bench.net.HostPort;
import io.stoq.bench.perf.PerfLoad;
import io.stoq.tls.StoqTls;
import io.stoq.transport.ClientBuilder;
import io.stoq.transport.StoqTransport;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A server, and how to connect to it.
 *
 * @param protocol what {@code tls} offers, for messages
 */
record Target(StoqTransport transport, StoqTls tls, String protocol, HostPort address, TransportOptions options)
        implements PerfLoad.Connector {

    /** @throws StoqException whose message names the server */
    @Override
    public StoqConnection connect() throws StoqException {
        try {
            return client().connect(address.host(), address.port());
        } catch (StoqException.Address e) {
            throw e;
        } catch (StoqException e) {
            throw new StoqException(
                    "cannot connect to " + address + " as " + protocol + " client: " + FailureText.of(e), e);
        }
    }

    /** As {@link #connect()}, without waiting and without words for it. */
    CompletableFuture<StoqConnection> connectAsync() {
        return client().connectAsync(address.host(), address.port());
    }

    /** Connects again and again as {@link #connectAsync()} does, with somebody who hears of the connections. */
    Supplier<CompletableFuture<StoqConnection>> connector(ConnectionHandler handler) {
        ClientBuilder client = client().handler(handler);
        return () -> client.connectAsync(address.host(), address.port());
    }

    private ClientBuilder client() {
        return transport.client().tls(tls).config(options.connectionConfig().build());
    }
}
