package io.stoq.bench.net;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * A host and a UDP port as given on the command line: {@code [::1]:4433} or {@code name:4433}.
 *
 * @param host a DNS name, or an IPv6 address without brackets
 */
public record HostPort(String host, int port) {

    private static final int MAX_PORT = 65_535;

    /**
     * @param defaultPort where the text names none; -1 where it must
     * @throws IllegalArgumentException that says what is wrong with the text
     */
    public static HostPort parse(String text, int defaultPort) {
        int end = text.startsWith("[")
                ? text.indexOf(']') + 1
                : text.lastIndexOf(':') < 0 ? text.length() : text.lastIndexOf(':');
        String host = text.substring(0, end);
        String rest = text.substring(end);
        if (host.startsWith("[")) {
            host = ipv6(host.substring(1, host.length() - 1));
        } else if (text.startsWith("[") || host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no host and port; put IPv6 addresses in brackets," + " as in [::1]:4433");
        } else {
            checkName(host, text);
        }
        return new HostPort(host, port(rest, defaultPort, text));
    }

    /**
     * Checks an IPv6 address, which may name its interface: {@code fe80::1%eth0}.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static String ipv6(String literal) {
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(literal);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + literal + "' is no IPv6 address; give one such as ::1", e);
        }
        if (address instanceof Inet4Address) {
            throw new IllegalArgumentException(
                    "'" + literal + "' is an IPv4 address, and STOQ is IPv6 only; give an IPv6 address such as ::1");
        }
        return literal;
    }

    /** As people write it, with brackets around an address. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    private static void checkName(String host, String text) {
        if (host.matches("[0-9.]+")) {
            ipv6(host);
        }
        if (host.isEmpty() || !host.matches("[A-Za-z0-9._-]+")) {
            throw new IllegalArgumentException("'" + text + "' names no host; give one as in [::1]:4433 or name:4433");
        }
    }

    private static int port(String rest, int defaultPort, String text) {
        if (rest.isEmpty() && defaultPort >= 0) {
            return defaultPort;
        }
        if (!rest.matches(":[0-9]{1,5}")
                || Integer.parseInt(rest.substring(1)) > MAX_PORT
                || Integer.parseInt(rest.substring(1)) == 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' names no port; add one within 1.." + MAX_PORT + ", as in [::1]:4433");
        }
        return Integer.parseInt(rest.substring(1));
    }
}
