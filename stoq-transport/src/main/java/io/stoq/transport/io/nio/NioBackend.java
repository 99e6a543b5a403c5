package io.stoq.transport.io.nio;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.stoq.transport.io.IoBackend;
import io.stoq.transport.io.SocketCapabilities;
import io.stoq.transport.io.SocketHandler;
import io.stoq.transport.io.SocketOpenException;
import io.stoq.transport.io.SocketOptions;
import io.stoq.transport.io.UdpSocket;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;

/**
 * Sockets of the JDK on Netty's NIO loops: everywhere, without native access, and without what needs control
 * messages.
 */
public final class NioBackend implements IoBackend {

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public String unavailableReason() {
        return Boolean.getBoolean("java.net.preferIPv4Stack")
                ? "java.net.preferIPv4Stack=true takes IPv6 away from Java; remove it"
                : null;
    }

    @Override
    public IoHandlerFactory handlerFactory() {
        return NioIoHandler.newFactory();
    }

    @Override
    public UdpSocket open(IoEventLoop loop, InetSocketAddress local, SocketOptions options, SocketHandler handler)
            throws SocketOpenException {
        SocketOpenException.requireIpv6(local);
        NioUdpSocket socket = openSocket(loop, local, options, handler);
        socket.start();
        return socket;
    }

    private NioUdpSocket openSocket(
            IoEventLoop loop, InetSocketAddress local, SocketOptions options, SocketHandler handler)
            throws SocketOpenException {
        DatagramChannel channel = null;
        try {
            channel = DatagramChannel.open(StandardProtocolFamily.INET6);
            configure(channel, options);
            channel.bind(local);
            SocketCapabilities capabilities = capabilities(channel, options, forbidFragmentation(channel));
            return new NioUdpSocket(loop, channel, capabilities, handler);
        } catch (IOException | RuntimeException e) {
            if (channel != null) {
                closeAfterFailure(channel, e);
            }
            throw failure(local, e);
        }
    }

    private static void configure(DatagramChannel channel, SocketOptions options) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBufferBytes());
        channel.setOption(StandardSocketOptions.SO_SNDBUF, options.sendBufferBytes());
        if (options.reusePort()) {
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        }
    }

    /** The option belongs to the module jdk.net, which a trimmed runtime may lack; so it is looked up by its name. */
    @SuppressWarnings("unchecked") // the type was compared
    private static boolean forbidFragmentation(DatagramChannel channel) throws IOException {
        for (SocketOption<?> option : channel.supportedOptions()) {
            // RFC 9000 §14: datagrams are not to be fragmented.
            if (option.name().equals("IP_DONTFRAGMENT") && option.type() == Boolean.class) {
                channel.setOption((SocketOption<Boolean>) option, true);
                return true;
            }
        }
        return false;
    }

    private SocketCapabilities capabilities(DatagramChannel channel, SocketOptions options, boolean dontFragment)
            throws IOException {
        int receiveBuffer = channel.getOption(StandardSocketOptions.SO_RCVBUF);
        int sendBuffer = channel.getOption(StandardSocketOptions.SO_SNDBUF);
        int maxDatagram = options.maxDatagramBytes();
        return new SocketCapabilities(
                name(), false, false, false, false, dontFragment, 1, maxDatagram, receiveBuffer, sendBuffer);
    }

    private static void closeAfterFailure(DatagramChannel channel, Exception failure) {
        try {
            channel.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Java tells the cause in words only: those of the C library on Unix, of the JDK on Windows. */
    private static SocketOpenException failure(InetSocketAddress local, Exception cause) {
        String words = String.valueOf(cause.getMessage());
        Inet6Address ip = (Inet6Address) local.getAddress();
        if (words.contains("Address already in use")) {
            return SocketOpenException.portInUse(local, cause);
        }
        if (words.contains("Permission denied")) {
            return SocketOpenException.notPermitted(local, cause);
        }
        if (cause instanceof SocketException && ip.isLinkLocalAddress() && ip.getScopeId() == 0) {
            return SocketOpenException.scopeMissing(local);
        }
        return cause instanceof BindException
                ? SocketOpenException.addressNotAvailable(local, cause)
                : SocketOpenException.failed(local, cause);
    }
}
