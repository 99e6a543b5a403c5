package io.stoq.pool.policy;

import static io.stoq.pool.policy.World.MS;
import static io.stoq.pool.policy.World.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqException;
import io.stoq.pool.BreakerState;
import io.stoq.pool.MemberState;
import io.stoq.pool.PoolConfig;
import io.stoq.pool.PoolEvent;
import io.stoq.sim.Seeds;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a pool does when things happen, in virtual time. */
class PoolStoryTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private static PoolConfig.Builder of(int min, int max) {
        return PoolConfig.builder().connections(min, max);
    }

    private static World world(long seed, PoolConfig.Builder config) {
        World world = new World(seed, config.build());
        world.server(1, 20 * MS);
        return world;
    }

    private static World.Server only(World world) {
        return world.servers.values().iterator().next();
    }

    @Test
    void theMinimumIsOpenedAndKept() {
        World world = world(1, of(3, 5));
        world.start();
        world.run(Duration.ofSeconds(1));
        assertEquals(3, world.usable.size());
        world.run(HOUR);
        assertEquals(3, world.connections.size());
        assertEquals(1, world.resolutions);
    }

    @Test
    void withoutAMinimumNothingHappensUntilSomebodyAsks() {
        World world = world(1, of(0, 5));
        world.start();
        world.run(HOUR);
        assertEquals(0, world.timerTurns);
        assertEquals(0, world.resolutions);
        assertNull(world.acquire());
        world.run(Duration.ofSeconds(1));
        assertNotNull(world.acquire());
    }

    @Test
    void anIdlePoolWakesForItsPingsOnly() {
        World world = world(1, of(4, 8));
        world.start();
        world.run(Duration.ofMinutes(1));
        world.timerTurns = 0;
        int before = world.connections.getFirst().pings;
        world.run(HOUR);
        int rounds = world.connections.getFirst().pings - before;
        // A PING 10 s after the last sign of life, and 3 s later a look for the next one: all connections together.
        assertTrue(rounds >= 3600 / 13 - 1 && rounds <= 360, () -> rounds + " rounds");
        assertTrue(world.timerTurns <= 2L * rounds + 2, () -> world.timerTurns + " turns for " + rounds + " rounds");
        assertEquals(4, world.connections.size());
    }

    @Test
    void anIdlePoolWithoutPingsDoesNotWakeAtAll() {
        World world = world(1, of(4, 8).checks(Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(1)));
        world.start();
        world.run(Duration.ofMinutes(1));
        world.timerTurns = 0;
        world.run(HOUR);
        assertEquals(0, world.timerTurns);
        assertEquals(Long.MAX_VALUE, world.pool.nextDeadlineNs());
        // Who comes wakes it.
        world.use(Duration.ofSeconds(5), 100 * MS, MS);
        assertTrue(world.timerTurns >= 4, () -> world.timerTurns + " looks");
    }

    @Test
    void demandOpensOneMoreAtATimeUpToTheMaximumAndIdlenessClosesThem() {
        World world = world(1, of(1, 4).idleRetirement(Duration.ofSeconds(30)));
        world.start();
        world.run(Duration.ofSeconds(1));
        for (int i = 0; i < 10; i++) {
            world.pool.onDemand(world.nowNs);
            world.pool.onDemand(world.nowNs);
            world.run(Duration.ofMillis(100));
            assertEquals(Math.min(i + 2, 4), world.usable.size());
        }
        assertFalse(world.mayGrow);
        world.use(Duration.ofMinutes(2), 50 * MS, 10 * MS);
        assertEquals(4, world.usable.size(), "they are in use");
        world.run(Duration.ofMinutes(2));
        assertEquals(1, world.usable.size());
        assertEquals(3, world.pool.counts().retired());
        assertEquals(0, world.pool.counts().broken());
    }

    @Test
    void aServerThatDiesAndComesBackIsFoundAgain() {
        Seeds.each(20, seed -> {
            World world = world(seed, of(3, 3));
            world.start();
            world.use(Duration.ofSeconds(20), 50 * MS, 10 * MS);
            World.Server server = only(world);
            server.refusing = true;
            List.copyOf(server.connections).forEach(connection -> connection.end("the server is gone"));
            assertEquals(0, world.usable.size());
            world.run(Duration.ofSeconds(30));
            assertEquals(0, world.usable.size());
            server.refusing = false;
            world.run(Duration.ofSeconds(30));
            assertEquals(3, world.usable.size());
            assertEquals(3, world.changesTo(MemberState.BROKEN).size());
        });
    }

    @Test
    void aServerThatVanishesIsNoticedWhetherThePoolIsInUseOrNot() {
        Seeds.each(10, seed -> {
            for (boolean inUse : new boolean[] {true, false}) {
                World world = world(seed, of(2, 2));
                world.start();
                world.use(Duration.ofSeconds(20), 50 * MS, 10 * MS);
                only(world).vanish();
                if (inUse) {
                    world.use(Duration.ofSeconds(30), 50 * MS, 10 * MS);
                } else {
                    world.run(Duration.ofSeconds(30));
                }
                assertEquals(2, world.changesTo(MemberState.DEGRADED).size(), "in use: " + inUse);
                assertEquals(2, world.changesTo(MemberState.BROKEN).size(), "in use: " + inUse);
                assertEquals(0, world.usable.size());
            }
        });
    }

    @Test
    void aConnectionWhoseLoopIsStuckIsReplaced() {
        World world = world(1, of(2, 2));
        world.start();
        world.run(Duration.ofSeconds(5));
        FakeConnection stuck = world.connections.getFirst();
        stuck.stuck = true;
        world.run(Duration.ofSeconds(30));
        assertTrue(stuck.closed);
        assertEquals(2, world.usable.size());
        assertEquals(3, world.connections.size());
    }

    @Test
    void backOffGrowsToItsCapAndStaysInItsJitter() {
        Seeds.each(20, seed -> {
            World world = world(
                    seed,
                    of(1, 1).backoff(Duration.ofMillis(100), Duration.ofSeconds(2), 0.5)
                            .breaker(1000, Duration.ofSeconds(1)));
            only(world).refusing = true;
            world.start();
            world.run(Duration.ofSeconds(60));
            List<PoolEvent.BackedOff> delays = world.events(PoolEvent.BackedOff.class);
            assertTrue(delays.size() > 20);
            for (int i = 0; i < delays.size(); i++) {
                long fullNs = Math.min(100 * MS << Math.min(i, 20), 2 * SECOND);
                long delayNs = delays.get(i).delay().toNanos();
                assertTrue(delayNs <= fullNs && delayNs >= fullNs / 2, delays.get(i)::toString);
            }
            for (int i = 1; i < world.dialsNs.size(); i++) {
                long gapNs = world.dialsNs.get(i) - world.dialsNs.get(i - 1);
                assertTrue(gapNs >= delays.get(i - 1).delay().toNanos());
            }
        });
    }

    @Test
    void aServerThatFlapsIsBackedOffFrom() {
        World world = world(1, of(1, 1).backoff(Duration.ofMillis(100), Duration.ofSeconds(10), 0));
        world.start();
        for (int i = 0; i < 600; i++) {
            world.run(Duration.ofMillis(500));
            only(world).connections.stream().toList().forEach(connection -> connection.end("flap"));
        }
        // 300 s of it: 0.1 + 0.2 + ... + 6.4 s, then each 10 s.
        assertTrue(world.connections.size() < 45, () -> world.connections.size() + " connections");
        assertTrue(world.connections.size() > 25, () -> world.connections.size() + " connections");
        world.run(Duration.ofSeconds(60));
        int before = world.connections.size();
        only(world).connections.getFirst().end("once");
        world.run(Duration.ofMillis(200));
        assertEquals(before + 1, world.connections.size(), "after a stable minute there is no back-off");
    }

    @Test
    void theBreakerOpensTriesOneAndCloses() {
        World world = world(
                1,
                of(4, 4).backoff(Duration.ofMillis(10), Duration.ofMillis(10), 0)
                        .breaker(3, Duration.ofSeconds(5)));
        only(world).refusing = true;
        world.start();
        world.run(Duration.ofSeconds(1));
        assertEquals(BreakerState.OPEN, world.pool.counts().breaker());
        assertInstanceOf(StoqException.Unavailable.class, world.refusal);
        int dials = world.dialsNs.size();
        world.run(Duration.ofSeconds(3));
        assertEquals(dials, world.dialsNs.size(), "nothing is tried while it is open");
        world.run(Duration.ofSeconds(2));
        assertEquals(dials + 1, world.dialsNs.size(), "one decides");
        assertEquals(BreakerState.OPEN, world.pool.counts().breaker());
        only(world).refusing = false;
        world.run(Duration.ofSeconds(6));
        assertEquals(BreakerState.CLOSED, world.pool.counts().breaker());
        assertNull(world.refusal);
        assertEquals(4, world.usable.size());
        assertTrue(world.events.contains(new PoolEvent.BreakerChanged(BreakerState.OPEN, BreakerState.HALF_OPEN)));
        assertTrue(world.events.contains(new PoolEvent.BreakerChanged(BreakerState.HALF_OPEN, BreakerState.CLOSED)));
    }

    @Test
    void aPoolWithoutAMinimumRestsBehindAnOpenBreakerUntilSomebodyAsks() {
        World world = world(1, of(0, 4).breaker(2, Duration.ofSeconds(5)));
        only(world).refusing = true;
        world.start();
        assertNull(world.acquire());
        world.run(Duration.ofSeconds(10));
        assertInstanceOf(StoqException.Unavailable.class, world.refusal);
        world.timerTurns = 0;
        world.run(HOUR);
        assertEquals(0, world.timerTurns);
        only(world).refusing = false;
        assertNull(world.acquire());
        assertNull(world.refusal, "who asks an hour later waits for what is tried now");
        world.run(Duration.ofSeconds(1));
        assertNotNull(world.acquire());
    }

    @Test
    void aNameThatWasUnknownAnHourAgoIsAskedForAgain() {
        World world = world(1, of(0, 4));
        world.unresolvable = new StoqException.Address("unknown");
        world.start();
        assertNull(world.acquire());
        world.run(HOUR);
        assertInstanceOf(StoqException.Address.class, world.refusal);
        assertEquals(1, world.resolutions);
        world.unresolvable = null;
        assertNull(world.acquire());
        assertNull(world.refusal);
        world.run(Duration.ofSeconds(1));
        assertNotNull(world.acquire());
    }

    @Test
    void aDeadAddressCostsTheStaggerOnce() {
        World world = world(1, of(1, 3));
        only(world).up = false;
        World.Server live = world.server(2, 20 * MS);
        world.start();
        world.run(Duration.ofMillis(250 + 40 + 2));
        assertEquals(1, live.connections.size());
        world.run(Duration.ofSeconds(5));
        assertEquals(0, world.pool.counts().dialsFailed());
        assertEquals(0, world.pool.counts().dialing());
    }

    @Test
    void anAddressThatRefusesIsFollowedByTheNextAtOnceAndTriedLastFromThenOn() {
        World world = world(1, of(1, 3));
        only(world).refusing = true;
        World.Server live = world.server(2, 20 * MS);
        world.start();
        world.run(Duration.ofMillis(40 + 40 + 2));
        assertEquals(1, live.connections.size());
        int dials = world.dialsNs.size();
        world.pool.onDemand(world.nowNs);
        world.run(Duration.ofMillis(42));
        assertEquals(dials + 1, world.dialsNs.size());
        assertEquals(2, live.connections.size());
    }

    @Test
    void aNameThatLeadsNowhereIsToldAtOnceAndTriedAgain() {
        World world = world(1, of(1, 1).breaker(1000, Duration.ofSeconds(1)));
        world.unresolvable = new StoqException.Address("only IPv4");
        world.start();
        world.run(Duration.ofSeconds(1));
        assertInstanceOf(StoqException.Address.class, world.refusal);
        world.unresolvable = null;
        world.run(Duration.ofSeconds(11));
        assertNull(world.refusal);
        assertEquals(1, world.usable.size());
    }

    @Test
    void aServerThatMovedIsFoundByItsName() {
        World world = world(1, of(1, 1));
        world.start();
        world.run(Duration.ofSeconds(30));
        World.Server old = only(world);
        World.Server next = world.server(2, 20 * MS);
        world.names = List.of(next.address);
        old.refusing = true;
        old.connections.getFirst().end("moved");
        world.run(Duration.ofSeconds(5));
        assertEquals(1, next.connections.size());
        assertTrue(world.resolutions >= 2);
    }

    @Test
    void aConnectionSlowerThanTheOthersIsSparedUntilItIsAsTheyAre() {
        Seeds.each(10, seed -> {
            World world = world(seed, of(4, 4));
            world.start();
            world.use(Duration.ofSeconds(20), 50 * MS, 10 * MS);
            FakeConnection slow = world.connections.get(1);
            slow.rttNs = 100 * MS;
            world.use(Duration.ofSeconds(3), 50 * MS, 10 * MS);
            assertEquals(MemberState.DEGRADED, slow.member.state());
            assertFalse(world.usable.contains(slow.member));
            assertTrue(world.changesTo(MemberState.DEGRADED).getFirst().reason().contains("round trip"));
            slow.rttNs = 20 * MS;
            world.use(Duration.ofSeconds(5), 50 * MS, 10 * MS);
            assertEquals(MemberState.HEALTHY, slow.member.state());
            assertEquals(1, world.changesTo(MemberState.DEGRADED).size());
        });
    }

    @Test
    void aLossyConnectionIsDegradedAndWhereAllAreTheyAreUsedNevertheless() {
        World world = world(1, of(2, 2));
        world.start();
        world.use(Duration.ofSeconds(20), 50 * MS, 10 * MS);
        world.connections.forEach(connection -> connection.loss = 0.2);
        world.use(Duration.ofSeconds(3), 50 * MS, 10 * MS);
        assertEquals(2, world.pool.counts().degraded());
        assertEquals(2, world.usable.size());
        assertTrue(world.changesTo(MemberState.DEGRADED).getFirst().reason().contains("loss"));
    }

    @Test
    void aPathThatBecameLongerForAllIsAcceptedInTheEnd() {
        World world = world(1, of(2, 2));
        world.start();
        world.use(Duration.ofSeconds(20), 50 * MS, 10 * MS);
        world.connections.forEach(connection -> connection.rttNs = 100 * MS);
        world.use(Duration.ofSeconds(5), 50 * MS, 10 * MS);
        assertEquals(2, world.pool.counts().degraded());
        world.use(Duration.ofMinutes(5), 50 * MS, 10 * MS);
        assertEquals(2, world.pool.counts().healthy());
    }

    @Test
    void errorsThatUsersReportDegrade() {
        World world = world(1, of(2, 2));
        world.start();
        world.use(Duration.ofSeconds(5), 50 * MS, 10 * MS);
        for (int i = 0; i < 8; i++) {
            world.pool.onError(world.connections.getFirst().member);
        }
        world.use(Duration.ofMillis(1500), 50 * MS, 10 * MS);
        assertEquals(MemberState.DEGRADED, world.connections.getFirst().member.state());
    }

    @Test
    void drainingWaitsForRequestsInFlight() {
        World world = world(1, of(2, 2));
        world.start();
        world.run(Duration.ofSeconds(1));
        FakeConnection used = world.acquire();
        world.pool.drain(world.nowNs, 30 * SECOND);
        world.run(Duration.ofSeconds(10));
        assertEquals(List.of(), world.usable);
        assertFalse(used.closed);
        assertFalse(world.ended);
        used.release();
        world.run(Duration.ofSeconds(1));
        assertTrue(used.closed);
        assertTrue(world.ended);
        assertEquals(Long.MAX_VALUE, world.pool.nextDeadlineNs());
    }

    @Test
    void drainingEndsWithItsTimeout() {
        World world = world(1, of(1, 1));
        world.start();
        world.run(Duration.ofSeconds(1));
        FakeConnection used = world.acquire();
        world.pool.drain(world.nowNs, 30 * SECOND);
        world.pool.drain(world.nowNs, 5 * SECOND);
        world.run(Duration.ofMillis(4999));
        assertFalse(used.closed);
        world.run(Duration.ofMillis(1));
        assertTrue(used.closed);
        assertTrue(world.ended);
    }

    @Test
    void whatComesAboutAfterTheEndIsClosed() {
        World world = world(1, of(1, 1));
        world.start();
        world.run(Duration.ofMillis(10));
        assertEquals(1, world.dialsNs.size());
        world.pool.drain(world.nowNs, SECOND);
        assertTrue(world.ended);
        FakeConnection late = new FakeConnection(world, only(world));
        assertNull(world.pool.onConnected(world.nowNs, 1, only(world).address, late));
        assertTrue(late.closed);
        world.pool.onDemand(world.nowNs);
        world.run(HOUR);
        assertEquals(1, world.dialsNs.size());
    }

    @Test
    void aConnectionDrainsAtItsPeersWishAndIsReplaced() {
        World world = world(1, of(1, 1));
        world.start();
        world.run(Duration.ofSeconds(1));
        FakeConnection used = world.acquire();
        world.pool.onDrainWish(world.nowNs, used.member);
        world.pool.onDrainWish(world.nowNs, used.member);
        world.run(Duration.ofSeconds(1));
        assertEquals(1, world.usable.size());
        assertFalse(used.closed);
        used.release();
        world.run(Duration.ofMillis(1));
        assertTrue(used.closed);
        assertEquals(0, world.pool.counts().broken());
    }

    /** Everything at once: whatever happens, the pool never exceeds its bound, never spins, and recovers in the end. */
    @Test
    void noSequenceOfMishapsLeavesThePoolWithoutConnections() {
        Seeds.each(200, seed -> {
            World world = world(seed, of(2, 6));
            world.server(2, 40 * MS);
            world.start();
            for (int i = 0; i < 50; i++) {
                List<World.Server> servers = List.copyOf(world.servers.values());
                World.Server server = servers.get(world.random.nextInt(servers.size()));
                switch (world.random.nextInt(7)) {
                    case 0 -> server.vanish();
                    case 1 -> server.up = true;
                    case 2 -> server.refusing = !server.refusing;
                    case 3 -> List.copyOf(server.connections).forEach(connection -> connection.end("killed"));
                    case 4 -> world.pool.onDemand(world.nowNs);
                    case 5 -> server.connections.forEach(connection -> connection.rttNs *= 4);
                    default -> server.connections.forEach(connection -> connection.loss = 0.3);
                }
                world.use(Duration.ofMillis(world.random.nextInt(1, 20_000)), 200 * MS, 30 * MS);
                Pool.Counts counts = world.pool.counts();
                assertTrue(counts.healthy() + counts.degraded() + counts.dialing() <= 6, counts::toString);
            }
            for (World.Server server : world.servers.values()) {
                server.up = true;
                server.refusing = false;
            }
            world.run(Duration.ofMinutes(1));
            Pool.Counts counts = world.pool.counts();
            assertTrue(counts.healthy() + counts.degraded() >= 2, counts::toString);
            assertEquals(BreakerState.CLOSED, counts.breaker());
        });
    }
}
