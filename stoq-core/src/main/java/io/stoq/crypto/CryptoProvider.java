package io.stoq.crypto;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * All cryptography that an endpoint needs, as the application hands it in. Immutable and shared by loops and connections,
 * except that {@link #entropy()}, {@link #tokens()} and {@link #resetTokens()} are called on the endpoint's loop.
 */
public interface CryptoProvider {

    /** Whether this provider can act as a server (it has an identity), a client, or both. */
    boolean supportsServer();

    /** Whether it can start connections: it knows whom to trust. */
    boolean supportsClient();

    /**
     * Starts the client's side of a handshake.
     *
     * @param serverName DNS name or IPv6 literal that the server's certificate must match
     * @param transportParameters encoded as in RFC 9000 §18
     */
    TlsSession clientSession(String serverName, byte[] transportParameters);

    /**
     * Why a server that a handshake accepted would be refused by now, or null where it would not. Takes as long as the check
     * of a handshake does: for any thread but an event loop.
     *
     * @param serverName as in {@link #clientSession}
     * @param certificates that the handshake showed
     */
    default String refusal(String serverName, List<X509Certificate> certificates) {
        return null;
    }

    /**
     * Calls {@code listener} each time that others are trusted than before, on a thread that it must not hold up.
     *
     * @return ends that
     */
    default Runnable onTrustChanged(Runnable listener) {
        return () -> {};
    }

    /** Starts the server's side of a handshake. */
    TlsSession serverSession(byte[] transportParameters);

    /** Keys for packets, from the secrets of the handshake. RFC 9001 §5. */
    PacketProtection protection();

    /** For address validation tokens. RFC 9000 §8.1.4. */
    TokenSealer tokens();

    /** For stateless resets. RFC 9000 §10.3. */
    ResetTokens resetTokens();

    /** Where connection ids, challenges and packet number gaps come from. */
    Entropy entropy();

    /** Unpredictable bytes; a seeded source in simulations. */
    interface Entropy {

        /** Fills {@code length} bytes from {@code at}. */
        void fill(byte[] target, int at, int length);
    }

    /**
     * Seals what a server wants to get back from a client unread and unchanged: address validation tokens, under keys that
     * change with time. RFC 9000 §8.1.4.
     */
    interface TokenSealer {

        /**
         * @param unixMs the time, which says what key is in use
         * @param boundTo associated data such as the client's address, needed again to open
         */
        byte[] seal(long unixMs, byte[] content, byte[] boundTo);

        /**
         * The content, or null where the token is not ours, was altered, is bound to something else, or is older than the keys
         * that are kept.
         */
        byte[] open(long unixMs, byte[] token, byte[] boundTo);
    }

    /** Derives stateless reset tokens, from a key of their own. RFC 9000 §10.3.2. */
    interface ResetTokens {

        /** Writes the 16-byte token of a connection id to {@code token} at {@code tokenAt}. */
        void derive(byte[] connectionId, int at, int length, byte[] token, int tokenAt);
    }
}
