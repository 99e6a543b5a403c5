package io.stoq.wire;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Variable-length integers: the two top bits of the first byte give the length. RFC 9000 §16. */
public final class VarInt {

    /** The largest value that fits. */
    public static final long MAX = (1L << 62) - 1;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private VarInt() {}

    /**
     * Length in bytes of the shortest form of a value: 1, 2, 4 or 8.
     *
     * @throws IllegalArgumentException if {@code value} is outside 0..{@link #MAX}
     */
    public static int size(long value) {
        if (value >>> 62 != 0) {
            throw new IllegalArgumentException("variable-length integer " + value + " is outside 0.." + MAX);
        }
        return value < 1L << 6 ? 1 : value < 1L << 14 ? 2 : value < 1L << 30 ? 4 : 8;
    }

    /** Length in bytes of the integer at {@code at}, from its first byte. */
    public static int lengthAt(byte[] bytes, int at) {
        return 1 << ((bytes[at] & 0xff) >>> 6);
    }

    /** Reads the integer at {@code at}; the caller knows that {@link #lengthAt(byte[], int)} bytes are there. */
    public static long read(byte[] bytes, int at) {
        return switch ((bytes[at] & 0xff) >>> 6) {
            case 0 -> bytes[at];
            case 1 -> (short) SHORT.get(bytes, at) & 0x3fff;
            case 2 -> (int) INT.get(bytes, at) & 0x3fffffff;
            default -> (long) LONG.get(bytes, at) & MAX;
        };
    }

    /** Length in bytes of the integer at {@code at}, from its first byte. */
    public static int lengthAt(MemorySegment memory, long at) {
        return 1 << ((memory.get(Layouts.BYTE, at) & 0xff) >>> 6);
    }

    /**
     * Reads the integer at {@code at}; the caller knows that {@link #lengthAt(MemorySegment, long)} bytes are there.
     */
    public static long read(MemorySegment memory, long at) {
        byte first = memory.get(Layouts.BYTE, at);
        return switch ((first & 0xff) >>> 6) {
            case 0 -> first;
            case 1 -> memory.get(Layouts.SHORT, at) & 0x3fff;
            case 2 -> memory.get(Layouts.INT, at) & 0x3fffffff;
            default -> memory.get(Layouts.LONG, at) & MAX;
        };
    }
}
