package io.stoq.bench.baseline;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The 16 bytes before each datagram's content, as long as QUIC's own headers are, and authenticated like them.
 *
 * <pre>
 *   0 type | 1..3 zero | 4..7 flow | 8..15 data: packet number; credit: packets seen, and how many of them came
 * </pre>
 */
final class CeilingFrame {

    /** Sealed bytes of the pattern follow. */
    static final byte DATA = 0x40;

    /** The receiver's counts; the number of packets that came follows. */
    static final byte CREDIT = 1;

    /** A client that is there to receive. */
    static final byte HELLO = 2;

    static final int HEADER_BYTES = 16;
    static final int CREDIT_BYTES = 24;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private CeilingFrame() {}

    static void write(MemorySegment memory, long at, byte type, int flow, long number) {
        memory.set(INT, at, (type & 0xff) << 24);
        memory.set(INT, at + 4, flow);
        memory.set(LONG, at + 8, number);
    }

    static void writeCredit(MemorySegment memory, int flow, long seen, long came) {
        write(memory, 0, CREDIT, flow, seen);
        memory.set(LONG, HEADER_BYTES, came);
    }

    static byte type(MemorySegment memory, long at) {
        return memory.get(ValueLayout.JAVA_BYTE, at);
    }

    static int flow(MemorySegment memory, long at) {
        return memory.get(INT, at + 4);
    }

    static long number(MemorySegment memory, long at) {
        return memory.get(LONG, at + 8);
    }

    static long came(MemorySegment memory, long at) {
        return memory.get(LONG, at + HEADER_BYTES);
    }
}
