package io.stoq.tls.engine;

import java.security.SecureRandom;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.tls.crypto.CryptoHashAlgorithm;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsNonceGenerator;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * The public-key operations, hashes and key schedule of the handshake.
 *
 * <p>Who does what: signatures and key exchange are Bouncy Castle's lightweight primitives, in Java, whose time does not
 * depend on secret keys as far as that library sees to it; on JDK 25 they take half the time of the platform's provider or
 * less. Hashes, and with them HMAC, HKDF and the transcript, are the platform's, for its processor instructions. Each
 * handshake has an ephemeral key of its own.
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
    public TlsSecret hkdfInit(int hash) {
        return ResumptionPsk.zeroSalt(this, hash);
    }

    @Override
    public Digest createDigest(int algorithm) {
        return switch (algorithm) {
            case CryptoHashAlgorithm.sha256 -> PlatformDigest.of("SHA-256", 64);
            case CryptoHashAlgorithm.sha384 -> PlatformDigest.of("SHA-384", 128);
            case CryptoHashAlgorithm.sha512 -> PlatformDigest.of("SHA-512", 128);
            default -> super.createDigest(algorithm);
        };
    }

    @Override
    public Digest cloneDigest(int algorithm, Digest digest) {
        return digest instanceof PlatformDigest platform ? platform.copy() : super.cloneDigest(algorithm, digest);
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
