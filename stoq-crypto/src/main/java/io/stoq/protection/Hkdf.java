package io.stoq.protection;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * HKDF as TLS 1.3 uses it, on one hash. Not thread-safe; made for one derivation or a few. RFC 8446 §7.1.
 *
 * <p>Nothing that QUIC derives is longer than the hash, so an expansion is one HMAC. A connection makes some two dozen of
 * them, for which the platform's {@code KDF}, with its parameter objects and look-ups, takes twice the time.
 */
final class Hkdf {

    private static final String PREFIX = "HKDF-";

    private final Mac hmac;

    /** @param algorithm {@code HKDF-SHA256} or {@code HKDF-SHA384} */
    Hkdf(String algorithm) {
        try {
            this.hmac = Mac.getInstance("Hmac" + algorithm.substring(PREFIX.length()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no HMAC for " + algorithm, e);
        }
    }

    /** HKDF-Extract. RFC 5869 §2.2. */
    byte[] extract(byte[] salt, byte[] inputKeyMaterial) {
        return authenticate(salt, inputKeyMaterial);
    }

    /**
     * HKDF-Expand-Label with an empty context, the only form that QUIC has. RFC 8446 §7.1.
     *
     * @param length at most that of the hash
     */
    byte[] expandLabel(byte[] secret, String label, int length) {
        byte[] block = authenticate(secret, firstBlock(label, length));
        if (length > block.length) {
            throw new IllegalArgumentException(
                    length + " bytes for " + label + "; " + hmac.getAlgorithm() + " gives " + block.length);
        }
        byte[] output = Arrays.copyOf(block, length);
        Arrays.fill(block, (byte) 0);
        return output;
    }

    private byte[] authenticate(byte[] key, byte[] message) {
        KeyMaterial material = new KeyMaterial(hmac.getAlgorithm(), key.clone());
        try {
            hmac.init(material);
            return hmac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("key derivation failed", e);
        } finally {
            material.destroy();
        }
    }

    /** What the HMAC of the first block of output runs over: the HkdfLabel, then the number of the block. RFC 5869 §2.3. */
    private static byte[] firstBlock(String label, int length) {
        byte[] name = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(2 + 1 + name.length + 1 + 1)
                .putShort((short) length)
                .put((byte) name.length)
                .put(name)
                .put((byte) 0)
                .put((byte) 1)
                .array();
    }
}
