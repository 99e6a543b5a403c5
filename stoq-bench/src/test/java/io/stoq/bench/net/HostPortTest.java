package io.stoq.bench.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

    @Test
    void addressesStandInBrackets() {
        assertEquals(new HostPort("::1", 4433), HostPort.parse("[::1]:4433", -1));
        assertEquals("[::1]:4433", HostPort.parse("[::1]:4433", -1).toString());
    }

    @Test
    void namesStandAlone() {
        assertEquals(new HostPort("server.example", 443), HostPort.parse("server.example:443", -1));
        assertEquals(
                "server.example:443", HostPort.parse("server.example:443", -1).toString());
    }

    @Test
    void thePortMayBeLeftOutWhereThereIsADefault() {
        assertEquals(new HostPort("::1", 443), HostPort.parse("[::1]", 443));
        assertEquals(new HostPort("name", 443), HostPort.parse("name", 443));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:4433", "[127.0.0.1]:4433", "[::ffff:127.0.0.1]:4433", "[::ffff:7f00:1]:4433"})
    void ipv4IsRefusedWithTheReason(String text) {
        String message = refusal(text);
        assertTrue(message.contains("STOQ is IPv6 only") && message.contains("such as ::1"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "::1:4433, brackets",
        "[::1]:0, port",
        "[::1]:65536, port",
        "[::1]:x, port",
        "[::1], port",
        "name, port",
        ":4433, no host",
        "a b:4433, no host",
        "[xyz]:4433, no IPv6 address",
        "[::1:4433, brackets"
    })
    void whatIsWrongIsNamed(String text, String expected) {
        assertTrue(refusal(text).contains(expected), refusal(text));
    }

    private static String refusal(String text) {
        return assertThrows(IllegalArgumentException.class, () -> HostPort.parse(text, -1))
                .getMessage();
    }
}
