package io.stoq.bench.baseline;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.function.Supplier;

/** Netty's own channels for each way to do input and output. */
enum NettyIo {
    EPOLL(
            "epoll",
            EpollIoHandler::newFactory,
            EpollDatagramChannel.class,
            EpollServerSocketChannel.class,
            EpollSocketChannel.class),
    IO_URING(
            "io_uring",
            IoUringIoHandler::newFactory,
            IoUringDatagramChannel.class,
            IoUringServerSocketChannel.class,
            IoUringSocketChannel.class),
    NIO(
            "nio",
            NioIoHandler::newFactory,
            NioDatagramChannel.class,
            NioServerSocketChannel.class,
            NioSocketChannel.class);

    final String label;
    final Class<? extends DatagramChannel> datagrams;
    final Class<? extends ServerSocketChannel> listener;
    final Class<? extends SocketChannel> stream;
    private final Supplier<IoHandlerFactory> handlers;

    NettyIo(
            String label,
            Supplier<IoHandlerFactory> handlers,
            Class<? extends DatagramChannel> datagrams,
            Class<? extends ServerSocketChannel> listener,
            Class<? extends SocketChannel> stream) {
        this.label = label;
        this.handlers = handlers;
        this.datagrams = datagrams;
        this.listener = listener;
        this.stream = stream;
    }

    /**
     * @param name {@code auto} takes epoll where it is available, which measures best
     * @throws UnsupportedOperationException where it is not available here
     */
    static NettyIo select(String name) {
        for (NettyIo io : values()) {
            if (io.label.equals(name) || name.equals("auto") && io.unavailability() == null) {
                if (io.unavailability() != null) {
                    throw new UnsupportedOperationException("Netty's " + name + " transport is not available: "
                            + io.unavailability().getMessage() + "; choose another, or auto");
                }
                return io;
            }
        }
        throw new IllegalArgumentException("unknown I/O '" + name + "'; choose auto, epoll, io_uring or nio");
    }

    EventLoopGroup loops(int count, String name) {
        return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(name, true), handlers.get());
    }

    private Throwable unavailability() {
        return switch (this) {
            case EPOLL -> Epoll.unavailabilityCause();
            case IO_URING -> IoUring.unavailabilityCause();
            case NIO -> null;
        };
    }
}
