package io.stoq.token;

import io.stoq.crypto.CryptoProvider.Entropy;
import io.stoq.crypto.CryptoProvider.TokenSealer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals tokens with AES-128-GCM under a random nonce and a key that changes. Thread-safe if its entropy is. RFC 9000 §8.1.4.
 *
 * <pre>
 *   token:  period (1) | nonce (12) | encrypted content | tag (16)    associated data: what the token is bound to
 * </pre>
 *
 * <p>The keys follow from root keys and the number of the period, so servers that share a root key and roughly the time open
 * each other's tokens. A token opens in the period that it was sealed in and in the next one; also in the one before, for a
 * server whose clock is behind.
 *
 * <p>Random nonces: a million tokens a second, for all of a day, make one repeated nonce less likely than 2^-23.
 */
public final class AesGcmTokenSealer implements TokenSealer {

    /** Length of a root key, in bytes. */
    public static final int KEY_BYTES = 16;

    /** How much longer a token is than its content, in bytes. */
    public static final int OVERHEAD_BYTES = 1 + 12 + 16;

    /** How long one key seals. */
    public static final Duration DEFAULT_PERIOD = Duration.ofDays(1);

    private static final int NONCE_AT = 1;
    private static final int NONCE_BYTES = 12;
    private static final int SEALED_AT = NONCE_AT + NONCE_BYTES;
    private static final int TAG_BYTES = 16;
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";

    private final List<byte[]> roots;
    private final Entropy entropy;
    private final long periodMs;

    /** Keys of the period that was asked for last. Any thread may replace it, by an equal one or that of its time. */
    private volatile TokenKeys keys;

    /**
     * @param root 16 secret bytes, used for nothing else
     * @param entropy source of nonces; a repeated nonce would let a client forge tokens
     */
    public AesGcmTokenSealer(byte[] root, Entropy entropy) {
        this(List.of(root), entropy, DEFAULT_PERIOD);
    }

    /**
     * @param roots 16 secret bytes each, used for nothing else; the first one seals, all of them open
     * @param entropy source of nonces; a repeated nonce would let a client forge tokens
     * @param period how long one key seals, at least a second; it opens for one period more
     */
    public AesGcmTokenSealer(List<byte[]> roots, Entropy entropy, Duration period) {
        if (roots.isEmpty()) {
            throw new IllegalArgumentException("no token key");
        }
        for (byte[] root : roots) {
            if (root.length != KEY_BYTES) {
                throw new IllegalArgumentException("token key of " + root.length + " bytes; give " + KEY_BYTES);
            }
        }
        if (period.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("token key period " + period + "; it must be a second or more");
        }
        this.roots = roots.stream().map(byte[]::clone).toList();
        this.entropy = Objects.requireNonNull(entropy, "entropy");
        this.periodMs = period.toMillis();
        this.keys = new TokenKeys(this.roots, 0);
    }

    /** With a random key of its own: no other server, nor this one after a restart, can open its tokens. */
    public static AesGcmTokenSealer random() {
        SecureRandom random = new SecureRandom();
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        AesGcmTokenSealer sealer = new AesGcmTokenSealer(key, (target, at, length) -> {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            System.arraycopy(bytes, 0, target, at, length);
        });
        Arrays.fill(key, (byte) 0);
        return sealer;
    }

    @Override
    public byte[] seal(long unixMs, byte[] content, byte[] boundTo) {
        TokenKeys now = keysAt(unixMs);
        byte[] token = new byte[OVERHEAD_BYTES + content.length];
        token[0] = (byte) now.period();
        entropy.fill(token, NONCE_AT, NONCE_BYTES);
        try {
            Cipher cipher = start(Cipher.ENCRYPT_MODE, now.sealing(), token, boundTo);
            cipher.doFinal(content, 0, content.length, token, SEALED_AT);
            return token;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the token could not be sealed", e);
        }
    }

    @Override
    public byte[] open(long unixMs, byte[] token, byte[] boundTo) {
        if (token.length < OVERHEAD_BYTES) {
            return null;
        }
        for (SecretKeySpec key : keysAt(unixMs).opening(token[0])) {
            try {
                return start(Cipher.DECRYPT_MODE, key, token, boundTo)
                        .doFinal(token, SEALED_AT, token.length - SEALED_AT);
            } catch (GeneralSecurityException e) {
                // Not sealed by this one.
            }
        }
        return null;
    }

    private TokenKeys keysAt(long unixMs) {
        long period = Math.floorDiv(unixMs, periodMs);
        TokenKeys last = keys;
        if (last.period() == period) {
            return last;
        }
        TokenKeys now = new TokenKeys(roots, period);
        keys = now;
        return now;
    }

    private static Cipher start(int mode, SecretKeySpec key, byte[] token, byte[] boundTo)
            throws GeneralSecurityException {
        // A cipher of its own for each token: they are rare, and several loops may share the sealer.
        Cipher cipher = Cipher.getInstance(TRANSFORMATION);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, token, NONCE_AT, NONCE_BYTES));
        cipher.updateAAD(token, 0, NONCE_AT);
        cipher.updateAAD(boundTo);
        return cipher;
    }
}
