package io.stoq.transport.io.epoll;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.stoq.transport.io.IoBackend;
import io.stoq.transport.io.SocketHandler;
import io.stoq.transport.io.SocketOpenException;
import io.stoq.transport.io.SocketOptions;
import io.stoq.transport.io.UdpSocket;
import io.stoq.transport.io.libc.Platform;
import io.stoq.transport.io.libc.UdpDescriptor;
import java.net.InetSocketAddress;

/** Sockets on Netty's epoll loops: readiness, then {@code sendmsg} and {@code recvmsg}. */
public final class EpollBackend implements IoBackend {

    @Override
    public String name() {
        return "epoll";
    }

    @Override
    public String unavailableReason() {
        String reason = Platform.unavailableReason();
        if (reason == null && !Epoll.isAvailable()) {
            reason = "Netty's epoll transport does not load: "
                    + Epoll.unavailabilityCause().getMessage();
        }
        return reason;
    }

    @Override
    public IoHandlerFactory handlerFactory() {
        return EpollIoHandler.newFactory();
    }

    @Override
    public UdpSocket open(IoEventLoop loop, InetSocketAddress local, SocketOptions options, SocketHandler handler)
            throws SocketOpenException {
        UdpDescriptor descriptor = UdpDescriptor.open(name(), local, options, false);
        EpollUdpSocket socket = new EpollUdpSocket(loop, descriptor, descriptor::send, handler);
        socket.start();
        return socket;
    }
}
