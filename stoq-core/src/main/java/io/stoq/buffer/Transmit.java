package io.stoq.buffer;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * One send: a UDP payload, or a train of equal-sized ones for a single segmented send (GSO).
 *
 * <p>Confined to one loop. The caller owns the memory and reuses the object; the engine fills it.
 */
public final class Transmit {

    /** Most segments in one train: the kernel's UDP_MAX_SEGMENTS on every release that has GSO. */
    public static final int MAX_SEGMENTS = 64;

    /** Caller-owned memory that the engine writes from offset 0. */
    public final MemorySegment memory;

    /** Most segments the caller can send at once: 1 where there is no GSO. */
    public int maxSegments;

    /** Whether the caller can set ECN bits; where it cannot, {@link #ecn} is always 0. */
    public boolean canMark = true;

    /** Total bytes written, over all segments. */
    public int length;

    /** Length in bytes of each segment but the last; equals {@link #length} for a single datagram. */
    public int segmentSize;

    /** Where to send it. */
    public InetSocketAddress remote;

    /** The local address to send from, or null to let the kernel choose. */
    public InetAddress local;

    /** The two ECN bits to set on every segment: 0 Not-ECT, 1 ECT(1), 2 ECT(0). */
    public int ecn;

    /** @param memory writable memory of at least 1,200 bytes; 65,527 lets every train fit */
    public Transmit(MemorySegment memory, int maxSegments) {
        if (memory.byteSize() < 1200) {
            throw new IllegalArgumentException(
                    "transmit memory is " + memory.byteSize() + " bytes; 1200 or more needed");
        }
        if (maxSegments < 1 || maxSegments > MAX_SEGMENTS) {
            throw new IllegalArgumentException("maxSegments " + maxSegments + " is outside 1.." + MAX_SEGMENTS);
        }
        this.memory = memory;
        this.maxSegments = maxSegments;
    }

    /** How many datagrams the train holds. */
    public int segments() {
        return length == 0 ? 0 : (length + segmentSize - 1) / segmentSize;
    }
}
