package io.stoq.tls.engine;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Set;
import org.bouncycastle.tls.AlertDescription;

/** Takes exactly the certificates whose SHA-256 is listed, whatever their name, issuer and dates say. Any thread. */
public final class PinVerifier implements PeerVerifier {

    private final Set<String> pins;

    /** @param pins as {@link #fingerprint} writes them */
    public PinVerifier(Set<String> pins) {
        this.pins = Set.copyOf(pins);
    }

    @Override
    public void verify(X509Certificate[] chain, PeerName asked) throws IOException {
        String fingerprint = fingerprint(chain[0]);
        if (!pins.contains(fingerprint)) {
            throw new HandshakeRejection(
                    AlertDescription.certificate_unknown,
                    "the peer's certificate has fingerprint " + fingerprint
                            + ", which is not pinned; if it was renewed, pin the new one with Trust.fingerprint(...)");
        }
    }

    /** SHA-256 of the encoded certificate, 64 hex digits in lower case. */
    public static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("certificate has no encoding", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
