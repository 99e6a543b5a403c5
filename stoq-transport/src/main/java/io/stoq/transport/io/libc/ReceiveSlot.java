package io.stoq.transport.io.libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for one receive: the longest train the kernel makes, its source and its control messages. Confined to its
 * loop.
 */
public final class ReceiveSlot {

    /** What GRO joins stays below an IPv6 payload length; a single datagram too. */
    private static final int DATA_BYTES = 65_536;

    private static final int PAGE_BYTES = 4096;

    final MessageHeader header;
    final MemorySegment data;

    public ReceiveSlot(Arena arena) {
        header = new MessageHeader(arena);
        data = arena.allocate(DATA_BYTES, PAGE_BYTES);
        header.data(data.address(), DATA_BYTES);
        prepare();
    }

    /** Undoes what the last receive left in the lengths; before each receive. */
    public void prepare() {
        header.nameLength(SocketAddresses.BYTES);
        header.controlLength(MessageHeader.CONTROL_BYTES);
    }

    /** The {@code struct msghdr} to receive with. */
    public MemorySegment message() {
        return header.struct;
    }
}
