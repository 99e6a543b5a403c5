package io.stoq.trustchain;

import io.stoq.pem.Pem;
import io.stoq.tls.Identity;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate that is in the log.
 *
 * @param certificate of the node
 * @param issuing the authority that signed it, which nodes send along
 * @param index of its entry in the log
 */
public record IssuedCertificate(X509Certificate certificate, X509Certificate issuing, long index) {

    /** The node's certificate, then its issuer's, without the root that peers have. */
    public List<X509Certificate> chain() {
        return List.of(certificate, issuing);
    }

    /** {@link #chain()} as PEM. */
    public String pem() {
        return Pem.blocks(chain());
    }

    /** @throws IllegalArgumentException where the key is not the certificate's */
    public Identity identity(PrivateKey key) {
        return Identity.of(chain(), key);
    }
}
