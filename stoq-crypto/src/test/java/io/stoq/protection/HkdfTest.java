package io.stoq.protection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the platform's own HKDF; the vectors of RFC 9001 are in {@link Rfc9001Test}. */
class HkdfTest {

    private final Random random = new Random(1);

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"HKDF-SHA256", "HKDF-SHA384"})
    void extractionIsThePlatforms(String algorithm) throws Exception {
        KDF oracle = KDF.getInstance(algorithm);
        Hkdf hkdf = new Hkdf(algorithm);
        for (int length = 1; length < 150; length += 7) {
            byte[] salt = bytes(length);
            byte[] input = bytes(20);
            assertArrayEquals(
                    oracle.deriveData(HKDFParameterSpec.ofExtract()
                            .addSalt(salt)
                            .addIKM(input)
                            .extractOnly()),
                    hkdf.extract(salt, input));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HKDF-SHA256"})
    void expansionIsThePlatforms(String algorithm) throws Exception {
        KDF oracle = KDF.getInstance(algorithm);
        Hkdf hkdf = new Hkdf(algorithm);
        for (int length = 1; length <= 32; length++) {
            byte[] secret = bytes(32);
            byte[] name = ("tls13 label " + length).getBytes(StandardCharsets.US_ASCII);
            byte[] info = ByteBuffer.allocate(4 + name.length)
                    .putShort((short) length)
                    .put((byte) name.length)
                    .put(name)
                    .put((byte) 0)
                    .array();
            assertArrayEquals(
                    oracle.deriveData(HKDFParameterSpec.expandOnly(new SecretKeySpec(secret, "Generic"), info, length)),
                    hkdf.expandLabel(secret, "label " + length, length));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {33, 255})
    void moreThanOneHashIsRefused(int length) {
        Hkdf hkdf = new Hkdf("HKDF-SHA256");
        byte[] secret = bytes(32);
        var refusal = assertThrows(IllegalArgumentException.class, () -> hkdf.expandLabel(secret, "quic ku", length));
        assertTrue(refusal.getMessage().contains(Integer.toString(length)), refusal::getMessage);
    }
}
