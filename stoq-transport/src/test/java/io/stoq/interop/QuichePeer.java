package io.stoq.interop;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.BoringSSLContextOption;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.codec.quic.SslEarlyDataReadyEvent;
import io.netty.handler.codec.quic.SslSessionTicketKey;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.Future;
import io.stoq.tls.Identity;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Netty's QUIC codec, which is Cloudflare's quiche, as the other side: a server that echoes, or a client. */
final class QuichePeer implements AutoCloseable {

    private static final int WINDOW_BYTES = 4 << 20;

    /** Application codes and reasons with which the other side closed. */
    final BlockingQueue<QuicConnectionCloseEvent> closes = new LinkedBlockingQueue<>();

    final BlockingQueue<byte[]> datagrams = new LinkedBlockingQueue<>();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final String[] groups;
    private boolean earlyData;
    private byte[] earlyQuestion;
    private QuicSslContext clientTls;
    private Channel socket;
    private QuicChannel connection;

    /** @param groups key exchange groups as BoringSSL calls them; its own choice where none is named */
    QuichePeer(String... groups) {
        this.groups = groups;
    }

    /** Sends early data, or takes it. */
    QuichePeer withEarlyData() {
        earlyData = true;
        return this;
    }

    /** A client asks this, on a stream of its own, as soon as early data may go. */
    void earlyQuestion(byte[] question) {
        earlyQuestion = question;
    }

    /** Starts a server on {@code ::1} that echoes streams and datagrams. */
    InetSocketAddress serve(Path certificate, Path key, boolean retry) throws Exception {
        QuicSslContextBuilder builder = QuicSslContextBuilder.forServer(key.toFile(), null, certificate.toFile())
                .applicationProtocols("echo")
                .earlyData(earlyData);
        if (groups.length > 0) {
            builder.option(BoringSSLContextOption.GROUPS, groups);
        }
        QuicSslContext tls = builder.build();
        tls.sessionContext()
                .setTicketKeys(new SslSessionTicketKey(
                        new byte[SslSessionTicketKey.NAME_SIZE],
                        new byte[SslSessionTicketKey.HMAC_KEY_SIZE],
                        new byte[SslSessionTicketKey.AES_KEY_SIZE]));
        ChannelHandler codec = new QuicServerCodecBuilder()
                .sslContext(tls)
                .maxIdleTimeout(30, TimeUnit.SECONDS)
                .initialMaxData(4L * WINDOW_BYTES)
                .initialMaxStreamDataBidirectionalLocal(WINDOW_BYTES)
                .initialMaxStreamDataBidirectionalRemote(WINDOW_BYTES)
                .initialMaxStreamDataUnidirectional(WINDOW_BYTES)
                .initialMaxStreamsBidirectional(100)
                .initialMaxStreamsUnidirectional(100)
                .datagram(100, 100)
                .tokenHandler(retry ? InsecureQuicTokenHandler.INSTANCE : null)
                .handler(new Events())
                .streamHandler(new Echo())
                .build();
        socket = bind(codec);
        return (InetSocketAddress) socket.localAddress();
    }

    /** Connects to a server, whatever its certificate. */
    QuicChannel connect(InetSocketAddress server) throws Exception {
        if (clientTls == null) {
            QuicSslContextBuilder builder = QuicSslContextBuilder.forClient()
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .applicationProtocols("echo")
                    .earlyData(earlyData);
            if (groups.length > 0) {
                builder.option(BoringSSLContextOption.GROUPS, groups);
            }
            clientTls = builder.build();
        }
        if (socket != null) {
            socket.close().sync();
        }
        socket = bind(new QuicClientCodecBuilder()
                // Sessions are kept by the server's name and port.
                .sslEngineProvider(channel -> clientTls.newEngine(channel.alloc(), "localhost", server.getPort()))
                .maxIdleTimeout(30, TimeUnit.SECONDS)
                .initialMaxData(4L * WINDOW_BYTES)
                .initialMaxStreamDataBidirectionalLocal(WINDOW_BYTES)
                .datagram(100, 100)
                .build());
        connection = QuicChannel.newBootstrap(socket)
                .handler(new Events())
                .streamHandler(new ChannelInboundHandlerAdapter())
                .remoteAddress(server)
                .connect()
                .get(20, TimeUnit.SECONDS);
        return connection;
    }

    /** Sends bytes on a stream of its own, and returns what comes back on it. */
    CompletableFuture<byte[]> ask(byte[] bytes) throws Exception {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        QuicStreamChannel stream = connection
                .createStream(QuicStreamType.BIDIRECTIONAL, new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
                        ByteBuf data = (ByteBuf) message;
                        data.readBytes(received, data.readableBytes());
                        data.release();
                    }

                    @Override
                    public void userEventTriggered(ChannelHandlerContext context, Object event) {
                        if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                            answer.complete(received.toByteArray());
                        }
                    }
                })
                .get(20, TimeUnit.SECONDS);
        stream.writeAndFlush(Unpooled.wrappedBuffer(bytes)).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
        return answer;
    }

    void close(int code, String reason) throws Exception {
        connection
                .close(true, code, Unpooled.wrappedBuffer(reason.getBytes(StandardCharsets.UTF_8)))
                .get(20, TimeUnit.SECONDS);
    }

    private Channel bind(ChannelHandler codec) throws Exception {
        return new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(codec)
                .bind(new InetSocketAddress("::1", 0))
                .sync()
                .channel();
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.close().syncUninterruptibly();
        }
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    static void write(Identity identity, Path directory) {
        identity.writePem(directory.resolve("cert.pem"), directory.resolve("key.pem"));
    }

    /** What happens to a connection; a server's datagrams go back where they came from. */
    private final class Events extends ChannelInboundHandlerAdapter {

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf datagram) {
                byte[] bytes = new byte[datagram.readableBytes()];
                datagram.getBytes(datagram.readerIndex(), bytes);
                datagrams.add(bytes);
                if (connection == null) {
                    context.writeAndFlush(datagram);
                } else {
                    datagram.release();
                }
            } else {
                context.fireChannelRead(message);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof QuicConnectionCloseEvent close) {
                closes.add(close);
            } else if (event instanceof SslEarlyDataReadyEvent && earlyQuestion != null) {
                QuicChannel early = (QuicChannel) context.channel();
                early.createStream(QuicStreamType.BIDIRECTIONAL, new ChannelInboundHandlerAdapter())
                        .addListener((Future<QuicStreamChannel> stream) -> stream.getNow()
                                .writeAndFlush(Unpooled.wrappedBuffer(earlyQuestion))
                                .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT));
            }
        }
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (((QuicStreamChannel) context.channel()).type() == QuicStreamType.BIDIRECTIONAL) {
                context.write(message);
            } else {
                ((ByteBuf) message).release();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE
                    && ((QuicStreamChannel) context.channel()).type() == QuicStreamType.BIDIRECTIONAL) {
                context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
            }
        }
    }
}
