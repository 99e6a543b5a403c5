package io.stoq.transport.io;

/**
 * What an open socket can do.
 *
 * @param name the mechanism: {@code epoll}, {@code io_uring} or {@code nio}
 * @param gso whether one send may carry a train of segments (UDP_SEGMENT)
 * @param gro whether one receive may return a train of segments (UDP_GRO)
 * @param ecn whether ECN bits are set on sends and reported on receives
 * @param localAddress whether receives report the address they were sent to, and sends may choose their source
 * @param dontFragment whether a datagram that is too long for the path is dropped, not cut up by this machine
 * @param maxSegments most segments in one send; 1 without GSO
 * @param maxDatagramBytes the longest UDP payload that is sent or received
 * @param receiveBufferBytes the kernel's receive buffer as granted; compares with what was asked for
 * @param sendBufferBytes the kernel's send buffer as granted; compares with what was asked for
 */
public record SocketCapabilities(
        String name,
        boolean gso,
        boolean gro,
        boolean ecn,
        boolean localAddress,
        boolean dontFragment,
        int maxSegments,
        int maxDatagramBytes,
        int receiveBufferBytes,
        int sendBufferBytes) {

    /** The same without segmentation offload on sends. */
    public SocketCapabilities withoutGso() {
        return new SocketCapabilities(
                name,
                false,
                gro,
                ecn,
                localAddress,
                dontFragment,
                1,
                maxDatagramBytes,
                receiveBufferBytes,
                sendBufferBytes);
    }
}
