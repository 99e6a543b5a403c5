package io.stoq.bench.cli;

import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.bench.net.HostPort;
import io.stoq.bench.perf.PerfLoad;
import io.stoq.tls.StoqTls;
import io.stoq.transport.StoqTransport;

/** The server that a measurement connects to. */
record PerfTarget(StoqTransport transport, StoqTls tls, HostPort address, TransportOptions options)
        implements PerfLoad.Connector {

    @Override
    public StoqConnection connect() throws StoqException {
        return transport
                .client()
                .tls(tls)
                .config(options.connectionConfig().build())
                .connect(address.host(), address.port());
    }
}
