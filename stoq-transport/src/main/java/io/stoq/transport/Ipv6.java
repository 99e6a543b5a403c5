package io.stoq.transport;

import io.stoq.StoqException;
import io.stoq.transport.io.InterfaceMtus;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/** Finds IPv6 addresses and refuses all others with words that help. Blocks for name resolution. */
final class Ipv6 {

    private static final String LOCALHOST = "localhost";

    private Ipv6() {}

    /**
     * @param host a name, or an IPv6 address with or without brackets
     * @throws StoqException.Address where it has no IPv6 address
     */
    static InetSocketAddress resolve(String host, int port) throws StoqException.Address {
        return resolveAll(host, port).getFirst();
    }

    /** As {@link #resolve}, all addresses in the order of the system's resolver. */
    static List<InetSocketAddress> resolveAll(String host, int port) throws StoqException.Address {
        InetAddress[] known;
        try {
            known = InetAddress.getAllByName(withoutBrackets(host));
        } catch (UnknownHostException e) {
            throw new StoqException.Address(
                    "the host '" + host + "' is not known; check its spelling, or give an IPv6 address", e);
        }
        List<InetSocketAddress> found = Stream.of(known)
                .filter(Ipv6::isIpv6)
                .map(address -> new InetSocketAddress(address, port))
                .toList();
        if (!found.isEmpty()) {
            return found;
        }
        if (host.equalsIgnoreCase(LOCALHOST)) {
            // RFC 6761 §6.3: the name means this machine, whatever its hosts file says.
            return List.of(new InetSocketAddress("::1", port));
        }
        throw known[0].getHostAddress().equals(host) || host.indexOf(':') >= 0
                ? ipv4(host)
                : onlyIpv4(host, known[0].getHostAddress());
    }

    /** Those of a resolver's addresses that can be used. */
    static List<InetSocketAddress> usable(String host, List<InetSocketAddress> resolved) throws StoqException.Address {
        List<InetSocketAddress> found = resolved.stream()
                .filter(address -> !address.isUnresolved() && isIpv6(address.getAddress()))
                .toList();
        if (found.isEmpty()) {
            throw resolved.isEmpty()
                    ? new StoqException.Address("the resolver knows no address of '" + host + "'")
                    : onlyIpv4(host, resolved.getFirst().toString());
        }
        return found;
    }

    /** @throws StoqException.Address where it is no IPv6 address */
    static InetSocketAddress require(InetSocketAddress address) throws StoqException.Address {
        if (address.isUnresolved()) {
            return resolve(address.getHostString(), address.getPort());
        }
        if (!isIpv6(address.getAddress())) {
            throw ipv4(address.getAddress().getHostAddress());
        }
        return address;
    }

    /**
     * The local address that is used to send there.
     *
     * @throws StoqException.Address where nothing can be sent there, which QUIC itself would learn by a timeout only
     */
    static InetAddress requireRoute(InetSocketAddress remote) throws StoqException.Address {
        if (remote.getPort() == 0) {
            throw new StoqException.Address("port 0 cannot be connected to; give the server's port, 1 to 65535");
        }
        try {
            return InterfaceMtus.sourceTowards(remote);
        } catch (IOException e) {
            throw new StoqException.Address(
                    "no route to " + remote.getAddress().getHostAddress() + ": " + e.getMessage()
                            + "; check that this machine has IPv6 connectivity",
                    e);
        }
    }

    /** The name that a certificate has to match: what the user wrote, without brackets and interface. */
    static String serverName(String host) {
        String name = withoutBrackets(host);
        int scope = name.indexOf('%');
        return scope < 0 ? name : name.substring(0, scope);
    }

    private static StoqException.Address onlyIpv4(String host, String address) {
        return new StoqException.Address("the host '" + host + "' has only IPv4 addresses (" + address
                + "), and STOQ is IPv6 only; give it an AAAA record, or give an IPv6 address");
    }

    private static StoqException.Address ipv4(String address) {
        return new StoqException.Address("STOQ is IPv6 only, and " + address
                + " is an IPv4 address; give an IPv6 address such as ::1, or a name that has one");
    }

    private static boolean isIpv6(InetAddress address) {
        return address instanceof Inet6Address && !isV4Mapped(address.getAddress());
    }

    /** ::ffff:0:0/96. Java turns most of these into IPv4 addresses, but not those that come with a scope. */
    private static boolean isV4Mapped(byte[] address) {
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return address[10] == -1 && address[11] == -1;
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
