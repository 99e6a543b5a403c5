package io.stoq.transport.driver;

/** The error codes that applications may choose. RFC 9000 §20.2. */
public final class ErrorCodes {

    private static final long MAX = (1L << 62) - 1;

    private ErrorCodes() {}

    /** @throws IllegalArgumentException where the code cannot be sent */
    public static long require(long code) {
        if (code < 0 || code > MAX) {
            throw new IllegalArgumentException("error code " + code + " is outside 0.." + MAX);
        }
        return code;
    }
}
