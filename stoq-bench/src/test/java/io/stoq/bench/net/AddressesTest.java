package io.stoq.bench.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"::", "::1", "2001:db8::1", "fe80::10:0:0:1", "1:2:3:4:5:6:7:8", "2001:db8:0:1:1:1:1:1", "1::"})
    void addressesAreShownInTheirShortestForm(String literal) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(literal), 4433);
        assertEquals("[" + literal + "]:4433", Addresses.format(address));
    }
}
