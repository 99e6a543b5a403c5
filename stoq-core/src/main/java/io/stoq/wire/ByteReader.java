package io.stoq.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A bounded cursor over a byte array that holds what a peer sent. Confined to one loop, reused for every packet.
 *
 * <p>Reading past {@link #limit} throws {@link TransportException} with this reader's error code and
 * {@link #frameType}.
 */
public final class ByteReader {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] NOTHING = {};
    private static final String SHORT_OF_BYTES = "field exceeds the bytes that are there";

    /** The memory that is read. */
    public byte[] array = NOTHING;

    /** Where the next byte comes from. */
    public int position;

    /** First byte that must not be read. */
    public int limit;

    /** The frame being read, or 0; errors carry it. */
    public int frameType;

    private final long errorCode;

    /** A reader of frames: what is malformed is a FRAME_ENCODING_ERROR. */
    public ByteReader() {
        this(TransportErrorCode.FRAME_ENCODING_ERROR);
    }

    /** @param errorCode one of {@link TransportErrorCode}, raised for what is malformed */
    public ByteReader(long errorCode) {
        this.errorCode = errorCode;
    }

    /** Starts over: bytes come from {@code from} up to, not including, {@code limit}. */
    public ByteReader reset(byte[] array, int from, int limit) {
        if (from < 0 || limit < from || limit > array.length) {
            throw new IllegalArgumentException("range " + from + ".." + limit + " is outside 0.." + array.length);
        }
        this.array = array;
        this.position = from;
        this.limit = limit;
        this.frameType = 0;
        return this;
    }

    /** Bytes that can still be read. */
    public int remaining() {
        return limit - position;
    }

    /** Reads an unsigned byte. */
    public int readByte() {
        return array[advance(1)] & 0xff;
    }

    /** Reads two bytes as an unsigned number. */
    public int readShort() {
        return (short) SHORT.get(array, advance(2)) & 0xffff;
    }

    public int readInt() {
        return (int) INT.get(array, advance(4));
    }

    public long readLong() {
        return (long) LONG.get(array, advance(8));
    }

    /** Reads a variable-length integer, 0..{@link VarInt#MAX}. */
    public long readVarInt() {
        if (position >= limit) {
            throw malformed(SHORT_OF_BYTES);
        }
        return VarInt.read(array, advance(VarInt.lengthAt(array, position)));
    }

    /** Reads a variable-length integer that counts bytes, all of which must be there still. */
    public int readLength() {
        long length = readVarInt();
        if (length > remaining()) {
            throw malformed("length exceeds the bytes that follow");
        }
        return (int) length;
    }

    public void readBytes(byte[] to, int at, int length) {
        System.arraycopy(array, advance(length), to, at, length);
    }

    public void skip(int length) {
        advance(length);
    }

    /** The exception for what is malformed here. */
    public TransportException malformed(String reason) {
        return new TransportException(errorCode, frameType, reason);
    }

    private int advance(int length) {
        int at = position;
        if (length > limit - at) {
            throw malformed(SHORT_OF_BYTES);
        }
        position = at + length;
        return at;
    }
}
