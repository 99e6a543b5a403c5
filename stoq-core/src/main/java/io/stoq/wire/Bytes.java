package io.stoq.wire;

import io.stoq.buffer.ByteWriter;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable byte string with value equality, for records off the packet path. */
public final class Bytes {

    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    public static Bytes of(byte... bytes) {
        return new Bytes(bytes.clone());
    }

    public static Bytes copyOf(byte[] source, int at, int length) {
        return new Bytes(Arrays.copyOfRange(source, at, at + length));
    }

    public int length() {
        return array.length;
    }

    public byte[] toArray() {
        return array.clone();
    }

    public void writeTo(ByteWriter out) {
        out.putBytes(array, 0, array.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    /** In hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(array);
    }
}
