package io.stoq.tls.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.tls.crypto.TlsCryptoUtils;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsSecret;

/**
 * The pre-shared key that a ticket stands for. RFC 8446 §4.6.1.
 *
 * <p>Bouncy Castle's engine knows external pre-shared keys only. All that sets a ticket's key apart is the label of its
 * binder (RFC 8446 §7.1), so the early secret that is extracted from such a key puts that label right.
 */
final class ResumptionPsk extends BcTlsSecret {

    private final HandshakeCrypto crypto;

    ResumptionPsk(HandshakeCrypto crypto, byte[] key) {
        super(crypto, key.clone());
        this.crypto = crypto;
    }

    /** What every key schedule starts with: a salt of zeros. RFC 8446 §7.1. */
    static TlsSecret zeroSalt(HandshakeCrypto crypto, int hash) {
        return new ZeroSalt(crypto, TlsCryptoUtils.getHashOutputSize(hash));
    }

    /** client_early_traffic_secret. RFC 8446 §7.1. */
    static byte[] earlySecret(HandshakeCrypto crypto, byte[] psk, int cipherSuite, Transcript clientHello)
            throws IOException {
        int hash = SessionSecrets.hashOf(cipherSuite);
        TlsSecret early = zeroSalt(crypto, hash).hkdfExtract(hash, new ResumptionPsk(crypto, psk));
        byte[] messages = clientHello.hash(crypto, hash);
        return TlsCryptoUtils.hkdfExpandLabel(early, hash, "c e traffic", messages, messages.length)
                .extract();
    }

    private static final class ZeroSalt extends BcTlsSecret {

        ZeroSalt(HandshakeCrypto crypto, int bytes) {
            super(crypto, new byte[bytes]);
        }

        @Override
        public synchronized TlsSecret hkdfExtract(int hash, TlsSecret input) {
            TlsSecret early = super.hkdfExtract(hash, input);
            return input instanceof ResumptionPsk psk ? new EarlySecret(psk.crypto, early.extract()) : early;
        }
    }

    private static final class EarlySecret extends BcTlsSecret {

        private static final byte[] EXTERNAL = "tls13 ext binder".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] RESUMPTION = "tls13 res binder".getBytes(StandardCharsets.US_ASCII);

        /** Where the label stands in an HkdfLabel: behind the length of the output, and its own. */
        private static final int LABEL_AT = 3;

        EarlySecret(HandshakeCrypto crypto, byte[] secret) {
            super(crypto, secret);
        }

        @Override
        public synchronized TlsSecret hkdfExpand(int hash, byte[] label, int length) {
            int end = LABEL_AT + EXTERNAL.length;
            if (label.length < end || !Arrays.equals(label, LABEL_AT, end, EXTERNAL, 0, EXTERNAL.length)) {
                return super.hkdfExpand(hash, label, length);
            }
            byte[] relabelled = label.clone();
            System.arraycopy(RESUMPTION, 0, relabelled, LABEL_AT, RESUMPTION.length);
            return super.hkdfExpand(hash, relabelled, length);
        }
    }
}
