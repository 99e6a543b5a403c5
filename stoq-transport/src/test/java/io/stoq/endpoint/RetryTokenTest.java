package io.stoq.endpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.stoq.crypto.CryptoProvider;
import io.stoq.tls.StoqTls;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** B-22: a Retry token proves one address for some seconds, and nothing else. RFC 9000 §8.1.4. */
class RetryTokenTest {

    private static final byte[] ORIGINAL = {1, 2, 3, 4, 5, 6, 7, 8};
    private static final byte[] RETRY = {9, 10, 11, 12, 13, 14, 15, 16};
    private static final InetSocketAddress CLIENT = new InetSocketAddress("2001:db8::c", 50_000);
    private static final long ISSUED_NS = 1_000_000_000_000L;

    private final CryptoProvider crypto = provider(0);

    private static CryptoProvider provider(int key) {
        byte[] tokenKey = new byte[16];
        tokenKey[0] = (byte) key;
        return StoqTls.builder().applicationProtocols("echo").tokenKey(tokenKey).build();
    }

    private byte[] sealed() {
        return RetryToken.seal(crypto, ORIGINAL, RETRY, ISSUED_NS, CLIENT);
    }

    @Test
    void itComesBackAsItWas() {
        RetryToken token = RetryToken.open(crypto, sealed(), ISSUED_NS + RetryToken.LIFETIME_NS, CLIENT);
        assertArrayEquals(ORIGINAL, token.originalDestinationId());
        assertArrayEquals(RETRY, token.retryId());
    }

    @Test
    void aReplayFromAnotherAddressIsWorthNothing() {
        for (String address : new String[] {"2001:db8::d", "::1", "fe80::1"}) {
            assertNull(RetryToken.open(crypto, sealed(), ISSUED_NS, new InetSocketAddress(address, 50_000)));
        }
        assertNull(RetryToken.open(crypto, sealed(), ISSUED_NS, new InetSocketAddress("2001:db8::c", 50_001)));
    }

    @Test
    void aReplayThatComesLateOrBeforeItsTimeIsWorthNothing() {
        assertNull(RetryToken.open(crypto, sealed(), ISSUED_NS + RetryToken.LIFETIME_NS + 1, CLIENT));
        assertNull(RetryToken.open(crypto, sealed(), ISSUED_NS - 1, CLIENT));
    }

    @Test
    void onlyServersWithTheKeyOpenIt() {
        assertNotNull(RetryToken.open(provider(0), sealed(), ISSUED_NS, CLIENT));
        assertNull(RetryToken.open(provider(1), sealed(), ISSUED_NS, CLIENT));
    }

    @Test
    void everyBitAndEveryByteCounts() {
        byte[] token = sealed();
        for (int bit = 0; bit < 8 * token.length; bit++) {
            byte[] altered = token.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            assertNull(RetryToken.open(crypto, altered, ISSUED_NS, CLIENT));
        }
        for (int length = 0; length < token.length; length++) {
            assertNull(RetryToken.open(crypto, Arrays.copyOf(token, length), ISSUED_NS, CLIENT));
        }
    }
}
