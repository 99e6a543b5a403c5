package io.stoq.transport;

import io.stoq.StoqException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Turns what people write into IPv6 socket addresses, and says what to do where that cannot be. */
final class Addresses {

    private static final String REMEDY =
            "; STOQ is IPv6 only: use an IPv6 address such as ::1, or a name with an AAAA record";

    private Addresses() {}

    static InetSocketAddress resolve(String host, int port) throws StoqException {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + "; it must be within 0..65535");
        }
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (isMapped(bare)) {
            throw new StoqException.Address("\"" + host + "\" is an IPv4 address in IPv6 clothes" + REMEDY);
        }
        InetAddress[] found;
        try {
            found = InetAddress.getAllByName(bare);
        } catch (UnknownHostException unknown) {
            throw new StoqException.Address("\"" + host + "\" is unknown: no address was found for that name", unknown);
        }
        for (InetAddress address : found) {
            if (address instanceof Inet6Address) {
                return new InetSocketAddress(address, port);
            }
        }
        throw new StoqException.Address(
                "\"" + host + "\" has only the IPv4 address " + found[0].getHostAddress() + REMEDY);
    }

    static InetSocketAddress require(InetSocketAddress address) throws StoqException {
        if (address.isUnresolved()) {
            return resolve(address.getHostString(), address.getPort());
        }
        if (!(address.getAddress() instanceof Inet6Address)) {
            throw new StoqException.Address(
                    "\"" + address.getAddress().getHostAddress() + "\" is an IPv4 address" + REMEDY);
        }
        return address;
    }

    /** The JDK turns ::ffff:a.b.c.d into an IPv4 address, so it has to be seen in the text. */
    private static boolean isMapped(String text) {
        return text.toLowerCase(java.util.Locale.ROOT).startsWith("::ffff:") && text.indexOf('.') > 0;
    }
}
