package io.stoq.tls.engine;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.crypto.TlsSecret;

/** What the callbacks of the TLS engine learn and the session reads. Confined to the session. */
final class HandshakeState {

    TlsContext context;
    byte[] peerTransportParameters;
    String applicationProtocol;
    String serverName;
    List<X509Certificate> peerCertificates = List.of();

    /** For the key log; null without one. */
    byte[] exporterSecret;

    /** Both Finished messages are done and checked. */
    boolean complete;

    /** Takes the peer's transport parameters. RFC 9001 §8.2: without them there is no QUIC. */
    void onTransportParameters(byte[] extension) throws HandshakeRejection {
        if (extension == null) {
            throw new HandshakeRejection(
                    AlertDescription.missing_extension,
                    "the peer sent no quic_transport_parameters; it does not speak QUIC");
        }
        peerTransportParameters = extension;
    }

    void onComplete(boolean keyLog) {
        if (keyLog) {
            // The engine forgets this one as soon as its callback returns.
            TlsSecret exporter = context.getSecurityParametersConnection().getExporterMasterSecret();
            exporterSecret = context.getCrypto().adoptSecret(exporter).extract();
        }
        complete = true;
    }

    /** Verifies the peer's chain and keeps it. */
    void onPeerCertificates(Certificate chain, PeerVerifier verifier, PeerName asked) throws IOException {
        X509Certificate[] certificates = parse(chain);
        verifier.verify(certificates, asked);
        peerCertificates = List.of(certificates);
    }

    private static X509Certificate[] parse(Certificate chain) throws IOException {
        X509Certificate[] certificates = new X509Certificate[chain.getLength()];
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (int i = 0; i < certificates.length; i++) {
                byte[] der = chain.getCertificateAt(i).getEncoded();
                certificates[i] = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
            }
        } catch (CertificateException e) {
            throw new HandshakeRejection(
                    AlertDescription.bad_certificate, "unreadable certificate: " + e.getMessage(), e);
        }
        return certificates;
    }
}
