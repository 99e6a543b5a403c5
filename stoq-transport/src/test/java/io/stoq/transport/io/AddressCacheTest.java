package io.stoq.transport.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressCacheTest {

    private static final long DOCUMENTATION = 0x20010db8L << 32;
    private static final long LINK_LOCAL = 0xfe80L << 48;

    private final AddressCache cache = new AddressCache(16);

    @Test
    void equalAddressesGiveTheSameObject() {
        InetSocketAddress first = cache.of(DOCUMENTATION, 7, 4433, 0);
        assertSame(first, cache.of(DOCUMENTATION, 7, 4433, 0));
        assertEquals(new InetSocketAddress("2001:db8::7", 4433), first);
    }

    @Test
    void anotherPortOrHostGivesAnotherObject() {
        InetSocketAddress first = cache.of(DOCUMENTATION, 7, 4433, 0);
        assertNotSame(first, cache.of(DOCUMENTATION, 7, 4434, 0));
        assertNotSame(first, cache.of(DOCUMENTATION, 8, 4433, 0));
        assertEquals(65_535, cache.of(DOCUMENTATION, 7, 65_535, 0).getPort());
    }

    @Test
    void v4MappedAddressesGiveNone() {
        assertNull(cache.of(0, 0xffff_7f00_0001L, 4433, 0));
        assertNull(cache.of(new InetSocketAddress("127.0.0.1", 4433)));
    }

    @Test
    void linkLocalAddressesKeepTheirInterface() {
        InetSocketAddress first = cache.of(LINK_LOCAL, 1, 4433, 1);
        assertEquals(1, scopeOf(first));
        assertSame(first, cache.of(LINK_LOCAL, 1, 4433, 1));
        assertEquals(2, scopeOf(cache.of(LINK_LOCAL, 1, 4433, 2)));
        assertEquals(0, scopeOf(cache.of(DOCUMENTATION, 1, 4433, 2)));
    }

    @Test
    void objectsAreCanonicalToo() {
        InetSocketAddress first = cache.of(new InetSocketAddress("2001:db8::7", 4433));
        assertSame(first, cache.of(new InetSocketAddress("2001:db8::7", 4433)));
        assertSame(first, cache.of(DOCUMENTATION, 7, 4433, 0));
    }

    @Test
    void addressesThatDisplaceEachOtherStayRight() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long low = random.nextInt(500);
            int port = random.nextInt(65_536);
            InetSocketAddress address = cache.of(DOCUMENTATION, low, port, 0);
            assertEquals(port, address.getPort());
            byte[] bytes = address.getAddress().getAddress();
            assertEquals(low, (bytes[14] & 0xff) << 8 | bytes[15] & 0xff);
        }
    }

    @Test
    void sizesThatAreNoPowerOfTwoAreRefused() {
        for (int entries : new int[] {-1, 0, 1, 3, 100}) {
            assertThrows(IllegalArgumentException.class, () -> new AddressCache(entries));
        }
    }

    private static int scopeOf(InetSocketAddress address) {
        return assertInstanceOf(Inet6Address.class, address.getAddress()).getScopeId();
    }
}
