package io.stoq.tls.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class SessionCacheTest {

    private static PeerName name(int number) {
        return PeerName.of("host-" + number + ".example");
    }

    private static ResumableSession session(long receivedAtMs, long expiresAtMs) {
        return new ResumableSession(
                new byte[8], new byte[32], 0x1301, 0, receivedAtMs, expiresAtMs, "echo", false, new byte[0], List.of());
    }

    @Test
    void theNewestIsGivenOutFirstAndEachOnce() {
        SessionCache cache = new SessionCache(8);
        cache.put(name(1), session(0, 100));
        cache.put(name(1), session(1, 100));
        assertEquals(1, cache.take(name(1), 50).receivedAtMs());
        assertEquals(0, cache.take(name(1), 50).receivedAtMs());
        assertNull(cache.take(name(1), 50));
        assertEquals(0, cache.size());
    }

    @Test
    void whatIsTooOldOrOfTheFutureIsDropped() {
        SessionCache cache = new SessionCache(8);
        cache.put(name(1), session(10, 100));
        cache.put(name(1), session(60, 100));
        assertEquals(10, cache.take(name(1), 50).receivedAtMs());
        cache.put(name(1), session(0, 100));
        assertNull(cache.take(name(1), 100));
        assertEquals(0, cache.size());
    }

    /** B-05: whatever servers send, the cache stays as large as it may be. */
    @Test
    void floodsOfOneServerAndOfManyAreBounded() {
        SessionCache cache = new SessionCache(100);
        for (int i = 0; i < 10_000; i++) {
            cache.put(name(0), session(i, 100_000));
        }
        assertEquals(SessionCache.PER_SERVER, cache.size());
        for (int i = 1; i <= 10_000; i++) {
            cache.put(name(i), session(0, 100_000));
        }
        assertEquals(100, cache.size());
        assertNull(cache.take(name(0), 50_000));
        assertNull(cache.take(name(9900), 50));
        assertNotNull(cache.take(name(9901), 50));
    }

    @Test
    void theServerThatWasNotUsedForTheLongestTimeMakesRoom() {
        SessionCache cache = new SessionCache(3);
        cache.put(name(1), session(1, 100));
        cache.put(name(1), session(2, 100));
        cache.put(name(2), session(3, 100));
        assertEquals(2, cache.take(name(1), 50).receivedAtMs());
        cache.put(name(3), session(4, 100));
        cache.put(name(3), session(5, 100));
        assertNull(cache.take(name(2), 50));
        assertEquals(1, cache.take(name(1), 50).receivedAtMs());
    }
}
