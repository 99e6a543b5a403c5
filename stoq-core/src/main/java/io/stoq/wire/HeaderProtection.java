package io.stoq.wire;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Puts given masks on headers and takes them off. RFC 9001 §5.4.1. */
public final class HeaderProtection {

    /**
     * The sample starts this many bytes behind the start of the packet number, however long that is. RFC 9001 §5.4.2.
     */
    public static final int SAMPLE_OFFSET = 4;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int LONG_HEADER_BITS = 0x0f;
    private static final int SHORT_HEADER_BITS = 0x1f;

    private HeaderProtection() {}

    /**
     * Masks the first byte and the packet number in place.
     *
     * @param packetNumberOffset bytes from {@code headerAt} to the packet number
     * @param masks holds five mask bytes at {@code maskAt}
     */
    public static void apply(
            MemorySegment memory,
            long headerAt,
            int packetNumberOffset,
            int packetNumberLength,
            boolean longHeader,
            byte[] masks,
            int maskAt) {
        int first = memory.get(Layouts.BYTE, headerAt);
        int bits = longHeader ? LONG_HEADER_BITS : SHORT_HEADER_BITS;
        memory.set(Layouts.BYTE, headerAt, (byte) (first ^ masks[maskAt] & bits));
        maskPacketNumber(memory, headerAt + packetNumberOffset, packetNumberLength, masks, maskAt);
    }

    /**
     * Unmasks the first byte and the packet number in place.
     *
     * @return length of the packet number in bytes, 1 to 4
     */
    public static int remove(MemorySegment memory, long headerAt, int packetNumberOffset, byte[] masks, int maskAt) {
        int first = memory.get(Layouts.BYTE, headerAt);
        int bits = first < 0 ? LONG_HEADER_BITS : SHORT_HEADER_BITS;
        first ^= masks[maskAt] & bits;
        memory.set(Layouts.BYTE, headerAt, (byte) first);
        int packetNumberLength = (first & PacketHeader.PACKET_NUMBER_LENGTH_BITS) + 1;
        maskPacketNumber(memory, headerAt + packetNumberOffset, packetNumberLength, masks, maskAt);
        return packetNumberLength;
    }

    /** Copies the 16 bytes that a mask is computed from. RFC 9001 §5.4.2. */
    public static void copySample(MemorySegment memory, long from, byte[] samples, int at) {
        // Two moves of eight bytes: a general copy costs more than what it copies here.
        LONG.set(samples, at, memory.get(Layouts.LONG, from));
        LONG.set(samples, at + Long.BYTES, memory.get(Layouts.LONG, from + Long.BYTES));
    }

    /** Reads a truncated packet number of 1 to 4 bytes, unsigned. */
    public static long readPacketNumber(MemorySegment memory, long at, int length) {
        long number = 0;
        for (int i = 0; i < length; i++) {
            number = number << 8 | memory.get(Layouts.BYTE, at + i) & 0xff;
        }
        return number;
    }

    private static void maskPacketNumber(MemorySegment memory, long at, int length, byte[] masks, int maskAt) {
        for (int i = 0; i < length; i++) {
            memory.set(Layouts.BYTE, at + i, (byte) (memory.get(Layouts.BYTE, at + i) ^ masks[maskAt + 1 + i]));
        }
    }
}
