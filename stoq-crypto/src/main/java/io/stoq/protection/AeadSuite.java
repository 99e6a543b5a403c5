package io.stoq.protection;

import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;

/** What differs between the cipher suites of QUIC v1: algorithms, sizes and limits. RFC 9001 §5.3, §6.6. */
enum AeadSuite {
    AES_128_GCM(0x1301, "HKDF-SHA256", 32, "AES", "AES/GCM/NoPadding", 16, 1L << 23, 1L << 52),
    AES_256_GCM(0x1302, "HKDF-SHA384", 48, "AES", "AES/GCM/NoPadding", 32, 1L << 23, 1L << 52),

    // More packets than there are packet numbers may be sealed: no limit. RFC 9001 §6.6.
    CHACHA20_POLY1305(0x1303, "HKDF-SHA256", 32, "ChaCha20", "ChaCha20-Poly1305", 32, Long.MAX_VALUE, 1L << 36);

    /** Length of the IV, and of the nonce made from it, in bytes. */
    static final int IV_BYTES = 12;

    private static final int TAG_BITS = 128;

    /** The suite as TLS numbers it. */
    final int code;

    final String hkdf;

    /** Length of a traffic secret, which is the hash's. */
    final int secretBytes;

    /** JCA's name for the key. */
    final String keyAlgorithm;

    /** JCA's name for the AEAD. */
    final String transformation;

    /** Length of the AEAD key and of the header protection key. */
    final int keyBytes;

    final long confidentialityLimitPackets;
    final long integrityLimitPackets;

    AeadSuite(
            int code,
            String hkdf,
            int secretBytes,
            String keyAlgorithm,
            String transformation,
            int keyBytes,
            long confidentialityLimitPackets,
            long integrityLimitPackets) {
        this.code = code;
        this.hkdf = hkdf;
        this.secretBytes = secretBytes;
        this.keyAlgorithm = keyAlgorithm;
        this.transformation = transformation;
        this.keyBytes = keyBytes;
        this.confidentialityLimitPackets = confidentialityLimitPackets;
        this.integrityLimitPackets = integrityLimitPackets;
    }

    static AeadSuite of(int code) {
        return switch (code) {
            case 0x1301 -> AES_128_GCM;
            case 0x1302 -> AES_256_GCM;
            case 0x1303 -> CHACHA20_POLY1305;
            default ->
                throw new IllegalArgumentException("cipher suite 0x" + Integer.toHexString(code)
                        + " is not supported; 0x1301, 0x1302 and 0x1303 are");
        };
    }

    /** The cipher parameters of one packet. JCA takes them as a new object each time. */
    AlgorithmParameterSpec parameters(byte[] nonce) {
        return this == CHACHA20_POLY1305 ? new IvParameterSpec(nonce) : new GCMParameterSpec(TAG_BITS, nonce);
    }
}
