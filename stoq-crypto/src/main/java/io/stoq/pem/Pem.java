package io.stoq.pem;

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
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * The certificates and keys of one PEM text. RFC 7468; keys as PKCS #8, or as RFC 5915 (EC) or PKCS #1 (RSA) have them.
 *
 * @param source what errors call it: the file's name
 */
public record Pem(String source, List<Object> objects) {

    private static final long MAX_BYTES = 64L << 20;
    private static final int LINE_CHARS = 64; // RFC 7468 §2

    /** @throws IllegalArgumentException naming the file and what to do, where it cannot be read */
    public static Pem of(Path file) {
        try {
            checkKind(file);
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

    private static void checkKind(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + " is a folder; name a file in it");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IllegalArgumentException(
                    file + " has " + Files.size(file) + " bytes; PEM files of up to " + MAX_BYTES + " are read");
        }
    }

    public static Pem of(String source, String text) {
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

    /** @throws IllegalArgumentException where there is none */
    public List<X509Certificate> certificates() {
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

    /** @throws IllegalArgumentException where there is none, more than one, or one that is encrypted */
    public PrivateKey privateKey() {
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

    /** @throws IllegalArgumentException where there is none */
    public List<X509CRL> revocationLists() {
        List<X509CRL> lists = new ArrayList<>();
        for (Object object : objects) {
            if (object instanceof X509CRLHolder holder) {
                lists.add(revocationList(holder));
            }
        }
        if (lists.isEmpty()) {
            throw new IllegalArgumentException(
                    source + " has no revocation list; it needs a -----BEGIN X509 CRL----- block");
        }
        return lists;
    }

    /** @throws IllegalArgumentException where there is none */
    public PKCS10CertificationRequest certificationRequest() {
        for (Object object : objects) {
            if (object instanceof PKCS10CertificationRequest request) {
                return request;
            }
        }
        throw new IllegalArgumentException(
                source + " has no certificate request; it needs a -----BEGIN CERTIFICATE REQUEST----- block");
    }

    /** @throws IllegalArgumentException where there is none */
    public PKCS8EncryptedPrivateKeyInfo encryptedPrivateKey() {
        for (Object object : objects) {
            if (object instanceof PKCS8EncryptedPrivateKeyInfo key) {
                return key;
            }
        }
        throw new IllegalArgumentException(
                source + " has no encrypted private key; it needs a -----BEGIN ENCRYPTED PRIVATE KEY----- block");
    }

    /** One block of a PEM text. */
    public static String block(String type, byte[] der) {
        String base64 = Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
    }

    /** The PKCS #8 block of a key, with its public half: a key without it is legal, but GnuTLS does not read it. */
    public static String block(PrivateKey key, PublicKey publicKey) {
        byte[] pkcs8 = withPublicKey(key, publicKey);
        try {
            return block("PRIVATE KEY", pkcs8);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    /** The certificates as blocks, in this order. */
    public static String blocks(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        try {
            for (X509Certificate certificate : certificates) {
                text.append(block("CERTIFICATE", certificate.getEncoded()));
            }
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("certificate has no encoding", e);
        }
        return text.toString();
    }

    /** RFC 5915 §3 leaves the public half out or in. */
    private static byte[] withPublicKey(PrivateKey key, PublicKey publicKey) {
        byte[] pkcs8 = key.getEncoded();
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(pkcs8);
        if (!X9ObjectIdentifiers.id_ecPublicKey.equals(
                info.getPrivateKeyAlgorithm().getAlgorithm())) {
            return pkcs8;
        }
        try {
            ECPrivateKey half = ECPrivateKey.getInstance(info.parsePrivateKey());
            ASN1BitString point =
                    SubjectPublicKeyInfo.getInstance(publicKey.getEncoded()).getPublicKeyData();
            int bits = 8 * ((half.getKey().bitLength() + 255) / 256 * 32);
            ECPrivateKey whole = new ECPrivateKey(bits, half.getKey(), point, null);
            return new PrivateKeyInfo(info.getPrivateKeyAlgorithm(), whole).getEncoded();
        } catch (IOException e) {
            throw new IllegalArgumentException("private key has no encoding: " + e.getMessage(), e);
        }
    }

    private X509CRL revocationList(X509CRLHolder holder) {
        try {
            ByteArrayInputStream der = new ByteArrayInputStream(holder.getEncoded());
            return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(der);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(source + " has an unreadable revocation list: " + e.getMessage(), e);
        }
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
