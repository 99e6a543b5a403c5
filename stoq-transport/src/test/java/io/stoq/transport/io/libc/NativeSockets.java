package io.stoq.transport.io.libc;

import io.stoq.transport.io.IoBackend;
import io.stoq.transport.io.SocketOpenException;
import io.stoq.transport.io.SocketOptions;
import io.stoq.transport.io.TestPeer;
import java.net.InetSocketAddress;

/** Makes the kernel refuse segmentation, as devices without checksum offload do. */
public final class NativeSockets {

    /** Sends carry no UDP checksum; there is no segmentation without one. */
    private static final int UDP_NO_CHECK6_TX = 101;

    private static final int UDP_NO_CHECK6_RX = 102;

    private NativeSockets() {}

    /** A descriptor that offers GSO and refuses every segmented send. */
    public static UdpDescriptor withoutWorkingGso(IoBackend backend, boolean blocking) throws SocketOpenException {
        UdpDescriptor descriptor =
                UdpDescriptor.open(backend.name(), TestPeer.loopback(0), SocketOptions.DEFAULT, blocking);
        set(descriptor, UDP_NO_CHECK6_TX);
        return descriptor;
    }

    /** A descriptor that takes datagrams without checksum. */
    public static UdpDescriptor tolerant(IoBackend backend, boolean blocking) throws SocketOpenException {
        UdpDescriptor descriptor =
                UdpDescriptor.open(backend.name(), TestPeer.loopback(0), SocketOptions.DEFAULT, blocking);
        set(descriptor, UDP_NO_CHECK6_RX);
        return descriptor;
    }

    /** A descriptor of a system that does not let sockets forbid fragmentation. */
    public static UdpDescriptor fragmenting(
            IoBackend backend, InetSocketAddress local, SocketOptions options, boolean blocking)
            throws SocketOpenException {
        return UdpDescriptor.open(backend.name(), local, options, blocking, (state, fd, level, option, value) -> {
            boolean refused =
                    level == Linux.IPPROTO_IPV6 && (option == Linux.IPV6_MTU_DISCOVER || option == Linux.IPV6_DONTFRAG);
            return refused ? -Errno.EINVAL : Libc.setsockopt(state, fd, level, option, value);
        });
    }

    private static void set(UdpDescriptor descriptor, int option) {
        if (!descriptor.setOption(Linux.IPPROTO_UDP, option, 1)) {
            throw new AssertionError("the kernel refuses UDP option " + option);
        }
    }
}
