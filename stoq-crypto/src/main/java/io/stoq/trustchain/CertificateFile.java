package io.stoq.trustchain;

import io.stoq.pem.Pem;
import io.stoq.tls.Identity;
import io.stoq.tls.Trust;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate chain in a file, of whatever authority. Its errors name the file.
 *
 * @param file in PEM
 * @param chain the owner's certificate first; at least that
 */
public record CertificateFile(Path file, List<X509Certificate> chain) {

    public CertificateFile {
        chain = List.copyOf(chain);
    }

    /** @throws TrustChainException where the file cannot be read or has no certificate */
    public static CertificateFile read(Path file) throws TrustChainException {
        try {
            return new CertificateFile(file, Pem.of(file).certificates());
        } catch (IllegalArgumentException e) {
            throw new TrustChainException(e.getMessage(), e);
        }
    }

    /** The owner's. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** DNS names and IP addresses. */
    public List<String> names() {
        return Subject.namesOf(certificate());
    }

    /**
     * Checks the chain as a peer would, as a server's and as a client's.
     *
     * @param name that clients connect to; null for no matter which
     * @throws TrustChainException where a peer would refuse it: out of date, of another authority, revoked, for other names
     *     or another use
     */
    public void check(Trust trust, String name) throws TrustChainException {
        List<String> names = names();
        if (name == null && names.isEmpty()) {
            throw new TrustChainException(file + " has no DNS name and no IP address that peers could connect to");
        }
        try {
            trust.check(chain, name == null ? names.getFirst() : name);
            trust.check(chain, null);
        } catch (CertificateException | IllegalArgumentException e) {
            throw new TrustChainException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads the key of the certificate.
     *
     * @throws TrustChainException where it cannot be read or is the key of another
     */
    public KeyPair keys(Path keyFile) throws TrustChainException {
        try {
            Identity.ofPem(file, keyFile);
            PrivateKey key = Pem.of(keyFile).privateKey();
            return new KeyPair(certificate().getPublicKey(), key);
        } catch (IllegalArgumentException e) {
            throw new TrustChainException(e.getMessage(), e);
        }
    }
}
