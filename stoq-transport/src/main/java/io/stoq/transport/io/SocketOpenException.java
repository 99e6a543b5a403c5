package io.stoq.transport.io;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.Serial;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** A socket could not be opened. The message names the address at fault and what to do about it. */
public final class SocketOpenException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    public SocketOpenException(String message) {
        super(message);
    }

    public SocketOpenException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Refuses whatever is no IPv6 address; v4-mapped ones are IPv4 addresses to Java already. */
    public static void requireIpv6(InetSocketAddress local) throws SocketOpenException {
        if (local.isUnresolved()) {
            throw new SocketOpenException("cannot bind " + local.getHostString()
                    + ": no address is known for that name; give an IPv6 address, or :: for all of this machine's");
        }
        if (!(local.getAddress() instanceof Inet6Address)) {
            throw new SocketOpenException("cannot bind " + format(local)
                    + ": STOQ is IPv6 only, this is an IPv4 address;"
                    + " give an IPv6 address such as ::1, or :: for all of this machine's");
        }
    }

    public static SocketOpenException portInUse(InetSocketAddress local, Throwable cause) {
        return new SocketOpenException(
                "cannot bind " + format(local) + ": the port " + local.getPort()
                        + " is in use; choose another, or 0 for any free one, or stop the program that holds it",
                cause);
    }

    public static SocketOpenException addressNotAvailable(InetSocketAddress local, Throwable cause) {
        return new SocketOpenException(
                "cannot bind " + format(local) + ": no interface of this machine has that address;"
                        + " choose one that it has, or :: for all",
                cause);
    }

    public static SocketOpenException notPermitted(InetSocketAddress local, Throwable cause) {
        return new SocketOpenException(
                "cannot bind " + format(local) + ": this process is not permitted to; ports below 1024 need privileges,"
                        + " choose a higher one",
                cause);
    }

    public static SocketOpenException scopeMissing(InetSocketAddress local) {
        return new SocketOpenException("cannot bind " + format(local)
                + ": a link-local address needs its interface; add it, as in fe80::1%eth0");
    }

    public static SocketOpenException failed(InetSocketAddress local, String reason) {
        return new SocketOpenException("cannot open a socket for " + format(local) + ": " + reason);
    }

    public static SocketOpenException failed(InetSocketAddress local, Throwable cause) {
        return new SocketOpenException("cannot open a socket for " + format(local) + ": " + cause.getMessage(), cause);
    }

    /** The address and port as people write them: {@code [::1]:4433}. */
    public static String format(InetSocketAddress address) {
        return NetUtil.toSocketAddressString(address);
    }
}
