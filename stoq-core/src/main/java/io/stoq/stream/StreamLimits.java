package io.stoq.stream;

/**
 * What a peer may have in flight and open. RFC 9000 §4.
 *
 * @param initialConnectionWindowBytes bytes over all streams that the peer may send before it sees new credit
 * @param maxConnectionWindowBytes what that window may grow to
 * @param initialStreamWindowBytes bytes on one stream that the peer may send before it sees new credit
 * @param maxStreamWindowBytes what that window may grow to
 * @param maxBidirectional bidirectional streams of the peer that may be open at once
 * @param maxUnidirectional unidirectional streams of the peer that may be open at once
 */
public record StreamLimits(
        long initialConnectionWindowBytes,
        long maxConnectionWindowBytes,
        long initialStreamWindowBytes,
        long maxStreamWindowBytes,
        long maxBidirectional,
        long maxUnidirectional) {

    /** Largest window in bytes; keeps sums of windows and offsets far from overflow. */
    public static final long MAX_WINDOW_BYTES = 1L << 40;

    /** Most streams that may be open at once in one direction. */
    public static final long MAX_STREAMS = 1L << 20;

    public StreamLimits {
        check("initialConnectionWindowBytes", initialConnectionWindowBytes, 0, MAX_WINDOW_BYTES);
        check("maxConnectionWindowBytes", maxConnectionWindowBytes, initialConnectionWindowBytes, MAX_WINDOW_BYTES);
        check("initialStreamWindowBytes", initialStreamWindowBytes, 0, MAX_WINDOW_BYTES);
        check("maxStreamWindowBytes", maxStreamWindowBytes, initialStreamWindowBytes, MAX_WINDOW_BYTES);
        check("maxBidirectional", maxBidirectional, 0, MAX_STREAMS);
        check("maxUnidirectional", maxUnidirectional, 0, MAX_STREAMS);
    }

    private static void check(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " " + value + " is outside " + least + ".." + most);
        }
    }
}
