package io.stoq.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * The certificates and keys of one PEM text. RFC 7468; keys as PKCS #8, or as RFC 5915 (EC) or PKCS #1 (RSA) have them.
 *
 * @param source what errors call it: the file's name
 */
record Pem(String source, List<Object> objects) {

    /** @throws IllegalArgumentException naming the file and what to do, where it cannot be read */
    static Pem of(Path file) {
        try {
            return of(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    file + " does not exist (looked from " + Path.of("").toAbsolutePath() + ")", e);
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException(file + " is no text; if it is DER, convert it to PEM with openssl", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read; check its permissions: " + e, e);
        }
    }

    static Pem of(String source, String text) {
        List<Object> objects = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                objects.add(object);
            }
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    source + " has a broken PEM block: " + e.getMessage() + "; write the file again", e);
        }
        return new Pem(source, objects);
    }

    List<X509Certificate> certificates() {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Object object : objects) {
            if (object instanceof X509CertificateHolder holder) {
                certificates.add(certificate(holder));
            }
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(
                    source + " has no certificate; it needs a -----BEGIN CERTIFICATE----- block");
        }
        return certificates;
    }

    PrivateKey privateKey() {
        List<PrivateKeyInfo> keys = new ArrayList<>();
        for (Object object : objects) {
            switch (object) {
                case PrivateKeyInfo key -> keys.add(key);
                case PEMKeyPair pair -> keys.add(pair.getPrivateKeyInfo());
                case PKCS8EncryptedPrivateKeyInfo _ -> throw encrypted();
                case PEMEncryptedKeyPair _ -> throw encrypted();
                default -> {} // certificates and curve parameters may stand beside the key
            }
        }
        if (keys.size() != 1) {
            throw new IllegalArgumentException(source + " has " + keys.size()
                    + " private keys instead of one; it needs one -----BEGIN PRIVATE KEY----- block");
        }
        return privateKey(keys.getFirst());
    }

    private X509Certificate certificate(X509CertificateHolder holder) {
        try {
            ByteArrayInputStream der = new ByteArrayInputStream(holder.getEncoded());
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(der);
        } catch (CertificateException | IOException e) {
            throw new IllegalArgumentException(source + " has an unreadable certificate: " + e.getMessage(), e);
        }
    }

    private PrivateKey privateKey(PrivateKeyInfo key) {
        ASN1ObjectIdentifier kind = key.getPrivateKeyAlgorithm().getAlgorithm();
        try {
            return KeyFactory.getInstance(algorithmOf(kind)).generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(source + " has an unreadable private key: " + e.getMessage(), e);
        }
    }

    private String algorithmOf(ASN1ObjectIdentifier kind) {
        if (kind.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return "EC";
        }
        if (kind.equals(EdECObjectIdentifiers.id_Ed25519)) {
            return "Ed25519";
        }
        if (kind.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return "RSA";
        }
        throw new IllegalArgumentException(source + " has a private key of the unsupported kind " + kind
                + "; use ECDSA on P-256, P-384 or P-521, Ed25519, or RSA");
    }

    private IllegalArgumentException encrypted() {
        return new IllegalArgumentException(source + " has an encrypted private key; decrypt it with"
                + " openssl pkey -in " + source + " -out plain.pem, or use Identity.ofKeyStore");
    }
}
