package io.stoq.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stoq.crypto.CryptoProvider.Entropy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AesGcmTokenSealerTest {

    private static final byte[] ADDRESS = {0x20, 1, 0xd, (byte) 0xb8, 0, 1};
    private static final byte[] CONTENT = "retry, odcid, time".getBytes(StandardCharsets.US_ASCII);

    private final AesGcmTokenSealer sealer = new AesGcmTokenSealer(new byte[16], seeded(1));

    @Test
    void givesTheContentBack() {
        for (int length : new int[] {0, 1, 60, 1000}) {
            byte[] content = new byte[length];
            new Random(length).nextBytes(content);
            byte[] token = sealer.seal(content, ADDRESS);
            assertEquals(length + AesGcmTokenSealer.OVERHEAD_BYTES, token.length);
            assertArrayEquals(content, sealer.open(token, ADDRESS));
        }
    }

    @Test
    void anotherServerWithTheSameKeyOpensTheToken() {
        byte[] token = sealer.seal(CONTENT, ADDRESS);
        assertArrayEquals(CONTENT, new AesGcmTokenSealer(new byte[16], seeded(2)).open(token, ADDRESS));
    }

    @Test
    void anotherKeyDoesNotOpenTheToken() {
        byte[] token = sealer.seal(CONTENT, ADDRESS);
        byte[] key = new byte[16];
        key[15] = 1;
        assertNull(new AesGcmTokenSealer(key, seeded(1)).open(token, ADDRESS));
        assertNull(AesGcmTokenSealer.random().open(token, ADDRESS));
    }

    @Test
    void aTokenIsGoodOnlyForWhatItIsBoundTo() {
        byte[] token = sealer.seal(CONTENT, ADDRESS);
        byte[] other = ADDRESS.clone();
        other[5] ^= 1;
        assertNull(sealer.open(token, other));
        assertNull(sealer.open(token, Arrays.copyOf(ADDRESS, ADDRESS.length + 1)));
        assertNull(sealer.open(token, new byte[0]));
        assertNull(sealer.open(sealer.seal(CONTENT, new byte[0]), ADDRESS));
    }

    @Test
    void aTokenWithAnyBitFlippedIsRefused() {
        byte[] token = sealer.seal(CONTENT, ADDRESS);
        for (int bit = 0; bit < token.length * 8; bit++) {
            byte[] altered = token.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            assertNull(sealer.open(altered, ADDRESS));
        }
    }

    @Test
    void aTokenCutShortOrExtendedIsRefused() {
        byte[] token = sealer.seal(CONTENT, ADDRESS);
        for (int length = 0; length < token.length; length++) {
            assertNull(sealer.open(Arrays.copyOf(token, length), ADDRESS));
            assertNull(sealer.open(Arrays.copyOfRange(token, token.length - length, token.length), ADDRESS));
        }
        assertNull(sealer.open(Arrays.copyOf(token, token.length + 1), ADDRESS));
    }

    @Test
    void zerosAndNoiseAreRefused() {
        Random random = new Random(3);
        for (int length = 0; length < 200; length++) {
            byte[] noise = new byte[length];
            assertNull(sealer.open(noise, ADDRESS));
            random.nextBytes(noise);
            assertNull(sealer.open(noise, ADDRESS));
        }
    }

    @Test
    void equalContentGivesTokensThatShareNothing() {
        AesGcmTokenSealer random = AesGcmTokenSealer.random();
        byte[] first = random.seal(CONTENT, ADDRESS);
        byte[] second = random.seal(CONTENT, ADDRESS);
        assertFalse(Arrays.equals(first, 0, 12, second, 0, 12));
        assertFalse(Arrays.equals(first, 12, first.length, second, 12, second.length));
        assertArrayEquals(CONTENT, random.open(first, ADDRESS));
        assertArrayEquals(CONTENT, random.open(second, ADDRESS));
    }

    @Test
    void keysOfTheWrongLengthAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new AesGcmTokenSealer(new byte[15], seeded(1)));
        assertThrows(IllegalArgumentException.class, () -> new AesGcmTokenSealer(new byte[32], seeded(1)));
    }

    private static Entropy seeded(long seed) {
        Random random = new Random(seed);
        return (target, at, length) -> {
            for (int i = 0; i < length; i++) {
                target[at + i] = (byte) random.nextInt();
            }
        };
    }
}
