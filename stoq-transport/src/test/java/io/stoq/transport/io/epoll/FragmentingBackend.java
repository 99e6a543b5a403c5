package io.stoq.transport.io.epoll;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.stoq.transport.io.IoBackend;
import io.stoq.transport.io.SocketHandler;
import io.stoq.transport.io.SocketOpenException;
import io.stoq.transport.io.SocketOptions;
import io.stoq.transport.io.UdpSocket;
import io.stoq.transport.io.libc.NativeSockets;
import io.stoq.transport.io.libc.UdpDescriptor;
import java.net.InetSocketAddress;

/** The epoll backend on a system that does not let sockets forbid fragmentation. */
public final class FragmentingBackend implements IoBackend {

    private final EpollBackend epoll = new EpollBackend();

    @Override
    public String name() {
        return epoll.name();
    }

    @Override
    public String unavailableReason() {
        return epoll.unavailableReason();
    }

    @Override
    public IoHandlerFactory handlerFactory() {
        return epoll.handlerFactory();
    }

    @Override
    public UdpSocket open(IoEventLoop loop, InetSocketAddress local, SocketOptions options, SocketHandler handler)
            throws SocketOpenException {
        UdpDescriptor descriptor = NativeSockets.fragmenting(epoll, local, options, false);
        EpollUdpSocket socket = new EpollUdpSocket(loop, descriptor, descriptor::send, handler);
        socket.start();
        return socket;
    }
}
