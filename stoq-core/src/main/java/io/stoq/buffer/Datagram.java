package io.stoq.buffer;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * What one socket read returned: a UDP payload, or a train of equal-sized ones that the kernel coalesced (GRO).
 *
 * <p>Confined to one loop and reused for every read. The memory is borrowed for the call it is passed to; the engine may
 * overwrite it (header protection is removed in place).
 */
public final class Datagram {

    /** Heap or native memory that holds the payload at {@link #offset}. */
    public MemorySegment memory;

    /** Where the first payload byte lies in {@link #memory}, in bytes. */
    public long offset;

    /** Total length in bytes, over all segments. */
    public int length;

    /** Length of each UDP payload of the train but the last, in bytes; equals {@link #length} for a single datagram. */
    public int segmentSize;

    /** Where the datagram came from; the same object as long as the address stays the same, so identity may be tested first. */
    public InetSocketAddress remote;

    /** The local address it was sent to, or null where the socket cannot tell. */
    public InetAddress local;

    /** The two ECN bits of the IPv6 traffic class: 0 Not-ECT, 1 ECT(1), 2 ECT(0), 3 CE. */
    public int ecn;
}
