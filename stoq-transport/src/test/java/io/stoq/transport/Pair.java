package io.stoq.transport;

import io.stoq.ConnectionTask;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.config.ConnectionConfig;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A client and a server over loopback sockets in one process. */
final class Pair implements AutoCloseable {

    static final Identity IDENTITY = Identity.selfSigned("localhost", "::1");

    final StoqTransport clientTransport;
    final StoqTransport serverTransport;
    final StoqServer server;
    final StoqConnection client;
    private final BlockingQueue<StoqConnection> accepted = new LinkedBlockingQueue<>();
    private StoqConnection peer;

    Pair(String io) throws Exception {
        this(io, ConnectionConfig.defaults(), ConnectionConfig.defaults(), builder -> builder);
    }

    /** Both transports have something of their own. */
    Pair(UnaryOperator<StoqTransport.Builder> transports) throws Exception {
        this("auto", ConnectionConfig.defaults(), ConnectionConfig.defaults(), builder -> builder, transports);
    }

    Pair(
            String io,
            ConnectionConfig clientConfig,
            ConnectionConfig serverConfig,
            UnaryOperator<ServerBuilder> customization)
            throws Exception {
        this(io, clientConfig, serverConfig, customization, builder -> builder);
    }

    private Pair(
            String io,
            ConnectionConfig clientConfig,
            ConnectionConfig serverConfig,
            UnaryOperator<ServerBuilder> customization,
            UnaryOperator<StoqTransport.Builder> transports)
            throws Exception {
        clientTransport =
                transports.apply(StoqTransport.builder().io(io).eventLoops(1)).build();
        serverTransport =
                transports.apply(StoqTransport.builder().io(io).eventLoops(1)).build();
        ConnectionTask remember = accepted::add;
        server = customization
                .apply(serverTransport
                        .server()
                        .tls(serverTls("test"))
                        .config(serverConfig)
                        .bind("::1", 0)
                        .onConnection(remember))
                .start();
        client = connect(clientConfig);
    }

    static StoqTls serverTls(String protocol) {
        return StoqTls.builder()
                .identity(IDENTITY)
                .applicationProtocols(protocol)
                .build();
    }

    static StoqTls clientTls(String protocol) {
        return StoqTls.builder()
                .trust(Trust.certificates(IDENTITY.certificates().getFirst()))
                .applicationProtocols(protocol)
                .build();
    }

    /** Writes to a new stream of the one and reads at the other, which takes the loops through many round trips. */
    static void exchange(StoqConnection from, StoqConnection to, int bytes) throws Exception {
        StoqStream stream = from.openStream();
        Thread writer = Thread.startVirtualThread(() -> {
            try {
                stream.outputStream().write(new byte[bytes]);
                stream.finish();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        StoqStream accepted = to.acceptStream();
        if (accepted.inputStream().readAllBytes().length != bytes) {
            throw new AssertionError("not all of " + bytes + " bytes arrived");
        }
        accepted.finish();
        writer.join();
    }

    StoqConnection connect(ConnectionConfig config) throws StoqException {
        return clientTransport
                .client()
                .tls(clientTls("test"))
                .config(config)
                .connect("::1", server.localAddress().getPort());
    }

    /** The server's end of the first connection. */
    StoqConnection peer() throws InterruptedException {
        if (peer == null) {
            peer = nextPeer();
        }
        return peer;
    }

    /** The server's end of the next connection. */
    StoqConnection nextPeer() throws InterruptedException {
        return accepted.poll(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        client.close();
        clientTransport.close();
        serverTransport.close();
        Buffers.requireAllGivenBack(clientTransport);
        Buffers.requireAllGivenBack(serverTransport);
    }
}
