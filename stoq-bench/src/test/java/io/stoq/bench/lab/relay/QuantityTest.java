package io.stoq.bench.lab.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

    private static void assertRefused(Function<String, ?> parser, String text, String remedy) {
        String message = assertThrows(IllegalArgumentException.class, () -> parser.apply(text))
                .getMessage();
        assertTrue(message.startsWith("'" + text + "' is no "), message);
        assertTrue(message.contains(remedy), message);
    }

    @ParameterizedTest
    @CsvSource({"100mbit,100000000", "100Mbit/s,100000000", "1.5 gbit,1500000000", "512kbit,512000", "1bit,1"})
    void rates(String text, long bitsPerSecond) {
        assertEquals(bitsPerSecond, Quantity.bitsPerSecond(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fast", "100", "100mb", "-1mbit", "0mbit", "0.4bit", "101gbit", "1e3mbit", "100mbit 2"})
    void noRates(String text) {
        assertRefused(Quantity::bitsPerSecond, text, "100mbit");
    }

    @ParameterizedTest
    @CsvSource({"20ms,20000000", "1.5s,1500000000", "500 us,500000", "7ns,7", "0ms,0", "2min,120000000000"})
    void times(String text, long ns) {
        assertEquals(ns, Quantity.durationNs(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "ms", "-1ms", "3601s", "20 hours"})
    void noTimes(String text) {
        assertRefused(Quantity::durationNs, text, "20ms");
    }

    @ParameterizedTest
    @CsvSource({"1%,0.01", "0.01,0.01", "0,0", "100%,1", "0.1 %,0.001"})
    void shares(String text, double share) {
        assertEquals(share, Quantity.share(text), 1e-12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one", "101%", "1.01", "-1%", "1ms"})
    void noShares(String text) {
        assertRefused(Quantity::share, text, "1% or 0.01");
    }

    @ParameterizedTest
    @CsvSource({
        "1bdp,500000",
        "0.5bdp,250000",
        "64kb,64000",
        "2mb,2000000",
        "9999 bytes,9999",
        "100packets,145200",
        "1packet,2904",
        "1b,2904",
        "1000000bdp,1073741824"
    })
    void queuesOfALinkOf100MegabitAnd40Milliseconds(String text, long bytes) {
        assertEquals(bytes, QueueSize.parse(text).bytes(100_000_000, 40_000_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bdp", "0bdp", "1", "10%", "64kib", "-1packets"})
    void noQueues(String text) {
        assertRefused(QueueSize::parse, text, "1bdp, 64kb or 100packets");
    }
}
