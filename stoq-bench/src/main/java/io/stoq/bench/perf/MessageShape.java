package io.stoq.bench.perf;

/**
 * What a client does with small messages, all over one connection.
 *
 * @param bytes of each message
 * @param threads that send, each on a stream of its own where there are streams
 * @param perSecond messages offered each second by all threads together; meaningful for echoes alone
 */
public record MessageShape(MessageKind kind, int bytes, int threads, int perSecond) {

    /** Bytes of an echo that tell when it was due. */
    public static final int STAMP_BYTES = Long.BYTES;

    /** Whether messages have a rate, and so each a time at which it is due. */
    boolean isPaced() {
        return kind == MessageKind.ECHO;
    }
}
