package io.stoq.transport.io;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import java.net.InetSocketAddress;

/** One way to do socket input and output on an event loop. Stateless; any thread. */
public interface IoBackend {

    /** {@code epoll}, {@code io_uring} or {@code nio}. */
    String name();

    /** Whether this platform, kernel and permission set has it. */
    default boolean isAvailable() {
        return unavailableReason() == null;
    }

    /** Why {@link #isAvailable()} is false, as a clause that fits behind a colon; null when it is available. */
    String unavailableReason();

    /** Makes the handler of each event loop that is to carry sockets of this backend. */
    IoHandlerFactory handlerFactory();

    /**
     * Opens and binds a socket, and registers it with a loop whose handler came from {@link #handlerFactory()}.
     *
     * <p>Blocks for the registration when called outside the loop; call it inside only on the loop itself. The
     * handler may be called on the loop before this returns.
     *
     * @param local IPv6 address and port to bind; {@code ::} for all addresses, port 0 for one of the kernel's choice
     * @throws SocketOpenException when the address cannot be bound or is no IPv6 address; the message says what to do
     */
    UdpSocket open(IoEventLoop loop, InetSocketAddress local, SocketOptions options, SocketHandler handler)
            throws SocketOpenException;
}
