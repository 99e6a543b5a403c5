package io.stoq.transport.io.uring;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.stoq.transport.io.IoBackend;
import io.stoq.transport.io.SocketHandler;
import io.stoq.transport.io.SocketOpenException;
import io.stoq.transport.io.SocketOptions;
import io.stoq.transport.io.UdpSocket;
import io.stoq.transport.io.libc.Platform;
import io.stoq.transport.io.libc.UdpDescriptor;
import java.net.InetSocketAddress;

/** Sockets on Netty's io_uring loops: receives and sends as entries of the ring. */
public final class IoUringBackend implements IoBackend {

    @Override
    public String name() {
        return "io_uring";
    }

    @Override
    public String unavailableReason() {
        String reason = Platform.unavailableReason();
        if (reason == null && !IoUring.isAvailable()) {
            reason = "the kernel or the container does not allow it, or Netty's io_uring transport does not load: "
                    + IoUring.unavailabilityCause().getMessage();
        }
        return reason;
    }

    @Override
    public IoHandlerFactory handlerFactory() {
        return IoUringIoHandler.newFactory();
    }

    @Override
    public UdpSocket open(IoEventLoop loop, InetSocketAddress local, SocketOptions options, SocketHandler handler)
            throws SocketOpenException {
        IoUringUdpSocket socket = new IoUringUdpSocket(loop, UdpDescriptor.open(name(), local, options, true), handler);
        socket.start();
        return socket;
    }
}
