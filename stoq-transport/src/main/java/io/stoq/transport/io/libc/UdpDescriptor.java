package io.stoq.transport.io.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.stoq.buffer.Transmit;
import io.stoq.transport.io.SocketCapabilities;
import io.stoq.transport.io.SocketCounters;
import io.stoq.transport.io.SocketOpenException;
import io.stoq.transport.io.SocketOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/**
 * A bound IPv6 UDP descriptor with its memory: one arena, freed by {@link #close()} together with the descriptor.
 *
 * <p>Opened on any thread, then confined to one loop.
 */
public final class UdpDescriptor implements AutoCloseable {

    /** The system call that tests replace. */
    interface OptionCall {
        /** Returns 0, or an error number negated. */
        int setsockopt(MemorySegment callState, int fd, int level, int option, MemorySegment value);
    }

    private final Arena arena;
    private final OptionCall optionCall;
    private final MemorySegment callState;
    private final MemorySegment value;
    private final MemorySegment valueLength;
    private final int fd;
    private final SocketAddresses addresses = new SocketAddresses();
    private InetSocketAddress localAddress;
    private SocketCapabilities capabilities;

    private UdpDescriptor(Arena arena, OptionCall optionCall, InetSocketAddress local, boolean blocking)
            throws SocketOpenException {
        this.arena = arena;
        this.optionCall = optionCall;
        callState = Libc.newCallState(arena);
        value = arena.allocate(JAVA_INT);
        valueLength = arena.allocate(JAVA_INT);
        int type = Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC | (blocking ? 0 : Linux.SOCK_NONBLOCK);
        fd = Libc.socket(callState, Linux.AF_INET6, type, 0);
        if (fd == -Errno.EMFILE) {
            throw new SocketOpenException("cannot open a socket for " + SocketOpenException.format(local)
                    + ": the process has as many open files as it may; raise the limit (ulimit -n)");
        }
        if (fd < 0) {
            throw SocketOpenException.failed(local, "socket: " + Errno.describe(-fd));
        }
    }

    /**
     * Opens, configures and binds.
     *
     * @param name the mechanism, for the capabilities
     * @param blocking false for readiness-driven use; io_uring wants a blocking descriptor, to wait by itself
     */
    public static UdpDescriptor open(String name, InetSocketAddress local, SocketOptions options, boolean blocking)
            throws SocketOpenException {
        return open(name, local, options, blocking, Libc::setsockopt);
    }

    static UdpDescriptor open(
            String name, InetSocketAddress local, SocketOptions options, boolean blocking, OptionCall optionCall)
            throws SocketOpenException {
        SocketOpenException.requireIpv6(local);
        Arena arena = Arena.ofShared();
        UdpDescriptor descriptor = null;
        try {
            descriptor = new UdpDescriptor(arena, optionCall, local, blocking);
            descriptor.configure(name, local, options);
            descriptor.bind(local);
            return descriptor;
        } catch (SocketOpenException | RuntimeException | Error e) {
            if (descriptor == null) {
                arena.close();
            } else {
                descriptor.close();
            }
            throw e;
        }
    }

    /** The descriptor's number. */
    public int fd() {
        return fd;
    }

    /** The address bound to. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /** What it can do, as found when it was opened. */
    public SocketCapabilities capabilities() {
        return capabilities;
    }

    /** Memory for one receive, of this descriptor's lifetime. */
    public ReceiveSlot newReceiveSlot() {
        return new ReceiveSlot(arena);
    }

    /** Memory for one send, of this descriptor's lifetime. */
    public SendSlot newSendSlot(SocketCounters counters) {
        return new SendSlot(arena, capabilities.maxSegments(), addresses, counters);
    }

    /** What reads the receive slots. */
    public ReceiveDecoder newReceiveDecoder(SocketCounters counters) {
        return new ReceiveDecoder(addresses, counters);
    }

    /** Sends without waiting; returns bytes, or an error number negated. */
    public int send(MemorySegment message) {
        return Libc.sendmsg(callState, fd, message, Linux.MSG_DONTWAIT);
    }

    /** Receives without waiting; returns bytes, or an error number negated. */
    public int receive(MemorySegment message) {
        return Libc.recvmsg(callState, fd, message, Linux.MSG_DONTWAIT);
    }

    /** Sets an int option; returns whether the kernel took it. */
    public boolean setOption(int level, int option, int setting) {
        value.set(JAVA_INT, 0, setting);
        return optionCall.setsockopt(callState, fd, level, option, value) >= 0;
    }

    /** Closes the descriptor and frees all memory handed out; nothing may be in flight. */
    @Override
    public void close() {
        closeButKeepMemory();
        arena.close();
    }

