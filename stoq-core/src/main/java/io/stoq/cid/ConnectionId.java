package io.stoq.cid;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A connection id as an immutable value: 0 to 20 bytes. RFC 9000 §5.1. For cold paths; packets carry ids as plain
 * arrays.
 *
 * <p>Comparable, so that a hash table stays fast when a peer chooses ids that collide.
 */
public final class ConnectionId implements Comparable<ConnectionId> {

    /** Longest id of QUIC version 1, in bytes. RFC 9000 §17.2. */
    public static final int MAX_LENGTH = 20;

    private final byte[] bytes;

    private ConnectionId(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies {@code bytes}; {@link IllegalArgumentException} where there are more than 20. */
    public static ConnectionId of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /** Copies {@code length} bytes from {@code at}; {@link IllegalArgumentException} where there are more than 20. */
    public static ConnectionId of(byte[] source, int at, int length) {
        if (length > MAX_LENGTH) {
            throw new IllegalArgumentException("a connection id has at most 20 bytes, not " + length);
        }
        return new ConnectionId(Arrays.copyOfRange(source, at, at + length));
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** How many bytes it has: 0 to 20. */
    public int length() {
        return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConnectionId that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public int compareTo(ConnectionId other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    /** The bytes in hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
