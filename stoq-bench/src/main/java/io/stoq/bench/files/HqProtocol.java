package io.stoq.bench.files;

/**
 * Files in the way of the QUIC interop runner: HTTP/0.9 over QUIC. A client's stream is {@code GET /path}, a line end
 * and FIN; the server's answer is the file's bytes and FIN. There is no status: a server that has no such file resets
 * the stream, for which STOQ uses HTTP's status numbers as codes.
 */
public final class HqProtocol {

    /** The name in ALPN. */
    public static final String ALPN = "hq-interop";

    static final long BAD_REQUEST = 400;
    static final long NOT_FOUND = 404;
    static final long FAILED = 500;

    /** Longest request line. */
    static final int MAX_REQUEST_BYTES = 8192;

    private HqProtocol() {}

    /** What a code of a reset means, where it is one of STOQ's. */
    static String meaning(long code) {
        if (code == NOT_FOUND) {
            return "there is no such file";
        }
        if (code == BAD_REQUEST) {
            return "it does not understand the request";
        }
        return code == FAILED ? "it cannot read the file" : "code " + code;
    }
}
