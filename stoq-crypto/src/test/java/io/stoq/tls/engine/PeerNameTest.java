package io.stoq.tls.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerNameTest {

    @Test
    void dnsNamesAreLowerCaseAsciiWithoutTrailingDot() {
        assertEquals(new PeerName("server.example", true), PeerName.of("Server.Example."));
        assertEquals(new PeerName("xn--bcher-kva.example", true), PeerName.of("Bücher.example"));
        assertEquals(new PeerName("localhost", true), PeerName.of("localhost"));
    }

    @Test
    void addressesLoseBracketsAndZone() {
        PeerName loopback = new PeerName("0:0:0:0:0:0:0:1", false);
        assertEquals(loopback, PeerName.of("::1"));
        assertEquals(loopback, PeerName.of("[::1]"));
        assertEquals(new PeerName("fe80:0:0:0:0:0:0:1", false), PeerName.of("fe80::1%eth0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a..b",
                "-a.example",
                "a b",
                "192.0.2.1",
                "127.1",
                "::ffff:192.0.2.1",
                "1::2::3",
                "[::1",
                ":",
                "a.example:443",
                "*.example",
                "under/score"
            })
    void whatIsNeitherIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> PeerName.of(name));
    }

    @Test
    void namesLongerThanDnsAllowsAreRefused() {
        String label = "x".repeat(63) + ".";
        PeerName.of(label.repeat(3) + "x".repeat(61));
        assertThrows(IllegalArgumentException.class, () -> PeerName.of(label.repeat(3) + "x".repeat(62)));
        assertThrows(IllegalArgumentException.class, () -> PeerName.of("x".repeat(64)));
    }
}
