package io.stoq.tls.engine;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.function.Supplier;
import javax.net.ssl.X509ExtendedTrustManager;

/** Verifies by a trust manager: path to an authority, validity, use, and for servers the name. Any thread. */
public final class PathVerifier implements PeerVerifier {

    private final Supplier<X509ExtendedTrustManager> manager;

    /** @param manager asked for at each verification, so that a costly one may be made late */
    public PathVerifier(Supplier<X509ExtendedTrustManager> manager) {
        this.manager = manager;
    }

    @Override
    public void verify(X509Certificate[] chain, PeerName asked) throws IOException {
        try {
            check(chain, asked, asked);
            // A trust manager takes a certificate that is an authority of its own without a look at its dates.
            chain[0].checkValidity();
        } catch (CertificateException e) {
            throw RejectedCertificate.explain(e, chain, asked, asked != null && passesUnnamed(chain, asked));
        }
    }

    @Override
    public void recheck(X509Certificate[] chain, PeerName asked, Instant now) throws IOException {
        try {
            // The others of the chain need not be part of the path that the trust manager finds.
            chain[0].checkValidity(Date.from(now));
        } catch (CertificateException e) {
            throw RejectedCertificate.outOfDate(e, chain, now);
        }
        verify(chain, asked);
    }

    private void check(X509Certificate[] chain, PeerName asked, PeerName nameToCheck) throws CertificateException {
        VerificationEngine engine = new VerificationEngine(chain, nameToCheck);
        if (asked != null) {
            // TLS 1.3 has no key exchange by certificate; this is how the JDK itself says so.
            manager.get().checkServerTrusted(chain.clone(), "UNKNOWN", engine);
        } else {
            manager.get()
                    .checkClientTrusted(chain.clone(), chain[0].getPublicKey().getAlgorithm(), engine);
        }
    }

    /** Whether only the name was wrong: finds out by asking again without it, the exceptions do not tell apart. */
    private boolean passesUnnamed(X509Certificate[] chain, PeerName asked) {
        try {
            check(chain, asked, null);
            chain[0].checkValidity();
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }
}
