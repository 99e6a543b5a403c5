package io.stoq.tls.engine;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;

/** Decides whether a peer's certificates are good enough. Called on whatever thread runs the handshake. */
@FunctionalInterface
public interface PeerVerifier {

    /**
     * Returns where the peer is accepted.
     *
     * @param chain the peer's certificate first; never empty
     * @param asked the name that the server was asked for, or null where the peer is a client
     * @throws IOException a fatal alert that says why not
     */
    void verify(X509Certificate[] chain, PeerName asked) throws IOException;

    /**
     * Decides anew on a chain that was accepted before, such as that of a session about to be resumed: by what is trusted
     * now. Whoever calls this must have seen to it that the peer has the key.
     *
     * @param now what dates are held against, beside the system's clock
     */
    default void recheck(X509Certificate[] chain, PeerName asked, Instant now) throws IOException {
        verify(chain, asked);
    }
}
