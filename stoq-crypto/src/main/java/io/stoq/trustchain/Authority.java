package io.stoq.trustchain;

import io.stoq.tls.engine.PeerName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;

/** A certificate whose key signs others. RFC 5280. Immutable, for any number of threads. */
final class Authority {

    /** Clocks of peers may be behind. */
    static final Duration BACKDATED = Duration.ofMinutes(5);

    /** RFC 5280 §4.1.2.2: positive and at most 20 bytes. The top bit is set, so that all have the same length. */
    private static final int SERIAL_BITS = 159;

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final SecureRandom random;

    Authority(X509Certificate certificate, PrivateKey key, SecureRandom random) {
        this.certificate = certificate;
        this.key = key;
        this.random = random;
    }

    /** A root: an authority signed by itself. */
    static Authority root(KeyPair keys, String name, Instant from, Instant to, SecureRandom random)
            throws TrustChainException {
        X500Name subject = Subject.common(name);
        Authority self = new Authority(null, keys.getPrivate(), random);
        X509Certificate certificate =
                self.sign(keys.getPublic(), subject, subject, from, to, keys.getPublic(), builder -> {
                    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(1));
                    builder.addExtension(
                            Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
                });
        return new Authority(certificate, keys.getPrivate(), random);
    }

    /** An authority below this one that certifies nodes with the names of {@code policy}, and no authorities. */
    X509Certificate issuing(PublicKey publicKey, String name, NamePolicy policy, Instant from, Instant to)
            throws TrustChainException {
        return sign(publicKey, Subject.common(name), from, to, builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            if (!policy.permitsAll()) {
                builder.addExtension(Extension.nameConstraints, true, policy.constraints());
            }
        });
    }

    /** A node: server and client of the fleet. */
    X509Certificate node(PublicKey publicKey, List<PeerName> names, Instant from, Instant to)
            throws TrustChainException {
        return sign(publicKey, Subject.of(names), from, to, builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            builder.addExtension(Extension.subjectAlternativeName, false, Subject.alternatives(names));
        });
    }

    /** RFC 5280 §5. */
    X509CRL revocationList(Collection<Revocation> revoked, BigInteger number, Instant at, Instant next)
            throws TrustChainException {
        try {
            X509v2CRLBuilder builder = new X509v2CRLBuilder(subjectOf(certificate), Date.from(at));
            builder.setNextUpdate(Date.from(next));
            for (Revocation revocation : revoked) {
                builder.addCRLEntry(
                        revocation.serial(),
                        Date.from(revocation.at()),
                        revocation.reason().code());
            }
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    extensions().createAuthorityKeyIdentifier(certificate.getPublicKey()));
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(number));
            byte[] der = builder.build(signer()).getEncoded();
            return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
        } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
            throw new TrustChainException("a revocation list cannot be made: " + e.getMessage(), e);
        }
    }

    /** The same key with another certificate. */
    Authority with(X509Certificate renewed) {
        return new Authority(renewed, key, random);
    }

    X509Certificate certificate() {
        return certificate;
    }

    byte[] sign(byte[] message) throws TrustChainException {
        try {
            Signature signature = Signature.getInstance(algorithm());
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new TrustChainException("the issuing key cannot sign: " + e.getMessage(), e);
        }
    }

    private X509Certificate sign(PublicKey owner, X500Name subject, Instant from, Instant to, Extender extender)
            throws TrustChainException {
        return sign(owner, subject, subjectOf(certificate), from, to, certificate.getPublicKey(), extender);
    }

    private X509Certificate sign(
            PublicKey owner,
            X500Name subject,
            X500Name issuer,
            Instant from,
            Instant to,
            PublicKey issuerKey,
            Extender extender)
            throws TrustChainException {
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1),
                Date.from(from),
                Date.from(to),
                subject,
                SubjectPublicKeyInfo.getInstance(owner.getEncoded()));
        try {
            JcaX509ExtensionUtils identifiers = extensions();
            builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(owner));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(issuerKey));
            extender.extend(builder);
            byte[] der = builder.build(Signing.signer(key, issuerKey)).getEncoded();
            return Certificates.parse(der);
        } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
            throw new TrustChainException("a certificate cannot be made: " + e.getMessage(), e);
        }
    }

    private ContentSigner signer() throws OperatorCreationException {
        return Signing.signer(key, certificate.getPublicKey());
    }

    private String algorithm() {
        return signatureOf(certificate.getPublicKey());
    }

    private static String signatureOf(PublicKey key) {
        return KeyAlgorithm.of(key).orElseThrow().signature();
    }

    private static JcaX509ExtensionUtils extensions() throws GeneralSecurityException {
        return new JcaX509ExtensionUtils();
    }

    private static X500Name subjectOf(X509Certificate certificate) {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    /** Adds what is particular to a kind of certificate. */
    private interface Extender {

        void extend(X509v3CertificateBuilder builder) throws CertIOException;
    }
}
