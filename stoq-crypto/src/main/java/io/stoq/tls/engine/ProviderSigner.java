package io.stoq.tls.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsSigner;
import org.bouncycastle.tls.crypto.TlsStreamSigner;

/** Has a security provider sign: for keys that do not leave their device. Used in one handshake. */
final class ProviderSigner implements TlsSigner {

    private final PrivateKey key;
    private final Provider provider;

    /** @param provider null for the first of the Java runtime's list that takes the key */
    ProviderSigner(PrivateKey key, Provider provider) {
        this.key = key;
        this.provider = provider;
    }

    @Override
    public byte[] generateRawSignature(SignatureAndHashAlgorithm algorithm, byte[] hash) throws IOException {
        throw new TlsFatalAlert(AlertDescription.internal_error, "TLS 1.3 signs messages, not hashes");
    }

    @Override
    public TlsStreamSigner getStreamSigner(SignatureAndHashAlgorithm algorithm) throws IOException {
        try {
            Signature signature = signature(SignatureScheme.from(algorithm));
            signature.initSign(key);
            return new Stream(signature);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw cannotSign(e);
        }
    }

    private Signature signature(int scheme) throws GeneralSecurityException {
        return switch (scheme) {
            case SignatureScheme.ecdsa_secp256r1_sha256 -> named("SHA256withECDSA");
            case SignatureScheme.ecdsa_secp384r1_sha384 -> named("SHA384withECDSA");
            case SignatureScheme.ecdsa_secp521r1_sha512 -> named("SHA512withECDSA");
            case SignatureScheme.ed25519 -> named("Ed25519");
            case SignatureScheme.rsa_pss_rsae_sha256 -> pss("SHA-256", MGF1ParameterSpec.SHA256, 32);
            case SignatureScheme.rsa_pss_rsae_sha384 -> pss("SHA-384", MGF1ParameterSpec.SHA384, 48);
            case SignatureScheme.rsa_pss_rsae_sha512 -> pss("SHA-512", MGF1ParameterSpec.SHA512, 64);
            default -> throw new GeneralSecurityException("no signature of scheme " + scheme);
        };
    }

    private Signature named(String algorithm) throws GeneralSecurityException {
        return provider == null ? Signature.getInstance(algorithm) : Signature.getInstance(algorithm, provider);
    }

    /** RFC 8446 §4.2.3: the salt is as long as the hash. */
    private Signature pss(String hash, MGF1ParameterSpec mask, int saltBytes) throws GeneralSecurityException {
        Signature signature = named("RSASSA-PSS");
        signature.setParameter(new PSSParameterSpec(hash, "MGF1", mask, saltBytes, PSSParameterSpec.TRAILER_FIELD_BC));
        return signature;
    }

    /** What the provider says of it is not for the peer, who reads the reason. */
    private static IOException cannotSign(Exception cause) {
        return new HandshakeRejection(AlertDescription.internal_error, "the private key's provider cannot sign", cause);
    }

    /** A signature in the making. */
    private static final class Stream implements TlsStreamSigner {

        private final Signature signature;

        Stream(Signature signature) {
            this.signature = signature;
        }

        @Override
        public OutputStream getOutputStream() {
            return new OutputStream() {
                @Override
                public void write(int value) throws IOException {
                    write(new byte[] {(byte) value}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    try {
                        signature.update(bytes, offset, length);
                    } catch (SignatureException | RuntimeException e) {
                        throw cannotSign(e);
                    }
                }
            };
        }

        @Override
        public byte[] getSignature() throws IOException {
            try {
                return signature.sign();
            } catch (SignatureException | RuntimeException e) {
                throw cannotSign(e);
            }
        }
    }
}
