package io.stoq.tls.engine;

import java.io.IOException;
import java.security.PrivateKey;
import java.security.Provider;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.DefaultTlsCredentialedSigner;
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
    private final int[] schemes;
    private final Signers signers;

    private SigningIdentity(Certificate chain, int[] schemes, Signers signers) {
        if (schemes.length == 0) {
            throw new IllegalArgumentException(
                    "private key of an unsupported kind; use ECDSA on P-256, P-384 or P-521," + " Ed25519, or RSA");
        }
        this.chain = chain;
        this.schemes = schemes;
        this.signers = signers;
    }

    /** Makes what signs in one handshake. */
    private interface Signers {

        TlsCredentialedSigner of(TlsContext context, Certificate chain, SignatureAndHashAlgorithm algorithm);
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
        AsymmetricKeyParameter key = PrivateKeyFactory.createKey(pkcs8);
        return new SigningIdentity(
                chain(derChain),
                SignatureSchemes.of(key),
                (context, chain, algorithm) -> new BcDefaultTlsCredentialedSigner(
                        new TlsCryptoParameters(context), (BcTlsCrypto) context.getCrypto(), key, chain, algorithm));
    }

    /**
     * Builds an identity whose key signs in its own provider, and may have no encoding.
     *
     * @param derChain certificates, that of the key first
     * @param spki the public key
     * @param provider null for the first of the Java runtime's list that takes the key
     * @throws IllegalArgumentException where the key is of a kind that TLS cannot sign with here
     * @throws IOException where an encoding is broken
     */
    public static SigningIdentity of(List<byte[]> derChain, byte[] spki, PrivateKey key, Provider provider)
            throws IOException {
        return new SigningIdentity(
                chain(derChain),
                SignatureSchemes.of(PublicKeyFactory.createKey(spki)),
                (context, chain, algorithm) -> new DefaultTlsCredentialedSigner(
                        new TlsCryptoParameters(context), new ProviderSigner(key, provider), chain, algorithm));
    }

    private static Certificate chain(List<byte[]> derChain) throws IOException {
        BcTlsCrypto crypto = HandshakeCrypto.shared();
        CertificateEntry[] entries = new CertificateEntry[derChain.size()];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = new CertificateEntry(new EncodedCertificate(crypto, derChain.get(i)), null);
        }
        return new Certificate(TlsUtils.EMPTY_BYTES, entries);
    }

    /** A signer of the first identity whose key makes what the peer takes, or null where none does. */
    static TlsCredentialedSigner signer(List<SigningIdentity> candidates, TlsContext context, Vector<?> accepted) {
        for (SigningIdentity candidate : candidates) {
            TlsCredentialedSigner signer = candidate.signer(context, accepted);
            if (signer != null) {
                return signer;
            }
        }
        return null;
    }

    /**
     * A signer of the first kind that the peer takes, or null where it takes none.
     *
     * @param accepted the peer's signature_algorithms
     */
    private TlsCredentialedSigner signer(TlsContext context, Vector<?> accepted) {
        for (int scheme : schemes) {
            SignatureAndHashAlgorithm algorithm = SignatureScheme.getSignatureAndHashAlgorithm(scheme);
            if (accepted.contains(algorithm)) {
                return signers.of(context, chain, algorithm);
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
