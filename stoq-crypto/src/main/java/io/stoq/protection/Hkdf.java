package io.stoq.protection;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/** HKDF as TLS 1.3 uses it, on one hash. Not thread-safe; made for one derivation or a few. RFC 8446 §7.1. */
final class Hkdf {

    private final KDF kdf;

    /** @param algorithm {@code HKDF-SHA256} or {@code HKDF-SHA384} */
    Hkdf(String algorithm) {
        try {
            this.kdf = KDF.getInstance(algorithm);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no " + algorithm, e);
        }
    }

    /** HKDF-Extract. RFC 5869 §2.2. */
    byte[] extract(byte[] salt, byte[] inputKeyMaterial) {
        return derive(HKDFParameterSpec.ofExtract()
                .addSalt(salt)
                .addIKM(inputKeyMaterial)
                .extractOnly());
    }

    /** HKDF-Expand-Label with an empty context, the only form that QUIC has. RFC 8446 §7.1. */
    byte[] expandLabel(byte[] secret, String label, int length) {
        KeyMaterial key = new KeyMaterial("Generic", secret.clone());
        try {
            return derive(HKDFParameterSpec.expandOnly(key, info(label, length), length));
        } finally {
            key.destroy();
        }
    }

    private byte[] derive(HKDFParameterSpec parameters) {
        try {
            return kdf.deriveData(parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("key derivation failed", e);
        }
    }

    private static byte[] info(String label, int length) {
        byte[] name = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(2 + 1 + name.length + 1)
                .putShort((short) length)
                .put((byte) name.length)
                .put(name)
                .put((byte) 0)
                .array();
    }
}
