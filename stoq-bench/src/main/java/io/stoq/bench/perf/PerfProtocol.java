package io.stoq.bench.perf;

/**
 * The protocol of draft-banks-quic-performance: a client's stream begins with the number of bytes that it wants back,
 * eight bytes in network order; the rest of the stream is thrown away, and then the answer comes.
 */
public final class PerfProtocol {

    /** The name in ALPN. */
    public static final String ALPN = "perf";

    /** The name in ALPN of STOQ's own addition: each stream comes back as it is, at once. */
    public static final String ECHO_ALPN = "stoq-echo";

    /** The number that is asked for where the client will stop the answer itself. */
    static final long UNLIMITED = -1L;

    /** Length of the number with which a stream begins. */
    public static final int HEADER_BYTES = 8;

    /** Application code for connections and streams that ended as planned. */
    public static final long DONE = 0;

    private PerfProtocol() {}
}
