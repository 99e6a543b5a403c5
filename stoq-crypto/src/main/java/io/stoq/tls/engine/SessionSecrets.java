package io.stoq.tls.engine;

import io.stoq.crypto.KeyExporter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.PRFAlgorithm;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.crypto.CryptoHashAlgorithm;
import org.bouncycastle.tls.crypto.TlsCryptoUtils;
import org.bouncycastle.tls.crypto.TlsHash;
import org.bouncycastle.tls.crypto.TlsSecret;

/**
 * The secrets that outlive a handshake: one for exported keys, one for tickets. RFC 8446 §7.1, §7.5. Thread-safe; once
 * destroyed it derives nothing.
 */
final class SessionSecrets implements KeyExporter {

    /** Of a connection whose handshake is not complete. */
    static final KeyExporter NOT_YET = (label, context, lengthBytes) -> {
        throw new IllegalStateException("keys are exported when the handshake is complete");
    };

    private static final int MAX_LABEL_CHARS = 249; // with "tls13 " before it 255, RFC 8446 §7.1
    private static final int MAX_BLOCKS = 255; // RFC 5869 §2.3

    private final HandshakeCrypto crypto;
    private final int hash;
    private final int hashBytes;
    private final byte[] exporter;
    private final byte[] resumption;
    private boolean destroyed;

    private SessionSecrets(HandshakeCrypto crypto, int hash, byte[] exporter, byte[] resumption) {
        this.crypto = crypto;
        this.hash = hash;
        this.hashBytes = TlsCryptoUtils.getHashOutputSize(hash);
        this.exporter = exporter;
        this.resumption = resumption;
    }

    /**
     * Derives them while the engine still has what they follow from: in its callback for the end of the handshake.
     *
     * @param transcript up to the client's Finished, or null where no tickets are wanted
     */
    static SessionSecrets of(TlsContext context, Transcript transcript) throws IOException {
        HandshakeCrypto crypto = (HandshakeCrypto) context.getCrypto();
        SecurityParameters parameters = context.getSecurityParametersConnection();
        int hash = parameters.getPRFCryptoHashAlgorithm();
        byte[] exporter =
                crypto.adoptSecret(parameters.getExporterMasterSecret()).extract();
        byte[] resumption = null;
        if (transcript != null) {
            byte[] messages = transcript.hash(crypto, hash);
            resumption = TlsCryptoUtils.hkdfExpandLabel(
                            parameters.getMasterSecret(), hash, "res master", messages, messages.length)
                    .extract();
        }
        return new SessionSecrets(crypto, hash, exporter, resumption);
    }

    /** The hash of a cipher suite, by which pre-shared keys go with it. RFC 8446 §4.2.11. */
    static int hashOf(int cipherSuite) {
        return cipherSuite == CipherSuite.TLS_AES_256_GCM_SHA384
                ? CryptoHashAlgorithm.sha384
                : CryptoHashAlgorithm.sha256;
    }

    static int prfOf(int cipherSuite) {
        return hashOf(cipherSuite) == CryptoHashAlgorithm.sha384
                ? PRFAlgorithm.tls13_hkdf_sha384
                : PRFAlgorithm.tls13_hkdf_sha256;
    }

    /** For the key log; not to be changed. */
    byte[] exporterSecret() {
        return exporter;
    }

    boolean canResume() {
        return resumption != null;
    }

    /** The key that a ticket with this nonce stands for. RFC 8446 §4.6.1. */
    synchronized byte[] pskOf(byte[] nonce) throws IOException {
        return expand(resumption, "resumption", nonce, hashBytes);
    }

    @Override
    public synchronized byte[] export(String label, byte[] context, int lengthBytes) {
        if (destroyed) {
            throw new IllegalStateException("the connection is closed; its secrets are wiped");
        }
        byte[] name = label.getBytes(StandardCharsets.US_ASCII);
        if (name.length == 0 || name.length > MAX_LABEL_CHARS || !label.chars().allMatch(c -> c > 0x1f && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "exporter label \"" + label + "\"; use 1 to " + MAX_LABEL_CHARS + " printable ASCII characters");
        }
        if (lengthBytes < 1 || lengthBytes > MAX_BLOCKS * hashBytes) {
            throw new IllegalArgumentException(lengthBytes + " exported bytes; ask for 1 to " + MAX_BLOCKS * hashBytes
                    + " with this cipher suite");
        }
        try {
            byte[] derived = expand(exporter, label, hashOf(new byte[0]), hashBytes);
            return expand(derived, "exporter", hashOf(context == null ? new byte[0] : context), lengthBytes);
        } catch (IOException e) {
            throw new IllegalStateException("key derivation failed", e);
        }
    }

    synchronized void destroy() {
        destroyed = true;
        Arrays.fill(exporter, (byte) 0);
        if (resumption != null) {
            Arrays.fill(resumption, (byte) 0);
        }
    }

    private byte[] expand(byte[] secret, String label, byte[] context, int length) throws IOException {
        TlsSecret key = crypto.createSecret(secret);
        return TlsCryptoUtils.hkdfExpandLabel(key, hash, label, context, length).extract();
    }

    private byte[] hashOf(byte[] bytes) {
        TlsHash function = crypto.createHash(hash);
        function.update(bytes, 0, bytes.length);
        return function.calculateHash();
    }
}
