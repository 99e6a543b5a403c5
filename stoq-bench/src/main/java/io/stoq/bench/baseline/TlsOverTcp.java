package io.stoq.bench.baseline;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.FingerprintTrustManagerFactory;
import io.netty.util.concurrent.Future;
import io.stoq.SocketStatistics;
import io.stoq.bench.perf.ServerProcess;
import io.stoq.bench.perf.Snapshot;
import io.stoq.bench.perf.Tally;
import io.stoq.tls.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * TLS 1.3 over TCP: Netty's sockets, BoringSSL behind JNI. The payload size means nothing to it: over loopback the kernel
 * makes segments of 64 KiB.
 */
public final class TlsOverTcp implements Baseline {

    static final String NAME = "tls-tcp";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> jvmArguments() {
        return NettyQuic.UNCHECKED_BUFFERS;
    }

    @Override
    public void requireValid(Tuning tuning, String congestion) {
        Settings.of(tuning);
    }

    @Override
    public String aead(BulkLoad load) {
        return "boringssl in netty-tcnative";
    }

    @Override
    public BulkServer serve(BulkLoad load) throws IOException {
        requireBoringSsl();
        Identity identity = Identity.selfSigned("localhost", "::1");
        Side side = new Side(load, identity.sha256Fingerprint(), false);
        try (PemFiles files = new PemFiles(identity)) {
            side.listen(SslContextBuilder.forServer(files.certificate(), files.key())
                    .sslProvider(SslProvider.OPENSSL)
                    .protocols("TLSv1.3")
                    .build());
            return side;
        } catch (IOException e) {
            side.close();
            throw e;
        }
    }

    @Override
    public BulkPeer connect(BulkLoad load, ServerProcess.Greeting server) throws IOException {
        requireBoringSsl();
        SslContext tls = SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL)
                .protocols("TLSv1.3")
                .trustManager(FingerprintTrustManagerFactory.builder("SHA-256")
                        .fingerprints(server.fingerprint())
                        .build())
                .endpointIdentificationAlgorithm(null) // the certificate itself is known
                .build();
        Side side = new Side(load, "", true);
        try {
            for (int i = 0; i < load.connections(); i++) {
                side.connect(tls, server.port());
            }
            return side;
        } catch (IOException e) {
            side.close();
            throw e;
        }
    }

    private static void requireBoringSsl() throws IOException {
        if (!OpenSsl.isAvailable()) {
            throw new IOException(
                    NAME + " needs Netty's BoringSSL, which does not load: " + OpenSsl.unavailabilityCause(),
                    OpenSsl.unavailabilityCause());
        }
    }

    /**
     * The defaults are the best that were found.
     *
     * @param writeBytes length of each write
     * @param readBytes room for each read: two records of 16 KiB and a part of the next
     * @param socketBufferBytes of the kernel, each way
     */
    private record Settings(int writeBytes, int readBytes, int socketBufferBytes) {

        static Settings of(Tuning tuning) {
            Settings settings = new Settings(
                    tuning.number("write", 64 << 10),
                    tuning.number("read", 40 << 10),
                    tuning.number("buffers", 4 << 20));
            tuning.requireKnown(NAME);
            return settings;
        }
    }

    /** One process of a transfer. */
    private static final class Side implements BulkServer {

        private final BulkLoad load;
        private final NettyIo io;
        private final EventLoopGroup loops;
        private final String fingerprint;
        private final boolean client;
        private final boolean sender;
        private final Settings settings;
        private final Tally tally = new Tally();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final List<Channel> connections = new CopyOnWriteArrayList<>();
        private Channel listener;

        Side(BulkLoad load, String fingerprint, boolean client) {
            this.load = load;
            this.fingerprint = fingerprint;
            this.client = client;
            this.sender = load.up() == client;
            this.settings = Settings.of(load.tuning());
            this.io = NettyIo.select(load.io());
            this.loops = io.loops(Runtime.getRuntime().availableProcessors(), NAME);
        }

        void listen(SslContext tls) throws IOException {
            ServerBootstrap bootstrap = new ServerBootstrap()
                    .group(loops)
                    .channel(io.listener)
                    .option(ChannelOption.SO_RCVBUF, settings.socketBufferBytes)
                    .childHandler(pipeline(tls));
            options(bootstrap::childOption);
            listener = await(bootstrap.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0)), "bind")
                    .channel();
        }

        void connect(SslContext tls, int port) throws IOException {
            Bootstrap bootstrap =
                    new Bootstrap().group(loops).channel(io.stream).handler(pipeline(tls));
            options(bootstrap::option);
            Channel channel = await(bootstrap.connect(InetAddress.ofLiteral("::1"), port), "connect")
                    .channel();
            SslHandler handler = channel.pipeline().get(SslHandler.class);
            await(handler.handshakeFuture(), "shake hands");
            String suite = handler.engine().getSession().getCipherSuite();
            if (!suite.equals(CIPHER_SUITE)) {
                throw new IOException(NAME + " agreed on " + suite + ", and not on " + CIPHER_SUITE + " as the others");
            }
        }

        private void options(Options options) {
            options.set(ChannelOption.SO_RCVBUF, settings.socketBufferBytes);
            options.set(ChannelOption.SO_SNDBUF, settings.socketBufferBytes);
            options.set(ChannelOption.TCP_NODELAY, true);
            options.set(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(settings.readBytes));
            options.set(ChannelOption.WRITE_BUFFER_WATER_MARK, BulkWriter.watermark(settings.writeBytes));
        }

        private ChannelInitializer<Channel> pipeline(SslContext tls) {
            return new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    SslHandler handler = tls.newHandler(channel.alloc());
                    connections.add(channel);
                    channel.pipeline()
                            .addLast(
                                    handler,
                                    sender
                                            ? new BulkWriter(settings.writeBytes, failure)
                                            : new BulkReader(tally, load.verify(), failure));
                }
            };
        }

        @Override
        public ServerProcess.Greeting greeting() {
            return new ServerProcess.Greeting(((InetSocketAddress) listener.localAddress()).getPort(), fingerprint);
        }

        @Override
        public Snapshot snapshot() throws IOException {
            if (failure.get() != null) {
                throw new IOException(NAME + " has broken down: " + failure.get(), failure.get());
            }
            for (Channel connection : connections) {
                if (!connection.isActive()) {
                    throw new IOException("a connection of " + NAME + " has ended before its time");
                }
            }
            return Snapshot.of(
                    tally,
                    Snapshot.UNKNOWN,
                    sender ? KernelCounters.tcpRetransmissions() : Snapshot.UNKNOWN,
                    Snapshot.UNKNOWN,
                    0,
                    SocketStatistics.none(io.label));
        }

        @Override
        public void close() {
            loops.shutdownGracefully();
        }

        private static <F extends Future<?>> F await(F future, String purpose) throws IOException {
            if (!future.awaitUninterruptibly().isSuccess()) {
                throw new IOException(NAME + " could not " + purpose + ": " + future.cause(), future.cause());
            }
            return future;
        }

        private interface Options {
            <T> void set(ChannelOption<T> option, T value);
        }
    }
}
