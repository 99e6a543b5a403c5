package io.stoq.wire;

/**
 * A peer broke the protocol, or a local limit was reached: the connection is to be closed with {@link #code()}.
 *
 * <p>Stackless, and its reason is a constant: raising it costs the attacked side nothing. It is caught in one place, where
 * a connection takes its datagrams.
 */
public final class TransportException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long code;
    private final long frameType;

    /** @param reason a constant, never built from peer input */
    public TransportException(long code, long frameType, String reason) {
        super(reason, null, false, false);
        this.code = code;
        this.frameType = frameType;
    }

    public TransportException(long code, String reason) {
        this(code, 0, reason);
    }

    /** One of {@link TransportErrorCode}. */
    public long code() {
        return code;
    }

    /** The type of the frame that caused it, or 0. */
    public long frameType() {
        return frameType;
    }

    public String reason() {
        return getMessage();
    }
}
