package io.stoq.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stoq.crypto.CryptoProvider.Entropy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AesGcmTokenSealerTest {

    private static final long NOW_MS = 1_900_000_000_123L;
    private static final long PERIOD_MS = AesGcmTokenSealer.DEFAULT_PERIOD.toMillis();
    private static final byte[] ADDRESS = {0x20, 1, 0xd, (byte) 0xb8, 0, 1};
    private static final byte[] CONTENT = "retry, odcid, time".getBytes(StandardCharsets.US_ASCII);

    private final AesGcmTokenSealer sealer = new AesGcmTokenSealer(new byte[16], seeded(1));

    @Test
    void givesTheContentBack() {
        for (int length : new int[] {0, 1, 60, 1000}) {
            byte[] content = new byte[length];
            new Random(length).nextBytes(content);
            byte[] token = sealer.seal(NOW_MS, content, ADDRESS);
            assertEquals(length + AesGcmTokenSealer.OVERHEAD_BYTES, token.length);
            assertArrayEquals(content, sealer.open(NOW_MS, token, ADDRESS));
        }
    }

    @Test
    void anotherServerWithTheSameKeyOpensTheToken() {
        byte[] token = sealer.seal(NOW_MS, CONTENT, ADDRESS);
        assertArrayEquals(CONTENT, new AesGcmTokenSealer(new byte[16], seeded(2)).open(NOW_MS, token, ADDRESS));
    }

    @Test
    void anotherKeyDoesNotOpenTheToken() {
        byte[] token = sealer.seal(NOW_MS, CONTENT, ADDRESS);
        byte[] key = new byte[16];
        key[15] = 1;
        assertNull(new AesGcmTokenSealer(key, seeded(1)).open(NOW_MS, token, ADDRESS));
        assertNull(AesGcmTokenSealer.random().open(NOW_MS, token, ADDRESS));
    }

    @Test
    void aTokenIsGoodOnlyForWhatItIsBoundTo() {
        byte[] token = sealer.seal(NOW_MS, CONTENT, ADDRESS);
        byte[] other = ADDRESS.clone();
        other[5] ^= 1;
        assertNull(sealer.open(NOW_MS, token, other));
        assertNull(sealer.open(NOW_MS, token, Arrays.copyOf(ADDRESS, ADDRESS.length + 1)));
        assertNull(sealer.open(NOW_MS, token, new byte[0]));
        assertNull(sealer.open(NOW_MS, sealer.seal(NOW_MS, CONTENT, new byte[0]), ADDRESS));
    }

    @Test
    void aTokenWithAnyBitFlippedIsRefused() {
        byte[] token = sealer.seal(NOW_MS, CONTENT, ADDRESS);
        for (int bit = 0; bit < token.length * 8; bit++) {
            byte[] altered = token.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            assertNull(sealer.open(NOW_MS, altered, ADDRESS));
        }
    }

    @Test
    void aTokenCutShortOrExtendedIsRefused() {
        byte[] token = sealer.seal(NOW_MS, CONTENT, ADDRESS);
        for (int length = 0; length < token.length; length++) {
            assertNull(sealer.open(NOW_MS, Arrays.copyOf(token, length), ADDRESS));
            assertNull(sealer.open(NOW_MS, Arrays.copyOfRange(token, token.length - length, token.length), ADDRESS));
        }
        assertNull(sealer.open(NOW_MS, Arrays.copyOf(token, token.length + 1), ADDRESS));
    }

    @Test
    void zerosAndNoiseAreRefused() {
        Random random = new Random(3);
        for (int length = 0; length < 200; length++) {
            byte[] noise = new byte[length];
            assertNull(sealer.open(NOW_MS, noise, ADDRESS));
            random.nextBytes(noise);
            assertNull(sealer.open(NOW_MS, noise, ADDRESS));
        }
    }

    @Test
    void equalContentGivesTokensThatShareNothing() {
        AesGcmTokenSealer random = AesGcmTokenSealer.random();
        byte[] first = random.seal(NOW_MS, CONTENT, ADDRESS);
        byte[] second = random.seal(NOW_MS, CONTENT, ADDRESS);
        assertFalse(Arrays.equals(first, 1, 13, second, 1, 13));
        assertFalse(Arrays.equals(first, 13, first.length, second, 13, second.length));
        assertArrayEquals(CONTENT, random.open(NOW_MS, first, ADDRESS));
        assertArrayEquals(CONTENT, random.open(NOW_MS, second, ADDRESS));
    }

    /** B-22: an old key works for one period more, and never again. */
    @Test
    void aTokenOpensInItsPeriodAndTheNextOne() {
        byte[] token = sealer.seal(NOW_MS, CONTENT, ADDRESS);
        long startMs = NOW_MS / PERIOD_MS * PERIOD_MS;
        assertArrayEquals(CONTENT, sealer.open(startMs, token, ADDRESS));
        assertArrayEquals(CONTENT, sealer.open(startMs + 2 * PERIOD_MS - 1, token, ADDRESS));
        assertNull(sealer.open(startMs + 2 * PERIOD_MS, token, ADDRESS));
        assertNull(sealer.open(startMs + 256 * PERIOD_MS, token, ADDRESS), "the same byte stands for another period");
        assertArrayEquals(CONTENT, sealer.open(startMs - 1, token, ADDRESS), "a clock that is behind");
        assertNull(sealer.open(startMs - PERIOD_MS - 1, token, ADDRESS));
    }

    @Test
    void eachPeriodHasItsOwnKey() {
        byte[] today = new AesGcmTokenSealer(new byte[16], seeded(1)).seal(NOW_MS, CONTENT, ADDRESS);
        byte[] tomorrow = new AesGcmTokenSealer(new byte[16], seeded(1)).seal(NOW_MS + PERIOD_MS, CONTENT, ADDRESS);
        assertArrayEquals(Arrays.copyOfRange(today, 1, 13), Arrays.copyOfRange(tomorrow, 1, 13), "the same nonce");
        assertFalse(Arrays.equals(today, 13, 13 + CONTENT.length, tomorrow, 13, 13 + CONTENT.length));
    }

    @Test
    void aKeyIsReplacedWithoutLosingTokens() {
        byte[] old = new byte[16];
        byte[] fresh = new byte[16];
        fresh[0] = 1;
        AesGcmTokenSealer before = new AesGcmTokenSealer(List.of(old, fresh), seeded(1), Duration.ofHours(1));
        AesGcmTokenSealer after = new AesGcmTokenSealer(List.of(fresh, old), seeded(2), Duration.ofHours(1));
        assertArrayEquals(CONTENT, after.open(NOW_MS, before.seal(NOW_MS, CONTENT, ADDRESS), ADDRESS));
        assertArrayEquals(CONTENT, before.open(NOW_MS, after.seal(NOW_MS, CONTENT, ADDRESS), ADDRESS));
        AesGcmTokenSealer without = new AesGcmTokenSealer(List.of(fresh), seeded(2), Duration.ofHours(1));
        assertNull(without.open(NOW_MS, before.seal(NOW_MS, CONTENT, ADDRESS), ADDRESS));
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
