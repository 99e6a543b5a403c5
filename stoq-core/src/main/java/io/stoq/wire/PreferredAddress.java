package io.stoq.wire;

import io.stoq.buffer.ByteWriter;

/**
 * An address that a server wants its client to move to, with the connection id to use there. RFC 9000 §18.2.
 *
 * <p>Of the two addresses on the wire only the IPv6 one is kept; the IPv4 one is sent as zero, which means none.
 *
 * @param ipv6Address 16 bytes; all zero where the server prefers none
 * @param connectionId 1 to 20 bytes, its sequence number is 1
 * @param resetToken the stateless reset token of that id, 16 bytes
 */
public record PreferredAddress(byte[] ipv6Address, int port, byte[] connectionId, byte[] resetToken) {

    private static final int IPV4_BYTES = 4 + 2;
    private static final int IPV6_BYTES = 16;
    private static final int TOKEN_BYTES = 16;

    /** @throws IllegalArgumentException for a field of the wrong length */
    public PreferredAddress {
        if (ipv6Address.length != IPV6_BYTES) {
            throw new IllegalArgumentException("IPv6 address of " + ipv6Address.length + " bytes; 16 needed");
        }
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port + " is outside 0..65535");
        }
        if (connectionId.length < 1 || connectionId.length > PacketHeader.MAX_CONNECTION_ID_BYTES) {
            throw new IllegalArgumentException("connection id of " + connectionId.length + " bytes; 1 to 20 needed");
        }
        if (resetToken.length != TOKEN_BYTES) {
            throw new IllegalArgumentException("reset token of " + resetToken.length + " bytes; 16 needed");
        }
    }

    int size() {
        return IPV4_BYTES + IPV6_BYTES + 2 + 1 + connectionId.length + TOKEN_BYTES;
    }

    void write(ByteWriter out) {
        out.putInt(0);
        out.putShort(0);
        out.putBytes(ipv6Address, 0, IPV6_BYTES);
        out.putShort(port);
        out.putByte(connectionId.length);
        out.putBytes(connectionId, 0, connectionId.length);
        out.putBytes(resetToken, 0, TOKEN_BYTES);
    }

    static PreferredAddress read(ByteReader in) {
        in.skip(IPV4_BYTES);
        byte[] address = bytes(in, IPV6_BYTES);
        int port = in.readShort();
        int length = in.readByte();
        if (length == 0 || length > PacketHeader.MAX_CONNECTION_ID_BYTES) {
            // RFC 9000 §18.2
            throw in.malformed("preferred_address with a connection id of a length outside 1..20");
        }
        byte[] connectionId = bytes(in, length);
        return new PreferredAddress(address, port, connectionId, bytes(in, TOKEN_BYTES));
    }

    private static byte[] bytes(ByteReader in, int length) {
        byte[] bytes = new byte[length];
        in.readBytes(bytes, 0, length);
        return bytes;
    }
}
