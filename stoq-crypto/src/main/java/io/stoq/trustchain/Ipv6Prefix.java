package io.stoq.trustchain;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;

/** The IPv6 addresses that begin with the same bits, as in {@code fd00:1::/32}. */
record Ipv6Prefix(byte[] address, int bits) {

    private static final int ADDRESS_BYTES = 16;
    private static final int ADDRESS_BITS = 8 * ADDRESS_BYTES;

    /** @throws IllegalArgumentException where this is no IPv6 prefix or has bits beyond its length */
    static Ipv6Prefix of(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        try {
            int bits = slash < 0 ? ADDRESS_BITS : Integer.parseInt(text.substring(slash + 1));
            InetAddress address = Inet6Address.ofLiteral(literal);
            if (address instanceof Inet6Address && bits >= 0 && bits <= ADDRESS_BITS) {
                Ipv6Prefix prefix = new Ipv6Prefix(address.getAddress(), bits);
                if (Arrays.equals(prefix.masked(prefix.address), prefix.address)) {
                    return prefix;
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no IPv6 prefix; write one as in fd00:1::/32", e);
        }
        throw new IllegalArgumentException("\"" + text + "\" is no IPv6 prefix; write one as in fd00:1::/32");
    }

    /** From address and mask, as name constraints have them. RFC 5280 §4.2.1.10. */
    static Ipv6Prefix ofOctets(byte[] octets) {
        int bits = 0;
        for (int i = ADDRESS_BYTES; i < octets.length; i++) {
            bits += Integer.bitCount(octets[i] & 0xff);
        }
        return new Ipv6Prefix(Arrays.copyOf(octets, ADDRESS_BYTES), bits);
    }

    byte[] octets() {
        byte[] octets = Arrays.copyOf(address, 2 * ADDRESS_BYTES);
        byte[] ones = new byte[ADDRESS_BYTES];
        Arrays.fill(ones, (byte) 0xff);
        System.arraycopy(masked(ones), 0, octets, ADDRESS_BYTES, ADDRESS_BYTES);
        return octets;
    }

    boolean contains(byte[] other) {
        return other.length == ADDRESS_BYTES && Arrays.equals(masked(other), address);
    }

    private byte[] masked(byte[] bytes) {
        byte[] masked = bytes.clone();
        for (int bit = bits; bit < ADDRESS_BITS; bit++) {
            masked[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return masked;
    }

    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(address).getHostAddress() + "/" + bits;
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
