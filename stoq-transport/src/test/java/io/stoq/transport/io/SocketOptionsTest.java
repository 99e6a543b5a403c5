package io.stoq.transport.io;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SocketOptionsTest {

    @Test
    void valuesOutOfRangeAreNamed() {
        assertRefused("receiveBufferBytes 100", () -> new SocketOptions(100, 1 << 20, true, true, false, 1200));
        assertRefused("sendBufferBytes -1", () -> new SocketOptions(1 << 20, -1, true, true, false, 1200));
        assertRefused("maxDatagramBytes 1199", () -> new SocketOptions(1 << 20, 1 << 20, true, true, false, 1199));
        assertRefused("maxDatagramBytes 65488", () -> new SocketOptions(1 << 20, 1 << 20, true, true, false, 65_488));
    }

    private static void assertRefused(String expected, Runnable options) {
        String message =
                assertThrows(IllegalArgumentException.class, options::run).getMessage();
        assertTrue(message.startsWith(expected), message);
    }
}
