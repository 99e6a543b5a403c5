package io.stoq;

/**
 * What a UDP socket, or several together, did so far; a snapshot.
 *
 * @param mechanism how datagrams move: {@code epoll}, {@code io_uring} or {@code nio}
 * @param receiveCalls receives that returned data; each may bring several datagrams (GRO)
 * @param datagramsReceived UDP payloads
 * @param bytesReceived of UDP payload
 * @param sendCalls sends that the kernel took; each may carry several datagrams (GSO)
 * @param datagramsSent UDP payloads
 * @param bytesSent of UDP payload
 * @param sendErrors sends that the kernel refused for good; what they carried counts as lost on the way
 * @param kernelDrops datagrams that the kernel dropped for want of receive buffer, where it tells
 */
public record SocketStatistics(
        String mechanism,
        long receiveCalls,
        long datagramsReceived,
        long bytesReceived,
        long sendCalls,
        long datagramsSent,
        long bytesSent,
        long sendErrors,
        long kernelDrops) {

    /** A socket that did nothing yet. */
    public static SocketStatistics none(String mechanism) {
        return new SocketStatistics(mechanism, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** What segmentation offload (GSO) gains; 0 where nothing was sent. */
    public double datagramsPerSendCall() {
        return sendCalls == 0 ? 0 : (double) datagramsSent / sendCalls;
    }

    /** What receive offload (GRO) gains; 0 where nothing came. */
    public double datagramsPerReceiveCall() {
        return receiveCalls == 0 ? 0 : (double) datagramsReceived / receiveCalls;
    }

    /** The sum of both, under this one's mechanism. */
    public SocketStatistics plus(SocketStatistics other) {
        return new SocketStatistics(
                mechanism,
                receiveCalls + other.receiveCalls,
                datagramsReceived + other.datagramsReceived,
                bytesReceived + other.bytesReceived,
                sendCalls + other.sendCalls,
                datagramsSent + other.datagramsSent,
                bytesSent + other.bytesSent,
                sendErrors + other.sendErrors,
                kernelDrops + other.kernelDrops);
    }
}
