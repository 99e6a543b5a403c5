package io.stoq.tls.engine;

import java.util.Vector;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;

/** Which signatures this side takes, and which it can make with a key. RFC 8446 §4.2.3. */
final class SignatureSchemes {

    /** The PKCS #1 ones at the end are for certificates only; TLS 1.3 forbids them in CertificateVerify. */
    private static final int[] ACCEPTED = {
        SignatureScheme.ecdsa_secp256r1_sha256,
        SignatureScheme.ed25519,
        SignatureScheme.ecdsa_secp384r1_sha384,
        SignatureScheme.ecdsa_secp521r1_sha512,
        SignatureScheme.rsa_pss_rsae_sha256,
        SignatureScheme.rsa_pss_rsae_sha384,
        SignatureScheme.rsa_pss_rsae_sha512,
        SignatureScheme.rsa_pkcs1_sha256,
        SignatureScheme.rsa_pkcs1_sha384,
        SignatureScheme.rsa_pkcs1_sha512
    };

    private static final int P256_BITS = 256;
    private static final int P384_BITS = 384;
    private static final int P521_BITS = 521;

    private SignatureSchemes() {}

    static Vector<SignatureAndHashAlgorithm> accepted() {
        Vector<SignatureAndHashAlgorithm> algorithms = new Vector<>(ACCEPTED.length);
        for (int scheme : ACCEPTED) {
            algorithms.add(SignatureScheme.getSignatureAndHashAlgorithm(scheme));
        }
        return algorithms;
    }

    /** Of either half of a key, in order of preference; empty where the key is of a kind that is not supported. */
    static int[] of(AsymmetricKeyParameter key) {
        return switch (key) {
            case Ed25519PrivateKeyParameters _, Ed25519PublicKeyParameters _ -> new int[] {SignatureScheme.ed25519};
            case RSAKeyParameters _ ->
                new int[] {
                    SignatureScheme.rsa_pss_rsae_sha256,
                    SignatureScheme.rsa_pss_rsae_sha384,
                    SignatureScheme.rsa_pss_rsae_sha512
                };
            case ECKeyParameters ec -> ofCurve(ec.getParameters().getN().bitLength());
            default -> new int[0];
        };
    }

    private static int[] ofCurve(int bits) {
        return switch (bits) {
            case P256_BITS -> new int[] {SignatureScheme.ecdsa_secp256r1_sha256};
            case P384_BITS -> new int[] {SignatureScheme.ecdsa_secp384r1_sha384};
            case P521_BITS -> new int[] {SignatureScheme.ecdsa_secp521r1_sha512};
            default -> new int[0];
        };
    }
}
