package io.stoq;

import java.io.IOException;

/** Whatever can go wrong with a connection or stream in use; the subclasses tell what. The message names the remedy. */
public class StoqException extends IOException {

    private static final long serialVersionUID = 1L;

    public StoqException(String message) {
        super(message);
    }

    public StoqException(String message, Throwable cause) {
        super(message, cause);
    }

    /** An address, port or socket could not be used. */
    public static final class Bind extends StoqException {

        private static final long serialVersionUID = 1L;

        public Bind(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The connection is closed, or could not be established; {@link #reason()} tells why. */
    public static final class ConnectionClosed extends StoqException {

        private static final long serialVersionUID = 1L;

        private final transient CloseReason reason;

        public ConnectionClosed(CloseReason reason) {
            super(reason.describe(), reason instanceof CloseReason.Tls tls ? tls.cause() : null);
            this.reason = reason;
        }

        /** Why the connection ended, by whom. */
        public CloseReason reason() {
            return reason;
        }
    }

    /** The peer reset the stream, or asked to stop sending on it. RFC 9000 §19.4, §19.5. */
    public static final class StreamReset extends StoqException {

        private static final long serialVersionUID = 1L;

        private final long errorCode;

        public StreamReset(long streamId, long errorCode, boolean stopSending) {
            super("the peer " + (stopSending ? "stopped reading" : "reset") + " stream " + streamId + " with code "
                    + errorCode);
            this.errorCode = errorCode;
        }

        /** The application's code. */
        public long errorCode() {
            return errorCode;
        }
    }

    /**
     * The connection, or the endpoint, held too much memory, and this stream much of it: it was reset in both directions
     * with {@link StoqStream#OVER_BUDGET}. Bytes not read yet are gone.
     */
    public static final class OverBudget extends StoqException {

        private static final long serialVersionUID = 1L;

        public OverBudget(long streamId) {
            super("stream " + streamId + " was reset: its connection held more memory than its budget (memoryBytes);"
                    + " read faster, or keep less in flight");
        }
    }

    /** A deadline passed. */
    public static final class Timeout extends StoqException {

        private static final long serialVersionUID = 1L;

        public Timeout(String message) {
            super(message);
        }
    }

    /** A host or address that STOQ cannot talk to: IPv4, unknown, or without a route. */
    public static final class Address extends StoqException {

        private static final long serialVersionUID = 1L;

        public Address(String message) {
            super(message);
        }

        public Address(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A pool has no connection, and will not try to make one for a while. */
    public static final class Unavailable extends StoqException {

        private static final long serialVersionUID = 1L;

        public Unavailable(String message) {
            super(message);
        }
    }

    /** This side finished, reset or closed the stream, or its transport, before the call. */
    public static final class Closed extends StoqException {

        private static final long serialVersionUID = 1L;

        public Closed(String message) {
            super(message);
        }
    }

    /** A file has less than was to be sent of it, or lost some meanwhile. */
    public static final class FileTooShort extends StoqException {

        private static final long serialVersionUID = 1L;

        private final long bytesTransferred;

        public FileTooShort(String message, long bytesTransferred) {
            super(message);
            this.bytesTransferred = bytesTransferred;
        }

        /** How many bytes were taken before, and will be sent. */
        public long bytesTransferred() {
            return bytesTransferred;
        }
    }

    /** A datagram is longer than the path or the peer allows, or the peer takes none. RFC 9221 §3. */
    public static final class DatagramRefused extends StoqException {

        private static final long serialVersionUID = 1L;

        public DatagramRefused(String message) {
            super(message);
        }
    }

    /** The thread was interrupted while it waited; its interrupt flag is set again. What it waited on stays usable. */
    public static final class Interrupted extends StoqException {

        private static final long serialVersionUID = 1L;

        private final long bytesTransferred;

        public Interrupted(String message, long bytesTransferred) {
            super(message);
            this.bytesTransferred = bytesTransferred;
        }

        /** How many bytes of an interrupted write, of a buffer or a file, were taken and will be sent; 0 for all other calls. */
        public long bytesTransferred() {
            return bytesTransferred;
        }
    }
}
