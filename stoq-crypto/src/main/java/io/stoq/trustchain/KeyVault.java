package io.stoq.trustchain;

import io.stoq.pem.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;

/**
 * Authorities' keys as they lie on disk: PKCS #8 encrypted with AES-256-CBC by a password that PBKDF2 with HMAC-SHA-256
 * stretched, PBES2 of RFC 8018. What openssl encrypted, with scrypt too, is read as well.
 */
final class KeyVault {

    private static final AlgorithmIdentifier HMAC_SHA256 =
            new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE);

    private final int iterations;
    private final SecureRandom random;

    KeyVault(int iterations, SecureRandom random) {
        this.iterations = iterations;
        this.random = random;
    }

    /** The bytes of a PEM file. */
    byte[] seal(PrivateKey key, char[] password) throws TrustChainException {
        try {
            PKCS8EncryptedPrivateKeyInfo sealed = new JcaPKCS8EncryptedPrivateKeyInfoBuilder(key)
                    .build(new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                            .setProvider(Signing.BOUNCY_CASTLE)
                            .setPRF(HMAC_SHA256)
                            .setIterationCount(iterations)
                            .setRandom(random)
                            .setPassword(password)
                            .build());
            return Pem.block("ENCRYPTED PRIVATE KEY", sealed.getEncoded()).getBytes(StandardCharsets.US_ASCII);
        } catch (OperatorCreationException | IOException e) {
            throw new TrustChainException("a key cannot be encrypted: " + e.getMessage(), e);
        }
    }

    /**
     * Reads what {@link #seal} made.
     *
     * @param source the file's name
     * @param owner whose key it must be
     */
    PrivateKey open(String source, String pem, char[] password, PublicKey owner) throws TrustChainException {
        PrivateKey key = open(source, pem, password);
        if (!belongs(key, owner)) {
            throw new TrustChainException(
                    source + " is not the key of its certificate; restore both from the same backup");
        }
        return key;
    }

    private PrivateKey open(String source, String pem, char[] password) throws TrustChainException {
        PKCS8EncryptedPrivateKeyInfo sealed;
        try {
            sealed = Pem.of(source, pem).encryptedPrivateKey();
        } catch (IllegalArgumentException e) {
            throw new TrustChainException(e.getMessage(), e);
        }
        byte[] plain = null;
        try {
            InputDecryptorProvider decryptor = new JcePKCSPBEInputDecryptorProviderBuilder()
                    .setProvider(Signing.BOUNCY_CASTLE)
                    .build(password);
            PrivateKeyInfo info = sealed.decryptPrivateKeyInfo(decryptor);
            plain = info.getEncoded();
            String algorithm = X9ObjectIdentifiers.id_ecPublicKey.equals(
                            info.getPrivateKeyAlgorithm().getAlgorithm())
                    ? "EC"
                    : "Ed25519";
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(plain));
        } catch (PKCSException | IOException | GeneralSecurityException | RuntimeException e) {
            // A wrong password shows as bad padding, or as nonsense where the padding is right by chance.
            throw new TrustChainException(source + " does not open with this password", e);
        } finally {
            if (plain != null) {
                Arrays.fill(plain, (byte) 0);
            }
        }
    }

    private static boolean belongs(PrivateKey key, PublicKey owner) {
        byte[] probe = {'S', 'T', 'O', 'Q'};
        try {
            String algorithm =
                    KeyAlgorithm.of(owner).map(KeyAlgorithm::signature).orElse("");
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(owner);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
