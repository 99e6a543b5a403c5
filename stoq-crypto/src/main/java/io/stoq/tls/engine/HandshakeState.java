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

/** What the callbacks of the TLS engine learn and the session reads. Confined to the session. */
final class HandshakeState {

    TlsContext context;
    RecordLayer records;
    byte[] peerTransportParameters;
    String applicationProtocol;
    String serverName;
    List<X509Certificate> peerCertificates = List.of();

    /** Whether the session goes on from an earlier one, whose peer it takes over. */
    boolean resumed;

    /** The server takes the client's early data. */
    boolean earlyData;

    /** At a server that does: for {@link io.stoq.crypto.TlsEvent.EarlyData}, and null once told. */
    byte[] earlySecret;

    /** Null before the handshake is complete. */
    SessionSecrets secrets;

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

    /** @param tickets whether the session may be resumed */
    void onComplete(boolean tickets) throws IOException {
        // The engine forgets what these follow from as soon as its callback returns.
        secrets = SessionSecrets.of(context, tickets ? records.transcript() : null);
        complete = true;
    }

    /** The session goes on from one in which the peer showed these certificates, which were verified again. */
    void onResumed(List<X509Certificate> certificates) {
        resumed = true;
        peerCertificates = certificates;
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
