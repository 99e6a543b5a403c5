package io.stoq.transport.io;

/**
 * Counts of one socket since it was opened. Confined to the socket's loop: plain numbers, written there and read
 * there.
 */
public final class SocketCounters {

    /** Receives that returned data; {@link #datagramsReceived} over this is what GRO gains. */
    public long receiveCalls;

    /** UDP payloads received, each segment of a train counted. */
    public long datagramsReceived;

    /** UDP payload bytes received. */
    public long bytesReceived;

    /** Sends that the kernel took; {@link #datagramsSent} over this is what GSO gains. */
    public long sendCalls;

    /** UDP payloads sent, each segment of a train counted. */
    public long datagramsSent;

    /** UDP payload bytes sent. */
    public long bytesSent;

    /** Trains, or segments where there is no GSO, that the kernel refused for good; they are dropped. */
    public long sendErrors;

    /** Receives that failed with an error which left the socket usable. */
    public long receiveErrors;

    /** Datagrams dropped because they were longer than a receive buffer, or their control messages were. */
    public long truncated;

    /** Datagrams dropped because their source was no IPv6 address that can be answered. */
    public long foreignSources;

    /** Datagrams that the kernel dropped for want of receive buffer, as far as it has told (SO_RXQ_OVFL). */
    public long kernelDrops;
}
