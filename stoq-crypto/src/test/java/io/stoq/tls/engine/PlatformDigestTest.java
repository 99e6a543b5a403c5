package io.stoq.tls.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.ExtendedDigest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.tls.crypto.CryptoHashAlgorithm;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The platform's hash functions against Bouncy Castle's own. */
class PlatformDigestTest {

    private static final int SHA256 = CryptoHashAlgorithm.sha256;
    private static final int SHA384 = CryptoHashAlgorithm.sha384;
    private static final int SHA512 = CryptoHashAlgorithm.sha512;

    private final HandshakeCrypto crypto = HandshakeCrypto.shared();
    private final BcTlsCrypto oracle = new BcTlsCrypto();
    private final Random random = new Random(1);

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] result(Digest digest) {
        byte[] out = new byte[digest.getDigestSize() + 2];
        assertEquals(digest.getDigestSize(), digest.doFinal(out, 1));
        return out;
    }

    @ParameterizedTest
    @ValueSource(ints = {SHA256, SHA384, SHA512})
    void bothHashTheSame(int algorithm) {
        Digest digest = crypto.createDigest(algorithm);
        Digest expected = oracle.createDigest(algorithm);
        assertEquals(expected.getDigestSize(), digest.getDigestSize());
        assertEquals(((ExtendedDigest) expected).getByteLength(), ((ExtendedDigest) digest).getByteLength());
        for (int length = 0; length < 300; length++) {
            byte[] bytes = bytes(length + 1);
            digest.update(bytes, 1, length);
            digest.update(bytes[0]);
            expected.update(bytes, 1, length);
            expected.update(bytes[0]);
            assertArrayEquals(result(expected), result(digest));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SHA256, SHA384, SHA512})
    void aCopyGoesItsOwnWay(int algorithm) {
        byte[] start = bytes(100);
        byte[] end = bytes(50);
        Digest digest = crypto.createDigest(algorithm);
        digest.update(start, 0, start.length);
        Digest copy = crypto.cloneDigest(algorithm, digest);
        copy.update(end, 0, end.length);
        Digest expected = oracle.createDigest(algorithm);
        expected.update(start, 0, start.length);
        assertArrayEquals(result(expected), result(digest));
        expected.update(start, 0, start.length);
        expected.update(end, 0, end.length);
        assertArrayEquals(result(expected), result(copy));
    }

    @ParameterizedTest
    @ValueSource(ints = {SHA256, SHA384, SHA512})
    void aResetForgetsWhatCameBefore(int algorithm) {
        Digest digest = crypto.createDigest(algorithm);
        digest.update(bytes(10), 0, 10);
        digest.reset();
        assertArrayEquals(result(oracle.createDigest(algorithm)), result(digest));
    }

    @ParameterizedTest
    @ValueSource(ints = {SHA256, SHA384, SHA512})
    void hmacWithLongAndShortKeysIsTheSame(int algorithm) {
        for (int keyBytes : new int[] {1, 32, 64, 65, 128, 129, 200}) {
            KeyParameter key = new KeyParameter(bytes(keyBytes));
            byte[] message = bytes(77);
            HMac hmac = new HMac(crypto.createDigest(algorithm));
            HMac expected = new HMac(oracle.createDigest(algorithm));
            byte[] out = new byte[hmac.getMacSize()];
            byte[] expectedOut = new byte[expected.getMacSize()];
            hmac.init(key);
            expected.init(key);
            for (int again = 0; again < 2; again++) {
                hmac.update(message, 0, message.length);
                hmac.doFinal(out, 0);
                expected.update(message, 0, message.length);
                expected.doFinal(expectedOut, 0);
                assertArrayEquals(expectedOut, out);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SHA256, SHA384, SHA512})
    void aHashThatDoesNotFitIsRefused(int algorithm) {
        Digest digest = crypto.createDigest(algorithm);
        byte[] tooSmall = new byte[digest.getDigestSize()];
        assertThrows(IllegalArgumentException.class, () -> digest.doFinal(tooSmall, 1));
    }
}
