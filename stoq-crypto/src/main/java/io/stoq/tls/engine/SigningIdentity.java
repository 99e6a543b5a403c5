package io.stoq.tls.engine;

import java.io.IOException;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** A certificate chain and its private key, parsed once and shared by all sessions. Immutable. */
public final class SigningIdentity {

    private final Certificate chain;
    private final AsymmetricKeyParameter key;
    private final int[] schemes;

    private SigningIdentity(Certificate chain, AsymmetricKeyParameter key) {
        this.chain = chain;
        this.key = key;
        this.schemes = SignatureSchemes.of(key);
    }

    /**
     * Builds an identity from encodings.
     *
     * @param derChain certificates, that of the key first
     * @param pkcs8 the private key
     * @throws IllegalArgumentException where the key is of a kind that TLS cannot sign with here
     * @throws IOException where an encoding is broken
     */
    public static SigningIdentity of(List<byte[]> derChain, byte[] pkcs8) throws IOException {
        BcTlsCrypto crypto = HandshakeCrypto.shared();
        CertificateEntry[] entries = new CertificateEntry[derChain.size()];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = new CertificateEntry(new EncodedCertificate(crypto, derChain.get(i)), null);
        }
        SigningIdentity identity =
                new SigningIdentity(new Certificate(TlsUtils.EMPTY_BYTES, entries), PrivateKeyFactory.createKey(pkcs8));
        if (identity.schemes.length == 0) {
            throw new IllegalArgumentException(
                    "private key of an unsupported kind; use ECDSA on P-256, P-384 or P-521," + " Ed25519, or RSA");
        }
        return identity;
    }

    /**
     * A signer of the first kind that the peer takes, or null where it takes none.
     *
     * @param accepted the peer's signature_algorithms
     */
    TlsCredentialedSigner signer(TlsContext context, Vector<?> accepted) {
        for (int scheme : schemes) {
            SignatureAndHashAlgorithm algorithm = SignatureScheme.getSignatureAndHashAlgorithm(scheme);
            if (accepted.contains(algorithm)) {
                return new BcDefaultTlsCredentialedSigner(
                        new TlsCryptoParameters(context), (BcTlsCrypto) context.getCrypto(), key, chain, algorithm);
            }
        }
        return null;
    }

    /** Keeps the encoding, which each handshake sends, rather than to encode anew each time. */
    private static final class EncodedCertificate extends BcTlsCertificate {

        private final byte[] der;

        EncodedCertificate(BcTlsCrypto crypto, byte[] der) throws IOException {
            super(crypto, der);
            this.der = der.clone();
        }

        @Override
        public byte[] getEncoded() {
            return der.clone();
        }
    }
}
