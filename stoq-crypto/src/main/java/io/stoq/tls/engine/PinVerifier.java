package io.stoq.tls.engine;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Set;
import org.bouncycastle.tls.AlertDescription;

/** Takes exactly the certificates, or the keys, whose SHA-256 is listed, whatever name, issuer and dates are. Any thread. */
public final class PinVerifier implements PeerVerifier {

    private final Set<String> pins;
    private final boolean keys;

    private PinVerifier(Set<String> pins, boolean keys) {
        this.pins = Set.copyOf(pins);
        this.keys = keys;
    }

    /** @param pins as {@link #fingerprint} writes them */
    public static PinVerifier ofCertificates(Set<String> pins) {
        return new PinVerifier(pins, false);
    }

    /** @param pins as {@link #keyFingerprint} writes them */
    public static PinVerifier ofKeys(Set<String> pins) {
        return new PinVerifier(pins, true);
    }

    @Override
    public void verify(X509Certificate[] chain, PeerName asked) throws IOException {
        String fingerprint = keys ? keyFingerprint(chain[0]) : fingerprint(chain[0]);
        if (!pins.contains(fingerprint)) {
            throw new HandshakeRejection(
                    AlertDescription.certificate_unknown,
                    keys
                            ? "the peer's key has SHA-256 " + fingerprint + ", which is not pinned; if the key was"
                                    + " changed, pin the new one with Trust.publicKey(...)"
                            : "the peer's certificate has fingerprint " + fingerprint + ", which is not pinned; if it"
                                    + " was renewed, pin the new one with Trust.fingerprint(...)");
        }
    }

    /** SHA-256 of the encoded certificate, 64 hex digits in lower case. */
    public static String fingerprint(X509Certificate certificate) {
        try {
            return sha256(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("certificate has no encoding", e);
        }
    }

    /** SHA-256 of the encoded public key (SubjectPublicKeyInfo), 64 hex digits in lower case. */
    public static String keyFingerprint(X509Certificate certificate) {
        return sha256(certificate.getPublicKey().getEncoded());
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
