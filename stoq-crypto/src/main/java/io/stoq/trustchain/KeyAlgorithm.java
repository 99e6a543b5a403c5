package io.stoq.trustchain;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Optional;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** The kinds of keys that are certified, and that authorities sign with. */
public enum KeyAlgorithm {
    P256("EC", "secp256r1", "SHA256withECDSA"),
    P384("EC", "secp384r1", "SHA384withECDSA"),
    ED25519("Ed25519", null, "Ed25519");

    private final String generator;
    private final String curve;
    private final String signature;

    KeyAlgorithm(String generator, String curve, String signature) {
        this.generator = generator;
        this.curve = curve;
        this.signature = signature;
    }

    /** A new key. */
    public KeyPair generate() {
        try {
            KeyPairGenerator keys = KeyPairGenerator.getInstance(generator);
            if (curve != null) {
                keys.initialize(new ECGenParameterSpec(curve));
            }
            return keys.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform cannot make " + this + " keys: " + e.getMessage(), e);
        }
    }

    /** The kind of a key; empty where it is none of these. */
    public static Optional<KeyAlgorithm> of(PublicKey key) {
        AlgorithmIdentifier identifier =
                SubjectPublicKeyInfo.getInstance(key.getEncoded()).getAlgorithm();
        if (EdECObjectIdentifiers.id_Ed25519.equals(identifier.getAlgorithm())) {
            return Optional.of(ED25519);
        }
        if (SECObjectIdentifiers.secp256r1.equals(identifier.getParameters())) {
            return Optional.of(P256);
        }
        return SECObjectIdentifiers.secp384r1.equals(identifier.getParameters()) ? Optional.of(P384) : Optional.empty();
    }

    /** JCA's name of the signatures that these keys make. */
    String signature() {
        return signature;
    }
}
