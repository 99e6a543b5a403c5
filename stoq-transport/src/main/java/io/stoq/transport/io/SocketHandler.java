package io.stoq.transport.io;

import io.stoq.buffer.Datagram;
import java.net.InetSocketAddress;

/**
 * What a {@link UdpSocket} tells its owner. Confined to the socket's loop; may close the socket from inside any
 * method.
 */
public interface SocketHandler {

    /**
     * A datagram came, or a train of them that the kernel coalesced (GRO).
     *
     * @param datagram borrowed for the call together with its memory, which may be overwritten
     */
    void onDatagram(Datagram datagram);

    /** A batch of {@link #onDatagram} calls is over: the time to send and to set timers. */
    void onReadComplete();

    /** {@link UdpSocket#acquire()} returned null earlier and returns a slot again. */
    void onWritable();

    /** {@link UdpSocket#capabilities()} are others than before: the device refused segmented sends. */
    void onCapabilities();

    /**
     * The kernel refused a datagram because it is longer than the interface takes; it was dropped. Comes from inside {@link
     * UdpSocket#send} where that mechanism knows at once; else {@link #onReadComplete()} or {@link #onWritable()} follows.
     *
     * @param bytes length of its UDP payload
     */
    void onDatagramTooLong(InetSocketAddress remote, int bytes);

    /** The socket failed in a way that it does not recover from; the owner should close it. */
    void onSocketError(Throwable cause);
}
