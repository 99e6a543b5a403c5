package io.stoq.bench.baseline;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionStats;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import io.netty.util.concurrent.Future;
import io.stoq.bench.perf.ServerProcess;
import io.stoq.bench.perf.Snapshot;
import io.stoq.bench.perf.Tally;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** One process of a transfer by Netty's codec: its loops, sockets and connections. Any thread. */
final class NettyQuicSide implements BulkServer {

    /** Room for a train as the kernel hands it over. */
    private static final int TRAIN_BUFFER_BYTES = 1 << 16;

    private final BulkLoad load;
    private final NettyQuicSettings settings;
    private final NettyIo io;
    private final EventLoopGroup loops;
    private final boolean sender;
    private final boolean countsDrops;
    private final Tally tally = new Tally();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final CallCounter calls = new CallCounter();
    private final List<Channel> sockets = new ArrayList<>();
    private final List<QuicChannel> connections = new CopyOnWriteArrayList<>();
    private String fingerprint = "";

    private NettyQuicSide(BulkLoad load, boolean server) {
        this.load = load;
        this.settings = NettyQuicSettings.of(load.payloadBytes(), load.congestion(), load.tuning());
        this.io = NettyIo.select(load.io());
        this.sender = load.up() != server;
        this.countsDrops = !server;
        this.loops = io.loops(server ? 1 : Runtime.getRuntime().availableProcessors(), "netty-quic");
    }

    /** A server has one socket on one loop, as Netty's codec and STOQ both do. */
    static NettyQuicSide listen(BulkLoad load, QuicSslContext tls, String fingerprint) throws IOException {
        NettyQuicSide side = new NettyQuicSide(load, true);
        side.fingerprint = fingerprint;
        QuicServerCodecBuilder codec = side.settings
                .apply(new QuicServerCodecBuilder())
                .sslContext(tls)
                .tokenHandler(InsecureQuicTokenHandler.INSTANCE)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }

                    @Override
                    public void channelActive(ChannelHandlerContext context) {
                        side.connections.add((QuicChannel) context.channel());
                    }
                })
                .streamHandler(side.streams());
        if (side.segments()) {
            codec.option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, side.trains());
        }
        try {
            side.bind(codec.build());
            return side;
        } catch (IOException e) {
            side.close();
            throw e;
        }
    }

    /** Connections are spread over the loops; those on one loop share a socket. */
    static NettyQuicSide connect(BulkLoad load, QuicSslContext tls, InetSocketAddress server) throws IOException {
        NettyQuicSide side = new NettyQuicSide(load, false);
        try {
            int count = Math.min(load.connections(), Runtime.getRuntime().availableProcessors());
            for (int i = 0; i < count; i++) {
                side.bind(side.settings
                        .apply(new QuicClientCodecBuilder())
                        .sslContext(tls)
                        .build());
            }
            for (int i = 0; i < load.connections(); i++) {
                side.open(side.sockets.get(i % count), server);
            }
            return side;
        } catch (IOException e) {
            side.close();
            throw e;
        }
    }

    private void bind(ChannelHandler codec) throws IOException {
        Bootstrap bootstrap = new Bootstrap()
                .group(loops)
                .channel(io.datagrams)
                .option(ChannelOption.SO_RCVBUF, settings.socketBufferBytes())
                .option(ChannelOption.SO_SNDBUF, settings.socketBufferBytes())
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        calls.receives(
                                coalesces() ? TRAIN_BUFFER_BYTES : Math.max(2048, settings.payloadBytes()),
                                settings.messagesPerRead()))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(calls.sends(), codec);
                    }
                });
        if (coalesces()) {
            bootstrap.option(EpollChannelOption.UDP_GRO, true);
        }
        sockets.add(await(bootstrap.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0)), "bind")
                .channel());
    }

    private void open(Channel socket, InetSocketAddress server) throws IOException {
        var bootstrap = QuicChannel.newBootstrap(socket)
                .handler(new ChannelInboundHandlerAdapter())
                .remoteAddress(server);
        if (segments()) {
            bootstrap.option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, trains());
        }
        QuicChannel connection = await(bootstrap.connect(), "connect").getNow();
        connections.add(connection);
        String suite = connection.sslEngine().getSession().getCipherSuite();
        if (!suite.equals(BulkServer.CIPHER_SUITE)) {
            throw new IOException(NettyQuic.NAME + " agreed on " + suite + ", which would compare apples with pears");
        }
        Channel stream = await(connection.createStream(QuicStreamType.BIDIRECTIONAL, streams()), "open a stream")
                .getNow();
        if (!sender) {
            // The server sees a stream by its first byte.
            stream.writeAndFlush(Unpooled.buffer(1).writeByte(0));
        }
    }

    private ChannelHandler streams() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.config().setWriteBufferWaterMark(BulkWriter.watermark(settings.writeBytes()));
                stream.pipeline()
                        .addLast(
                                sender
                                        ? new BulkWriter(settings.writeBytes(), failure)
                                        : new BulkReader(tally, load.verify(), failure));
            }
        };
    }

    private boolean segments() {
        return settings.gsoSegments() > 1 && io != NettyIo.NIO;
    }

    private boolean coalesces() {
        return settings.gro() && io == NettyIo.EPOLL;
    }

    private SegmentedDatagramPacketAllocator trains() {
        return EpollQuicUtils.newSegmentedAllocator(settings.gsoSegments());
    }

    @Override
    public ServerProcess.Greeting greeting() {
        return new ServerProcess.Greeting(
                ((InetSocketAddress) sockets.getFirst().localAddress()).getPort(), fingerprint);
    }

    @Override
    public Snapshot snapshot() throws IOException {
        if (failure.get() != null) {
            throw new IOException(NettyQuic.NAME + " has broken down: " + failure.get(), failure.get());
        }
        long sent = 0;
        long lost = 0;
        long rttNs = Snapshot.UNKNOWN;
        for (QuicChannel connection : connections) {
            if (!connection.isActive()) {
                throw new IOException(
                        "a connection of " + NettyQuic.NAME + " has ended before its time", failure.get());
            }
            QuicConnectionStats statistics =
                    await(connection.collectStats(), "count packets").getNow();
            sent += statistics.sent();
            lost += statistics.lost();
            rttNs = Math.max(
                    rttNs,
                    await(connection.collectPathStats(0), "time packets")
                            .getNow()
                            .rtt());
        }
        return Snapshot.of(
                tally,
                sent,
                lost,
                rttNs,
                load.payloadBytes(),
                calls.statistics(io.label, countsDrops ? KernelCounters.udp6ReceiveBufferErrors() : 0));
    }

    @Override
    public void close() {
        loops.shutdownGracefully();
    }

    private static <F extends Future<?>> F await(F future, String purpose) throws IOException {
        if (!future.awaitUninterruptibly().isSuccess()) {
            throw new IOException(NettyQuic.NAME + " could not " + purpose + ": " + future.cause(), future.cause());
        }
        return future;
    }
}
