package io.stoq.transport.io;

import io.stoq.buffer.Transmit;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

/**
 * One IPv6 UDP socket on one event loop.
 *
 * <p>Confined to that loop once it is open, {@link #close()} included. Sending never blocks and never throws for what
 * the network does: a train is sent, kept until the kernel has room, or dropped and counted, as a datagram service
 * may.
 */
public interface UdpSocket extends AutoCloseable {

    /** The address bound to, with the port that the kernel chose where 0 was asked for. */
    InetSocketAddress localAddress();

    /**
     * What the socket can do now; {@code gso} goes away for good when the kernel or the device turns out to refuse
     * it.
     */
    SocketCapabilities capabilities();

    /** Counts since the socket was opened; live, read on the loop. */
    SocketCounters counters();

    /**
     * Memory for the next train, or null when none is free: {@link SocketHandler#onWritable()} comes when one is. The
     * same slot is returned again until it is sent, so nothing is lost by not using it.
     */
    Transmit acquire();

    /**
     * Sends the slot that {@link #acquire()} returned last, filled: memory, length, segment size, remote, local, ECN.
     * Never blocks. What the kernel refuses for good is dropped and counted; where the socket buffer is full the
     * train is kept, and {@link #acquire()} returns null until {@link SocketHandler#onWritable()}.
     *
     * @throws IllegalArgumentException when it is not that slot, is empty or too long, or goes to no IPv6 address
     */
    void send(Transmit filled);

    /** Hands queued sends to the kernel where the mechanism batches them; called at the end of a loop turn. */
    void flush();

    /**
     * Ends the socket; on the loop, no handler method is called any more when it returns. From another thread it is
     * passed to the loop. Closing twice does nothing. Memory of {@link #acquire()} must not be touched afterwards.
     */
    @Override
    void close();

    /** Completes on the loop when a closed socket has given back its port and memory; never fails. */
    CompletionStage<Void> closed();
}
