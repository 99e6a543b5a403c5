package io.stoq.tls.engine;

import java.io.IOException;
import java.security.cert.X509Certificate;

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
}
