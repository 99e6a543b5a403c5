package io.stoq.transport.io;

/**
 * What is asked of a socket when it is opened.
 *
 * @param receiveBufferBytes wanted kernel receive buffer in bytes; the capabilities tell what was granted
 * @param sendBufferBytes wanted kernel send buffer in bytes
 * @param gso whether segmentation offload may be used for sends
 * @param gro whether coalescing may be used for receives
 * @param reusePort whether several sockets may share the port (SO_REUSEPORT)
 * @param maxDatagramBytes the longest UDP payload to send, in bytes, 1,200 to 65,487
 */
public record SocketOptions(
        int receiveBufferBytes,
        int sendBufferBytes,
        boolean gso,
        boolean gro,
        boolean reusePort,
        int maxDatagramBytes) {

    /** What QUIC needs of every path (RFC 9000 §14). */
    public static final int MIN_DATAGRAM_BYTES = 1200;

    /** The IPv6 payload length field ends at 65,535; IPv6 and UDP headers on a 65,535-byte packet leave this. */
    public static final int MAX_DATAGRAM_BYTES = 65_487;

    private static final int MIN_BUFFER_BYTES = 4096;

    /** Offloads on, 4 MiB buffers, the largest datagrams. */
    public static final SocketOptions DEFAULT =
            new SocketOptions(4 << 20, 4 << 20, true, true, false, MAX_DATAGRAM_BYTES);

    public SocketOptions {
        atLeastMinimum("receiveBufferBytes", receiveBufferBytes);
        atLeastMinimum("sendBufferBytes", sendBufferBytes);
        if (maxDatagramBytes < MIN_DATAGRAM_BYTES || maxDatagramBytes > MAX_DATAGRAM_BYTES) {
            throw new IllegalArgumentException("maxDatagramBytes " + maxDatagramBytes + " is outside "
                    + MIN_DATAGRAM_BYTES + ".." + MAX_DATAGRAM_BYTES);
        }
    }

    private static void atLeastMinimum(String name, int bytes) {
        if (bytes < MIN_BUFFER_BYTES) {
            throw new IllegalArgumentException(name + " " + bytes + " is below " + MIN_BUFFER_BYTES);
        }
    }
}
