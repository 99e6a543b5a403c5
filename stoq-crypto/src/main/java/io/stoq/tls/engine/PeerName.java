package io.stoq.tls.engine;

import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of a server: a DNS name in ASCII and lower case, or an IPv6 address without brackets and zone.
 *
 * @param dns whether it is a DNS name; only those go into server_name, RFC 6066 §3
 */
public record PeerName(String text, boolean dns) {

    private static final int MAX_DNS_NAME_CHARS = 253;
    private static final Pattern DNS_NAME =
            Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?" + "(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");
    private static final Pattern IPV4 = Pattern.compile("[0-9]+(\\.[0-9]+){0,3}");

    /** @throws IllegalArgumentException where {@code name} is neither; IPv4 addresses are refused */
    public static PeerName of(String name) {
        if (name.indexOf(':') >= 0) {
            return new PeerName(ipv6(name), false);
        }
        String ascii = ascii(name);
        if (IPV4.matcher(ascii).matches()) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is an IPv4 address, STOQ speaks IPv6 only; use a DNS name or an IPv6 address");
        }
        if (!isDnsName(ascii)) {
            throw new IllegalArgumentException("\"" + name + "\" is neither a DNS name nor an IPv6 address");
        }
        return new PeerName(ascii, true);
    }

    static boolean isDnsName(String ascii) {
        return ascii.length() <= MAX_DNS_NAME_CHARS && DNS_NAME.matcher(ascii).matches();
    }

    private static String ascii(String name) {
        try {
            String ascii = IDN.toASCII(name).toLowerCase(Locale.ROOT);
            return ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + name + "\" is no DNS name: " + e.getMessage(), e);
        }
    }

    private static String ipv6(String name) {
        String bare = name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
        int zone = bare.indexOf('%');
        String literal = zone < 0 ? bare : bare.substring(0, zone);
        InetAddress address;
        try {
            address = Inet6Address.ofLiteral(literal);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + name + "\" is no IPv6 address", e);
        }
        if (!(address instanceof Inet6Address)) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is an IPv4 address in IPv6 form; STOQ speaks IPv6 only");
        }
        return address.getHostAddress();
    }
}
