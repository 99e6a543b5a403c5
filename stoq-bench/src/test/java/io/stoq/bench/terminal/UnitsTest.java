package io.stoq.bench.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class UnitsTest {

    @Test
    void bytesHaveThreeDigitsAndADecimalUnit() {
        assertEquals("0 B", Units.bytes(0));
        assertEquals("999 B", Units.bytes(999));
        assertEquals("1.00 kB", Units.bytes(1000));
        assertEquals("1.07 GB", Units.bytes(1 << 30));
        assertEquals("1.00 MB", Units.bytes(999_999));
        assertEquals("9223 PB", Units.bytes(Long.MAX_VALUE));
    }

    @Test
    void ratesChooseTheirUnit() {
        assertEquals("4.32 Gbit/s", Units.gbits(4.321));
        assertEquals("12.3 Gbit/s", Units.gbits(12.34));
        assertEquals("250 Mbit/s", Units.gbits(0.25));
        assertEquals("1.50 kbit/s", Units.gbits(1.5e-6));
        assertEquals("500 MB/s", Units.bytesPerSecond(1_000_000_000, 2_000_000_000));
        assertEquals("0 B/s", Units.bytesPerSecond(5, 0));
    }

    @Test
    void durationsChooseTheirUnit() {
        assertEquals("0.05 ms", Units.duration(50_000));
        assertEquals("12.5 ms", Units.duration(12_500_000));
        assertEquals("3.20 s", Units.duration(3_200_000_000L));
    }

    @Test
    void countsAgreeWithTheirNoun() {
        assertEquals("1 stream", Units.plural(1, "stream"));
        assertEquals("1,000 streams", Units.plural(1000, "stream"));
    }
}
