package io.stoq.buffer;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A bounded cursor over a byte array into which frames are written. Confined to one loop, reused for every packet.
 *
 * <p>Writers check {@link #remaining()} before they write; nothing is written past {@link #limit}.
 */
public final class ByteWriter {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** The memory that is written to. */
    public final byte[] array;

    /** Where the next byte goes. */
    public int position;

    /** First byte that must not be written. */
    public int limit;

    /** Bytes at the end that stay where they are; null where all is copied. They count as written: the position is behind them. */
    private final ReferredBytes referred;

    private boolean refers;

    public ByteWriter(int capacityBytes) {
        this(new byte[capacityBytes]);
    }

    public ByteWriter(byte[] array) {
        this(array, null);
    }

    private ByteWriter(byte[] array, ReferredBytes referred) {
        this.array = array;
        this.limit = array.length;
        this.referred = referred;
    }

    /** A writer whose last bytes may be referred to instead of copied, where {@link #resetReferring} allows it. */
    public static ByteWriter referring(int capacityBytes) {
        return new ByteWriter(new byte[capacityBytes], new ReferredBytes());
    }

    /** Starts over: writes go to {@code from}, and may reach up to {@code limit}. */
    public ByteWriter reset(int from, int limit) {
        if (from < 0 || limit < from || limit > array.length) {
            throw new IllegalArgumentException("range " + from + ".." + limit + " is outside 0.." + array.length);
        }
        this.position = from;
        this.limit = limit;
        return this;
    }

    /** As {@link #reset}; with {@code refers}, {@link #takesReferences} may be true until the next time. */
    public void resetReferring(int from, int limit, boolean refers) {
        reset(from, limit);
        this.refers = refers;
        referred.clear();
    }

    /**
     * Whether the next {@code bytes} should be put by {@link #refer} rather than copied: they are many, and the last ones that
     * have room.
     */
    public boolean takesReferences(int bytes) {
        return refers && bytes >= ReferredBytes.MIN_BYTES && bytes == remaining();
    }

    /** Puts bytes that stay where they are until they were read; {@link ReferredBytes#MAX_PIECES} at most. */
    public void refer(MemorySegment source, int at, int length) {
        referred.add(source, at, length);
        position += length;
    }

    /** What {@link #refer} put: the last bytes before the position, which are not in the array. */
    public ReferredBytes referred() {
        return referred;
    }

    /** Bytes that can still be written. */
    public int remaining() {
        return limit - position;
    }

    public void putByte(int value) {
        array[position++] = (byte) value;
    }

    public void putShort(int value) {
        SHORT.set(array, position, (short) value);
        position += 2;
    }

    public void putInt(int value) {
        INT.set(array, position, value);
        position += 4;
    }

    public void putLong(long value) {
        LONG.set(array, position, value);
        position += 8;
    }

    public void putBytes(byte[] source, int at, int length) {
        System.arraycopy(source, at, array, position, length);
        position += length;
    }

    /** Writes a variable-length integer in its shortest form. RFC 9000 §16. */
    public void putVarInt(long value) {
        if (value < 1L << 6) {
            putByte((int) value);
        } else if (value < 1L << 14) {
            putShort((int) value | 0x4000);
        } else if (value < 1L << 30) {
            putInt((int) value | 0x80000000);
        } else {
            putLong(value | 0xc000000000000000L);
        }
    }

    /** Writes a variable-length integer in two bytes, so that it can be filled in later. {@code value} is below 16,384. */
    public void putVarInt2(int value) {
        putShort(value | 0x4000);
    }
}