    /** Closes the descriptor alone, where the kernel may hold pointers still; the memory is lost. */
    public void closeButKeepMemory() {
        Libc.close(callState, fd);
    }

    private void configure(String name, InetSocketAddress local, SocketOptions options) throws SocketOpenException {
        require(local, "IPV6_V6ONLY", Linux.IPPROTO_IPV6, Linux.IPV6_V6ONLY, 1);
        // RFC 9000 §14: datagrams are not to be fragmented. PROBE leaves the path's MTU to QUIC's own discovery: the
        // kernel
        // asks the interface alone, and believes no Packet Too Big.
        boolean probing = setOption(Linux.IPPROTO_IPV6, Linux.IPV6_MTU_DISCOVER, Linux.IPV6_PMTUDISC_PROBE);
        boolean dontFragment = setOption(Linux.IPPROTO_IPV6, Linux.IPV6_DONTFRAG, 1) || probing;
        if (options.reusePort()) {
            require(local, "SO_REUSEPORT", Linux.SOL_SOCKET, Linux.SO_REUSEPORT, 1);
        }
        setOption(Linux.SOL_SOCKET, Linux.SO_RXQ_OVFL, 1);
        boolean ecn = setOption(Linux.IPPROTO_IPV6, Linux.IPV6_RECVTCLASS, 1);
        boolean localAddresses = setOption(Linux.IPPROTO_IPV6, Linux.IPV6_RECVPKTINFO, 1);
        // Size 0 means no segmentation unless a send asks for it; a kernel without GSO does not know the option.
        boolean gso = options.gso() && setOption(Linux.IPPROTO_UDP, Linux.UDP_SEGMENT, 0);
        boolean gro = options.gro() && setOption(Linux.IPPROTO_UDP, Linux.UDP_GRO, 1);
        int receiveBuffer = bufferSize(Linux.SO_RCVBUFFORCE, Linux.SO_RCVBUF, options.receiveBufferBytes());
        int sendBuffer = bufferSize(Linux.SO_SNDBUFFORCE, Linux.SO_SNDBUF, options.sendBufferBytes());
        capabilities = new SocketCapabilities(
                name,
                gso,
                gro,
                ecn,
                localAddresses,
                dontFragment,
                gso ? Transmit.MAX_SEGMENTS : 1,
                options.maxDatagramBytes(),
                receiveBuffer,
                sendBuffer);
    }

    private void require(InetSocketAddress local, String name, int level, int option, int setting)
            throws SocketOpenException {
        if (!setOption(level, option, setting)) {
            throw SocketOpenException.failed(local, "the kernel refuses the socket option " + name);
        }
    }

    /** Asks beyond the system's limit first, which privileged processes may; returns what was granted. */
    private int bufferSize(int forced, int plain, int bytes) {
        if (!setOption(Linux.SOL_SOCKET, forced, bytes)) {
            setOption(Linux.SOL_SOCKET, plain, bytes);
        }
        valueLength.set(JAVA_INT, 0, Integer.BYTES);
        int result = Libc.getsockopt(callState, fd, Linux.SOL_SOCKET, plain, value, valueLength);
        // socket(7): the kernel doubles what is asked for, for its own bookkeeping, and tells the double.
        return result < 0 ? 0 : value.get(JAVA_INT, 0) / 2;
    }

    private void bind(InetSocketAddress local) throws SocketOpenException {
        MemorySegment address = arena.allocate(SocketAddresses.BYTES, Long.BYTES);
        SocketAddresses.write(local, address);
        int result = Libc.bind(callState, fd, address);
        if (result < 0) {
            throw bindFailure(local, -result);
        }
        valueLength.set(JAVA_INT, 0, SocketAddresses.BYTES);
        result = Libc.getsockname(callState, fd, address, valueLength);
        if (result < 0) {
            throw SocketOpenException.failed(local, "getsockname: " + Errno.describe(-result));
        }
        localAddress = addresses.readRemote(address);
    }

    private static SocketOpenException bindFailure(InetSocketAddress local, int errno) {
        Inet6Address ip = (Inet6Address) local.getAddress();
        if (errno == Errno.EINVAL && ip.isLinkLocalAddress() && ip.getScopeId() == 0) {
            return SocketOpenException.scopeMissing(local);
        }
        return switch (errno) {
            case Errno.EADDRINUSE -> SocketOpenException.portInUse(local, null);
            case Errno.EADDRNOTAVAIL -> SocketOpenException.addressNotAvailable(local, null);
            case Errno.EACCES, Errno.EPERM -> SocketOpenException.notPermitted(local, null);
            default -> SocketOpenException.failed(local, "bind: " + Errno.describe(errno));
        };
    }
}
