package io.stoq.tls.engine;

import java.security.SecureRandom;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsNonceGenerator;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * The public-key operations, hashes and key schedule of the handshake.
 *
 * <p>Has no state but its source of randomness, so one instance may serve many threads where that source may.
 */
public final class HandshakeCrypto extends BcTlsCrypto {

    private final boolean repeatable;

    private HandshakeCrypto(SecureRandom random, boolean repeatable) {
        super(random);
        this.repeatable = repeatable;
    }

    /** For all sessions and threads. */
    public static HandshakeCrypto shared() {
        return new HandshakeCrypto(new SecureRandom(), false);
    }

    /** For one session whose random values follow from {@code seed}; for simulations, never for a network. */
    public static HandshakeCrypto seeded(byte[] seed) {
        return new HandshakeCrypto(SeededRandom.of(seed), true);
    }

    @Override
    public TlsCipher createCipher(TlsCryptoParameters parameters, int encryptionAlgorithm, int macAlgorithm) {
        return LevelCipher.of(parameters);
    }

    @Override
    public TlsNonceGenerator createNonceGenerator(byte[] additionalSeed) {
        if (!repeatable) {
            return super.createNonceGenerator(additionalSeed);
        }
        // The additional seed holds the time, which would make each run of a simulation another one.
        return size -> {
            byte[] nonce = new byte[size];
            getSecureRandom().nextBytes(nonce);
            return nonce;
        };
    }
}
