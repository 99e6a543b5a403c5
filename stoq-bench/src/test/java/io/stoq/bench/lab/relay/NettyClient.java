package io.stoq.bench.lab.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.FingerprintTrustManagerFactory;
import io.stoq.bench.perf.Pattern;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Netty's QUIC codec as a client of the perf protocol, with one download at a time. */
final class NettyClient implements AutoCloseable {

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final QuicChannel connection;

    NettyClient(InetSocketAddress server, String fingerprint) throws Exception {
        var tls = QuicSslContextBuilder.forClient()
                .trustManager(FingerprintTrustManagerFactory.builder("SHA-256")
                        .fingerprints(fingerprint)
                        .build())
                .endpointIdentificationAlgorithm(null)
                .applicationProtocols("perf")
                .build();
        Channel socket = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(new QuicClientCodecBuilder()
                        .sslContext(tls)
                        .maxIdleTimeout(20, TimeUnit.SECONDS)
                        .initialMaxData(10_000_000)
                        .initialMaxStreamDataBidirectionalLocal(10_000_000)
                        .build())
                .bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0))
                .sync()
                .channel();
        connection = QuicChannel.newBootstrap(socket)
                .handler(new ChannelInboundHandlerAdapter())
                .streamHandler(new ChannelInboundHandlerAdapter())
                .remoteAddress(server)
                .connect()
                .get();
    }

    /** Asks for so many bytes; completes with as many as came until the stream's end, all of them the pattern's. */
    CompletableFuture<Long> download(long bytes) throws Exception {
        CompletableFuture<Long> received = new CompletableFuture<>();
        QuicStreamChannel stream = connection
                .createStream(QuicStreamType.BIDIRECTIONAL, new Reader(received))
                .get();
        stream.writeAndFlush(Unpooled.buffer(8).writeLong(bytes)).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
        return received;
    }

    @Override
    public void close() {
        connection.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static final class Reader extends ChannelInboundHandlerAdapter {

        private final CompletableFuture<Long> received;
        private long position;

        Reader(CompletableFuture<Long> received) {
            this.received = received;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf data = (ByteBuf) message;
            byte[] bytes = ByteBufUtil.getBytes(data);
            data.release();
            if (!Pattern.matches(ByteBuffer.wrap(bytes), position)) {
                received.completeExceptionally(new IOException("other bytes than were sent, near " + position));
            }
            position += bytes.length;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                received.complete(position);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            received.completeExceptionally(new IOException("the stream ended early, at " + position));
        }
    }
}
