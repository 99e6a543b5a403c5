package io.stoq.tls.engine;

import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSessionContext;

/** As much of a session as a trust manager looks at: the name asked for, the version, the signatures taken. */
final class VerificationSession extends ExtendedSSLSession {

    private static final String[] SIGNATURE_ALGORITHMS = {
        "SHA256withECDSA",
        "SHA384withECDSA",
        "SHA512withECDSA",
        "Ed25519",
        "EdDSA",
        "RSASSA-PSS",
        "SHA256withRSA",
        "SHA384withRSA",
        "SHA512withRSA"
    };

    private final X509Certificate[] chain;
    private final PeerName asked;

    VerificationSession(X509Certificate[] chain, PeerName asked) {
        this.chain = chain;
        this.asked = asked;
    }

    @Override
    public String getPeerHost() {
        return asked == null ? null : asked.text();
    }

    @Override
    public List<SNIServerName> getRequestedServerNames() {
        return asked != null && asked.dns() ? List.of(new SNIHostName(asked.text())) : List.of();
    }

    @Override
    public List<byte[]> getStatusResponses() {
        return List.of();
    }

    @Override
    public String[] getLocalSupportedSignatureAlgorithms() {
        return SIGNATURE_ALGORITHMS.clone();
    }

    @Override
    public String[] getPeerSupportedSignatureAlgorithms() {
        return SIGNATURE_ALGORITHMS.clone();
    }

    @Override
    public String getProtocol() {
        return "TLSv1.3";
    }

    @Override
    public String getCipherSuite() {
        return "TLS_AES_128_GCM_SHA256"; // not chosen by certificate in TLS 1.3; only its form is looked at
    }

    @Override
    public Certificate[] getPeerCertificates() {
        return chain.clone();
    }

    @Override
    public Principal getPeerPrincipal() {
        return chain[0].getSubjectX500Principal();
    }

    @Override
    public Certificate[] getLocalCertificates() {
        return null;
    }

    @Override
    public Principal getLocalPrincipal() {
        return null;
    }

    @Override
    public byte[] getId() {
        return new byte[0];
    }

    @Override
    public SSLSessionContext getSessionContext() {
        return null;
    }

    @Override
    public long getCreationTime() {
        return 0;
    }

    @Override
    public long getLastAccessedTime() {
        return 0;
    }

    @Override
    public void invalidate() {
        // There is nothing to resume.
    }

    @Override
    public boolean isValid() {
        return false;
    }

    @Override
    public void putValue(String name, Object value) {
        throw new UnsupportedOperationException("this session keeps no values");
    }

    @Override
    public Object getValue(String name) {
        return null;
    }

    @Override
    public void removeValue(String name) {
        // None is kept.
    }

    @Override
    public String[] getValueNames() {
        return new String[0];
    }

    @Override
    public int getPeerPort() {
        return -1;
    }

    @Override
    public int getPacketBufferSize() {
        return 0;
    }

    @Override
    public int getApplicationBufferSize() {
        return 0;
    }
}
