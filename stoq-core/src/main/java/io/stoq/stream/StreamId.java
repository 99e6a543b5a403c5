package io.stoq.stream;

/** The two low bits of a stream id. RFC 9000 §2.1. */
final class StreamId {

    private static final int SERVER = 0x1;
    private static final int UNIDIRECTIONAL = 0x2;

    private StreamId() {}

    static long of(long index, boolean server, boolean bidirectional) {
        return index << 2 | (bidirectional ? 0 : UNIDIRECTIONAL) | (server ? SERVER : 0);
    }

    /** How many streams of the same type came before. */
    static long index(long id) {
        return id >>> 2;
    }

    static boolean isOfServer(long id) {
        return (id & SERVER) != 0;
    }

    static boolean isBidirectional(long id) {
        return (id & UNIDIRECTIONAL) == 0;
    }
}
