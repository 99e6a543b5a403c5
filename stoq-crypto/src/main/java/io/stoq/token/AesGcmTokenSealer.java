package io.stoq.token;

import io.stoq.crypto.CryptoProvider.Entropy;
import io.stoq.crypto.CryptoProvider.TokenSealer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals tokens with AES-128-GCM under a random nonce. Thread-safe if its entropy is. RFC 9000 §8.1.4.
 *
 * <pre>
 *   token:  nonce (12) | encrypted content | tag (16)        associated data: what the token is bound to
 * </pre>
 *
 * <p>Random nonces are good for some 2^32 tokens under one key; servers that share tokens share the key, and the count.
 */
public final class AesGcmTokenSealer implements TokenSealer {

    /** Length of the key, in bytes. */
    public static final int KEY_BYTES = 16;

    /** How much longer a token is than its content, in bytes. */
    public static final int OVERHEAD_BYTES = 12 + 16;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";

    private final SecretKeySpec key;
    private final Entropy entropy;

    /**
     * @param key 16 secret bytes, used for nothing else
     * @param entropy source of nonces; a repeated nonce would let a client forge tokens
     */
    public AesGcmTokenSealer(byte[] key, Entropy entropy) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("token key of " + key.length + " bytes; give " + KEY_BYTES);
        }
        this.key = new SecretKeySpec(key, "AES");
        this.entropy = Objects.requireNonNull(entropy, "entropy");
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
    public byte[] seal(byte[] content, byte[] boundTo) {
        byte[] token = new byte[OVERHEAD_BYTES + content.length];
        entropy.fill(token, 0, NONCE_BYTES);
        try {
            Cipher cipher = start(Cipher.ENCRYPT_MODE, token, boundTo);
            cipher.doFinal(content, 0, content.length, token, NONCE_BYTES);
            return token;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the token could not be sealed", e);
        }
    }

    @Override
    public byte[] open(byte[] token, byte[] boundTo) {
        if (token.length < OVERHEAD_BYTES) {
            return null;
        }
        try {
            return start(Cipher.DECRYPT_MODE, token, boundTo).doFinal(token, NONCE_BYTES, token.length - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    private Cipher start(int mode, byte[] token, byte[] boundTo) throws GeneralSecurityException {
        // A cipher of its own for each token: they are rare, and several loops may share the sealer.
        Cipher cipher = Cipher.getInstance(TRANSFORMATION);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, token, 0, NONCE_BYTES));
        cipher.updateAAD(boundTo);
        return cipher;
    }
}
