package io.stoq.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PoolConfigTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void theDefaultsAreThoseOfTheDocumentation() {
        PoolConfig defaults = PoolConfig.defaults();
        assertEquals(1, defaults.size().minConnections());
        assertEquals(16, defaults.size().maxConnections());
        assertEquals(Selection.ROUND_ROBIN, defaults.selection());
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        refused("minConnections", PoolConfig.builder().connections(3, 2));
        refused("maxConnections", PoolConfig.builder().connections(0, 0));
        refused("maxConnections", PoolConfig.builder().connections(0, PoolConfig.MOST_CONNECTIONS + 1));
        refused("requestsPerConnection", PoolConfig.builder().requestsPerConnection(0));
        refused("idleRetirement", PoolConfig.builder().idleRetirement(Duration.ZERO));
        refused("acquireTimeout", PoolConfig.builder().acquireTimeout(Duration.ofSeconds(-1)));
        refused("acquireTimeout", PoolConfig.builder().acquireTimeout(Duration.ofSeconds(Long.MAX_VALUE)));
        refused("drainTimeout", PoolConfig.builder().drainTimeout(Duration.ZERO));
        refused("selection", PoolConfig.builder().selection(null));
        refused("jitter", () -> PoolConfig.builder().backoff(SECOND, SECOND, 1.5));
        refused("backoffCap", () -> PoolConfig.builder().backoff(SECOND, Duration.ofMillis(1), 0));
        refused("breakerFailures", () -> PoolConfig.builder().breaker(0, SECOND));
        refused("pingDeadline", () -> PoolConfig.builder().checks(SECOND, SECOND, Duration.ofSeconds(2)));
        refused("checkInterval", () -> PoolConfig.builder().checks(Duration.ZERO, SECOND, SECOND));
    }

    private static void refused(String name, PoolConfig.Builder builder) {
        refused(name, builder::build);
    }

    private static void refused(String name, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(name), message);
    }

    @Test
    void statesGoOnlyWhereTheyMay() {
        assertTrue(MemberState.HEALTHY.mayBecome(MemberState.DEGRADED));
        assertTrue(MemberState.DEGRADED.mayBecome(MemberState.HEALTHY));
        for (MemberState next : MemberState.values()) {
            assertEquals(next == MemberState.CLOSED, MemberState.DRAINING.mayBecome(next), next::name);
            assertTrue(!MemberState.BROKEN.mayBecome(next) && !MemberState.CLOSED.mayBecome(next), next::name);
        }
    }
}
