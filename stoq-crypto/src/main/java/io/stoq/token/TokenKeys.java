package io.stoq.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The keys that seal and open tokens in one period: those of its own, of the one before and of the one behind. Immutable. */
final class TokenKeys {

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] LABEL = "stoq address token".getBytes(StandardCharsets.US_ASCII);

    private final long period;
    private final List<SecretKeySpec> before;
    private final List<SecretKeySpec> own;
    private final List<SecretKeySpec> behind;

    /** @param roots the first one seals */
    TokenKeys(List<byte[]> roots, long period) {
        this.period = period;
        before = derive(roots, period - 1);
        own = derive(roots, period);
        behind = derive(roots, period + 1);
    }

    long period() {
        return period;
    }

    SecretKeySpec sealing() {
        return own.getFirst();
    }

    /** Those of the period with this last byte. */
    List<SecretKeySpec> opening(byte lastByte) {
        if (lastByte == (byte) period) {
            return own;
        }
        if (lastByte == (byte) (period - 1)) {
            return before;
        }
        return lastByte == (byte) (period + 1) ? behind : List.of();
    }

    private static List<SecretKeySpec> derive(List<byte[]> roots, long period) {
        return roots.stream().map(root -> derive(root, period)).toList();
    }

    private static SecretKeySpec derive(byte[] root, long period) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(root, ALGORITHM));
            mac.update(LABEL);
            byte[] derived =
                    mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(period).array());
            return new SecretKeySpec(derived, 0, AesGcmTokenSealer.KEY_BYTES, "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the token key could not be derived", e);
        }
    }
}
