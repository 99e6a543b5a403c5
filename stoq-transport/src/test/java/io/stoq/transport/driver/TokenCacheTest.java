package io.stoq.transport.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.stoq.crypto.CryptoProvider;
import io.stoq.tls.StoqTls;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class TokenCacheTest {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress("2001:db8::5", 4433);

    private final CryptoProvider tls =
            StoqTls.builder().applicationProtocols("a").build();
    private final TokenCache cache = new TokenCache();
    private final TokenCache.Server server = cache.of(tls, "one.test", ADDRESS);

    @Test
    void aTokenIsGivenAwayOnceTheNewestFirst() {
        assertEquals(0, server.take().length);
        server.add(new byte[] {1});
        cache.of(tls, "one.test", new InetSocketAddress("2001:db8::5", 4433)).add(new byte[] {2});
        assertArrayEquals(new byte[] {2}, server.take());
        assertArrayEquals(new byte[] {1}, server.take());
        assertEquals(0, server.take().length);
    }

    @Test
    void anotherNameAddressPortOrTlsConfigurationGetsNone() {
        server.add(new byte[] {1});
        CryptoProvider other = StoqTls.builder().applicationProtocols("a").build();
        assertEquals(0, cache.of(tls, "two.test", ADDRESS).take().length);
        assertEquals(0, cache.of(other, "one.test", ADDRESS).take().length);
        assertEquals(
                0,
                cache.of(tls, "one.test", new InetSocketAddress("2001:db8::5", 4434))
                        .take()
                        .length);
        assertEquals(
                0,
                cache.of(tls, "one.test", new InetSocketAddress("2001:db8::6", 4433))
                        .take()
                        .length);
        assertEquals(1, server.take().length);
    }

    @Test
    void aServerThatGivesManyKeepsItsNewest() {
        for (int i = 0; i < 100; i++) {
            server.add(new byte[] {(byte) i});
        }
        for (int i = 99; i > 99 - TokenCache.MAX_TOKENS; i--) {
            assertArrayEquals(new byte[] {(byte) i}, server.take());
        }
        assertEquals(0, server.take().length);
    }

    @Test
    void ofManyServersThoseNotSeenForLongestAreForgotten() {
        for (int i = 0; i < TokenCache.MAX_SERVERS; i++) {
            of(i).add(new byte[] {1});
            of(i).add(new byte[] {2});
        }
        of(0).take();
        of(TokenCache.MAX_SERVERS).add(new byte[] {3});
        assertEquals(1, of(0).take().length, "it was used");
        assertEquals(0, of(1).take().length);
        assertEquals(1, of(2).take().length);
    }

    private TokenCache.Server of(int number) {
        return cache.of(tls, "host" + number + ".test", ADDRESS);
    }
}
