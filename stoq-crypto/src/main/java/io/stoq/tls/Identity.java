package io.stoq.tls;

import io.stoq.pem.Pem;
import io.stoq.tls.engine.PinVerifier;
import io.stoq.tls.engine.SigningIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Who one is: a certificate chain, one's own certificate first, and the private key that belongs to it. Immutable.
 *
 * <p>Keys are ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of at least 2048 bits. All factories throw {@link
 * IllegalArgumentException} that says what is wrong and what to do: an unreadable file, a chain out of order, a key
 * that belongs to another certificate.
 */
public final class Identity {

    private static final int MIN_RSA_BITS = 2048;
    private static final Integer DNS_NAME = 2; // RFC 5280 §4.2.1.6

    private final List<X509Certificate> certificates;
    private final PrivateKey key;
    private final SigningIdentity signing;
    private final Set<String> dnsNames;

    /** @param provider whose key it is; null where any that takes it will do */
    private Identity(String source, List<X509Certificate> certificates, PrivateKey key, Provider provider) {
        this.certificates = List.copyOf(certificates);
        this.key = key;
        checkChain(source, this.certificates);
        checkKey(source, this.certificates.getFirst().getPublicKey(), key, provider);
        this.signing = signing(source, provider);
        this.dnsNames = dnsNames(this.certificates.getFirst());
    }

    /** Reads PEM files, which may be one and the same. */
    public static Identity ofPem(Path certificateChain, Path privateKey) {
        Pem chain = Pem.of(certificateChain);
        // One that is replaced meanwhile is not to be read half and half.
        Pem key = privateKey.equals(certificateChain) ? chain : Pem.of(privateKey);
        return new Identity(certificateChain + " with " + privateKey, chain.certificates(), key.privateKey(), null);
    }

    /** Takes PEM texts. */
    public static Identity ofPem(String certificateChain, String privateKey) {
        return new Identity(
                "PEM text",
                Pem.of("the certificate text", certificateChain).certificates(),
                Pem.of("the key text", privateKey).privateKey(),
                null);
    }

    /** Reads the one private key of a PKCS #12 file, and the chain that belongs to it. RFC 7292. */
    public static Identity ofPkcs12(Path file, char[] password) {
        KeyStore store = KeyStoreFile.pkcs12(file, password);
        return ofKeyStore(file + ", entry ", store, KeyStoreFile.onlyKey(file, store), password);
    }

    /**
     * Takes a key entry out of a loaded key store. One that does not leave its device, as with PKCS #11, signs there, by the
     * store's provider.
     */
    public static Identity ofKeyStore(KeyStore store, String alias, char[] password) {
        return ofKeyStore("key store entry ", store, alias, password);
    }

