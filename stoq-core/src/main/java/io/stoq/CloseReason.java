package io.stoq;

import io.stoq.wire.TransportErrorCode;
import java.time.Duration;
import java.util.List;

/** Why a connection ended. Exhaustive, so that a {@code switch} over it needs no default. RFC 9000 §10, §11. */
public sealed interface CloseReason {

    /** A sentence for people: what happened, by whom, and the peer's own words where it sent any. */
    String describe();

    /**
     * One side closed the connection for the application. RFC 9000 §20.2.
     *
     * @param code the application's code, 0 to 2^62-1
     * @param byPeer true where the peer sent it
     */
    record Application(long code, String reason, boolean byPeer) implements CloseReason {

        @Override
        public String describe() {
            return who(byPeer) + " closed the connection with application code " + code + words(reason);
        }
    }

    /**
     * The transport failed: a protocol violation, a limit, or a refusal. RFC 9000 §20.1.
     *
     * @param frameType type of the frame that triggered it, or 0
     */
    record Transport(long code, long frameType, String reason, boolean byPeer) implements CloseReason {

        @Override
        public String describe() {
            return who(byPeer) + " closed the connection with " + TransportErrorCode.nameOf(code) + words(reason);
        }
    }

    /**
     * The TLS handshake failed. RFC 9001 §4.8.
     *
     * @param alert the TLS alert's description
     * @param cause what went wrong on this side, or null
     */
    record Tls(int alert, String reason, boolean byPeer, Throwable cause) implements CloseReason {

        @Override
        public String describe() {
            return who(byPeer) + " ended the handshake with TLS alert " + alert + words(reason);
        }
    }

    /** Nothing was heard for the idle timeout. RFC 9000 §10.1. */
    record IdleTimeout(Duration after) implements CloseReason {

        @Override
        public String describe() {
            return "nothing was heard from the peer for " + after.toMillis() + " ms (idle timeout)";
        }
    }

    /** The handshake took longer than the configured limit. */
    record HandshakeTimeout(Duration after) implements CloseReason {

        @Override
        public String describe() {
            return "the handshake did not complete within " + after.toMillis()
                    + " ms: no QUIC server answers there, or the path loses its datagrams";
        }
    }

    /** The peer lost its state and sent a stateless reset. RFC 9000 §10.3. */
    record StatelessReset() implements CloseReason {

        @Override
        public String describe() {
            return "the peer no longer knows this connection (stateless reset)";
        }
    }

    /** The server speaks none of our versions. RFC 9000 §6. */
    record VersionNegotiation(List<Integer> serverVersions) implements CloseReason {

        public VersionNegotiation {
            serverVersions = List.copyOf(serverVersions);
        }

        @Override
        public String describe() {
            StringBuilder text = new StringBuilder("the server does not speak QUIC version 1; it offers");
            for (int version : serverVersions) {
                text.append(" 0x").append(Integer.toHexString(version));
            }
            return text.toString();
        }
    }

    private static String who(boolean byPeer) {
        return byPeer ? "the peer" : "this side";
    }

    private static String words(String reason) {
        return reason == null || reason.isEmpty() ? "" : ": " + reason;
    }
}
