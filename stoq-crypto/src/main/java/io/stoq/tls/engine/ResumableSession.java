package io.stoq.tls.engine;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a client keeps to resume a session. RFC 8446 §4.6.1. The arrays belong to it and are not changed.
 *
 * @param psk secret
 * @param ageAdd hides the ticket's age from whoever watches
 * @param receivedAtMs when the ticket came, and when it is too old, in milliseconds since 1970
 * @param applicationProtocol of the connection that the ticket came on, to which early data is bound
 * @param earlyData whether the server takes early data with it
 * @param transportParameters of the server back then, by which early data goes. RFC 9000 §7.4.1
 * @param peerCertificates as the full handshake showed them
 */
record ResumableSession(
        byte[] ticket,
        byte[] psk,
        int cipherSuite,
        int ageAdd,
        long receivedAtMs,
        long expiresAtMs,
        String applicationProtocol,
        boolean earlyData,
        byte[] transportParameters,
        List<X509Certificate> peerCertificates) {

    boolean isFresh(long nowMs) {
        // A clock that went back makes ages that no server believes.
        return nowMs >= receivedAtMs && nowMs < expiresAtMs;
    }

    /** RFC 8446 §4.2.11.1. */
    int obfuscatedAge(long nowMs) {
        return (int) (nowMs - receivedAtMs) + ageAdd;
    }
}