    private static Identity ofKeyStore(String where, KeyStore store, String alias, char[] password) {
        String source = where + "\"" + alias + "\"";
        try {
            Key key = store.getKey(alias, password);
            if (!(key instanceof PrivateKey privateKey)) {
                throw new IllegalArgumentException(
                        source + " is no private key; the store has " + Collections.list(store.aliases()));
            }
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : store.getCertificateChain(alias)) {
                chain.add((X509Certificate) certificate);
            }
            return new Identity(
                    source, chain, privateKey, privateKey.getEncoded() == null ? store.getProvider() : null);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(source + " cannot be read; check the password: " + e.getMessage(), e);
        }
    }

    /**
     * Certificates and a key that are at hand.
     *
     * @param chain one's own certificate first, then those that lead to an authority
     * @param key the private key of the first
     * @throws IllegalArgumentException where they do not belong together
     */
    public static Identity of(List<X509Certificate> chain, PrivateKey key) {
        return new Identity("identity", chain, key, null);
    }

    /**
     * Certificates that are at hand, and a key that stays where it is: {@code provider} signs with it, and it is never asked
     * for its encoding.
     *
     * @param provider need not be in the Java runtime's list
     * @throws IllegalArgumentException where they do not belong together
     */
    public static Identity of(List<X509Certificate> chain, PrivateKey key, Provider provider) {
        return new Identity(
                "identity with a key of " + provider.getName(),
                chain,
                key,
                Objects.requireNonNull(provider, "provider"));
    }

    /**
     * Makes a key (ECDSA, P-256) and a certificate signed by itself, valid for 30 days from an hour ago. Peers trust it
     * with {@link Trust#certificates} or {@link Trust#fingerprint}.
     *
     * @param dnsNamesOrIpv6 what clients connect to; {@code *.example.org} is possible, an IPv4 address is not
     */
    public static Identity selfSigned(String... dnsNamesOrIpv6) {
        return SelfSigned.identity(dnsNamesOrIpv6);
    }

    /** What peers are shown, one's own certificate first. */
    public List<X509Certificate> certificates() {
        return certificates;
    }

    /** SHA-256 of one's own certificate: 64 hex digits, fit for {@link Trust#fingerprint}. */
    public String sha256Fingerprint() {
        return PinVerifier.fingerprint(certificates.getFirst());
    }

    /** SHA-256 of one's own public key: 64 hex digits, fit for {@link Trust#publicKey}. */
    public String publicKeySha256() {
        return PinVerifier.keyFingerprint(certificates.getFirst());
    }

    /**
     * Writes both as PEM, the key as PKCS #8 and where the file system can readable by the owner only; existing files
     * are replaced.
     *
     * @throws IllegalArgumentException where a file cannot be written, or the key does not leave its device
     */
    public void writePem(Path certificateChain, Path privateKey) {
        if (key.getEncoded() == null) {
            throw new IllegalArgumentException(privateKey + " cannot be written: the key does not leave its device");
        }
        try {
            Files.writeString(certificateChain, Pem.blocks(certificates));
            Files.deleteIfExists(privateKey);
            createForOwner(privateKey);
            Files.writeString(
                    privateKey,
                    Pem.block(key, certificates.getFirst().getPublicKey()),
                    StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    certificateChain + " and " + privateKey + " cannot be written; check the folder: " + e, e);
        }
    }

    /** Which may have no encoding. */
    PrivateKey privateKey() {
        return key;
    }

    SigningIdentity signing() {
        return signing;
    }

    /** As its certificate has them, in lower case; some may be wildcards. */
    Set<String> dnsNames() {
        return dnsNames;
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return "Identity[" + certificates.getFirst().getSubjectX500Principal().getName() + ", sha256 "
                + sha256Fingerprint() + "]";
    }

    private static void createForOwner(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(file);
        }
    }

    private SigningIdentity signing(String source, Provider provider) {
        List<byte[]> chain = new ArrayList<>();
        byte[] pkcs8 = provider == null ? key.getEncoded() : null;
        try {
            for (X509Certificate certificate : certificates) {
                chain.add(certificate.getEncoded());
            }
            if (pkcs8 != null) {
                return SigningIdentity.of(chain, pkcs8);
            }
            byte[] spki = certificates.getFirst().getPublicKey().getEncoded();
            return SigningIdentity.of(chain, spki, key, provider);
        } catch (CertificateEncodingException | IOException e) {
            throw new IllegalArgumentException(source + " cannot be used: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
        } finally {
            if (pkcs8 != null) {
                Arrays.fill(pkcs8, (byte) 0);
            }
        }
    }

    private static Set<String> dnsNames(X509Certificate certificate) {
        Set<String> names = new HashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (DNS_NAME.equals(name.get(0))) {
                    names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            // It has no names to be chosen by; peers refuse it in their own words.
        }
        return Set.copyOf(names);
    }

    /** RFC 8446 §4.4.2: each certificate certifies the one before it. */
    private static void checkChain(String source, List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException(source + " has no certificate");
        }
        for (int i = 0; i + 1 < chain.size(); i++) {
            X509Certificate certificate = chain.get(i);
            X509Certificate issuer = chain.get(i + 1);
            try {
                if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
                    throw new GeneralSecurityException("its issuer is " + certificate.getIssuerX500Principal());
                }
                certificate.verify(issuer.getPublicKey());
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException(
                        source + ": certificate " + (i + 1) + " (" + certificate.getSubjectX500Principal()
                                + ") is not issued by the next one (" + issuer.getSubjectX500Principal() + "): "
                                + e.getMessage() + "; put your own certificate first, then its issuer's, and so on",
                        e);
            }
        }
    }

    private static void checkKey(String source, PublicKey publicKey, PrivateKey privateKey, Provider provider) {
        if (publicKey instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
            throw new IllegalArgumentException(
                    source + ": RSA key of " + rsa.getModulus().bitLength() + " bits; peers refuse less than "
                            + MIN_RSA_BITS + ", make a new one");
        }
        if (!matches(publicKey, privateKey, provider)) {
            throw new IllegalArgumentException(source + ": the private key does not belong to the first certificate ("
                    + publicKey.getAlgorithm() + "); give the key that the certificate was requested with");
        }
    }

    private static boolean matches(PublicKey publicKey, PrivateKey privateKey, Provider provider) {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> publicKey.getAlgorithm();
        };
        byte[] probe = {'S', 'T', 'O', 'Q'};
        try {
            Signature signer =
                    provider == null ? Signature.getInstance(algorithm) : Signature.getInstance(algorithm, provider);
            signer.initSign(privateKey);
            signer.update(probe);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(publicKey);
            verifier.update(probe);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
