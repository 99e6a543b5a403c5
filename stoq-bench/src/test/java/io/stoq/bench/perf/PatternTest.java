package io.stoq.bench.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class PatternTest {

    private static ByteBuffer from(long position, int length) {
        ByteBuffer data = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            data.put(i, Pattern.bytes()[(int) ((position + i) % Pattern.PERIOD_BYTES)]);
        }
        return data;
    }

    @Test
    void bytesMatchAtTheirPosition() {
        assertTrue(Pattern.matches(from(0, 1000), 0));
        assertTrue(Pattern.matches(from(12_345, 1000), 12_345));
        assertTrue(Pattern.matches(from(12_345, 0), 12_345));
    }

    @Test
    void thePatternBeginsAgainAfterItsPeriod() {
        long position = 7L * Pattern.PERIOD_BYTES - 10;
        assertTrue(Pattern.matches(from(position, 3 * Pattern.PERIOD_BYTES), position));
    }

    @Test
    void aFlippedBitIsSeen() {
        ByteBuffer data = from(Pattern.PERIOD_BYTES - 10, 20);
        data.put(15, (byte) (data.get(15) ^ 1));
        assertFalse(Pattern.matches(data, Pattern.PERIOD_BYTES - 10));
        assertEquals(0, data.position());
    }

    @Test
    void shiftedBytesAreSeen() {
        assertFalse(Pattern.matches(from(1, 1000), 0));
    }
}
