package io.stoq.token;

import io.stoq.crypto.CryptoProvider.ResetTokens;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Derives stateless reset tokens with HMAC-SHA-256, cut to 16 bytes. Thread-safe. RFC 9000 §10.3.2.
 *
 * <p>The key must serve nothing else that reaches the wire: whoever could have connection ids made by it would know
 * tokens. The label keeps the tokens apart even then.
 */
public final class HmacResetTokens implements ResetTokens {

    /** Length of the key, in bytes. */
    public static final int KEY_BYTES = 32;

    /** Length of a token, in bytes. RFC 9000 §10.3. */
    public static final int TOKEN_BYTES = 16;

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] LABEL = "stoq stateless reset".getBytes(StandardCharsets.US_ASCII);

    private final SecretKeySpec key;

    /** @param key 32 secret bytes; servers that shall reset each other's connections share them */
    public HmacResetTokens(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("reset key of " + key.length + " bytes; give " + KEY_BYTES);
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** With a random key of its own: connections from before a restart cannot be reset after it. */
    public static HmacResetTokens random() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        HmacResetTokens tokens = new HmacResetTokens(key);
        Arrays.fill(key, (byte) 0);
        return tokens;
    }

    @Override
    public void derive(byte[] connectionId, int at, int length, byte[] token, int tokenAt) {
        Objects.checkFromIndexSize(at, length, connectionId.length);
        Objects.checkFromIndexSize(tokenAt, TOKEN_BYTES, token.length);
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(LABEL);
            mac.update(connectionId, at, length);
            System.arraycopy(mac.doFinal(), 0, token, tokenAt, TOKEN_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the reset token could not be derived", e);
        }
    }
}
