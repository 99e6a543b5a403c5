package io.stoq.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.buffer.ByteWriter;
import io.stoq.recovery.OpenPackets;
import io.stoq.sim.SeededEntropy;
import io.stoq.wire.frame.Frame;
import io.stoq.wire.frame.PathChallengeFrame;
import io.stoq.wire.frame.PathResponseFrame;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PathsTest {

    private static final long MS = 1_000_000;
    private static final InetSocketAddress HOME = new InetSocketAddress("2001:db8::1", 50_000);
    private static final InetSocketAddress OTHER_PORT = new InetSocketAddress("2001:db8::1", 50_001);
    private static final InetSocketAddress OTHER_HOST = new InetSocketAddress("2001:db8::2", 50_000);
    private static final InetAddress LOCAL = new InetSocketAddress("2001:db8::ff", 0).getAddress();
    private static final InetAddress OTHER_LOCAL = new InetSocketAddress("2001:db8::fe", 0).getAddress();
    private static final int FULL = 1200;

    private final Path home = new Path(HOME, LOCAL);
    private final Paths paths = serverAfterHandshake(home);

    @Test
    void aClientsPathNeedsNoValidation() {
        Path path = new Path(HOME, null);
        Paths client = new Paths(false, path, new SeededEntropy(1));
        assertTrue(path.isValidated());
        assertNull(client.pollProbe(0));
        assertEquals(Long.MAX_VALUE, client.deadlineNs());
    }

    @Test
    void aClientDropsWhatComesFromAnUnknownServerAddress() {
        Paths client = new Paths(false, new Path(HOME, null), new SeededEntropy(1));
        assertNull(client.onDatagram(0, OTHER_PORT, LOCAL, FULL), "before the handshake is confirmed");
        client.onHandshakeConfirmed();
        assertNull(client.onDatagram(0, OTHER_HOST, LOCAL, FULL), "and after");
        assertSame(client.active(), client.onDatagram(0, HOME, LOCAL, FULL));
    }

    @Test
    void aClientsOwnAddressDoesNotMatter() {
        Paths client = new Paths(false, new Path(HOME, null), new SeededEntropy(1));
        assertSame(client.active(), client.onDatagram(0, HOME, LOCAL, FULL));
        assertSame(client.active(), client.onDatagram(0, HOME, OTHER_LOCAL, FULL));
        assertFalse(client.onNonProbingPacket(0, client.active()));
    }

    @Test
    void aServerAcceptsNoOtherAddressBeforeTheHandshakeIsConfirmed() {
        Path path = new Path(HOME, LOCAL);
        Paths server = new Paths(true, path, new SeededEntropy(1));
        assertFalse(path.isValidated());
        assertNull(server.onDatagram(0, OTHER_PORT, LOCAL, FULL));
        assertSame(path, server.onDatagram(0, HOME, LOCAL, FULL));
        assertEquals(3 * FULL, path.allowanceBytes());
    }

    @Test
    void findsThePathOfADatagramByBothAddresses() {
        Path sameRemote = paths.onDatagram(0, HOME, OTHER_LOCAL, 100);
        assertNotSame(home, sameRemote);
        assertSame(home, paths.onDatagram(0, HOME, null, 100), "the socket cannot tell");
        assertSame(sameRemote, paths.onDatagram(0, new InetSocketAddress(HOME.getAddress(), 50_000), OTHER_LOCAL, 50));
        assertEquals(150, sameRemote.receivedBytes(), "each datagram counts once");
    }

    @Test
    void refusesToFollowToABlockedPort() {
        assertNull(paths.onDatagram(0, new InetSocketAddress(HOME.getAddress(), 53), LOCAL, FULL));
    }

    @Test
    void aProbingPacketAloneMovesNothing() {
        Path candidate = paths.onDatagram(0, OTHER_PORT, LOCAL, FULL);
        paths.onPathChallenge(candidate, 42);
        assertSame(home, paths.active());
        assertSame(candidate, paths.pollProbe(0));
        assertEquals(List.of(new PathResponseFrame(42)), probe(0, candidate));
        assertNull(paths.pollProbe(0));
    }

    @Test
    void followsTheClientAtOnceLimitedUntilValidated() {
        Path moved = migrate(0, OTHER_PORT);
        assertSame(moved, paths.active());
        assertEquals(3 * FULL, moved.allowanceBytes());
        long challenge = challengeOf(0, moved);
        assertTrue(paths.onPathResponse(10 * MS, challenge));
        assertTrue(moved.isValidated());
        assertSame(moved, paths.active());
        assertFalse(paths.onPathResponse(11 * MS, challenge), "once");
    }

    @Test
    void knowsWhetherOnlyThePortChanged() {
        migrate(0, OTHER_PORT);
        assertTrue(paths.isPortChangeOnly());
        migrate(0, OTHER_HOST);
        assertFalse(paths.isPortChangeOnly());
        Path otherLocal = paths.onDatagram(0, OTHER_HOST, OTHER_LOCAL, FULL);
        assertTrue(paths.onNonProbingPacket(0, otherLocal));
        assertFalse(paths.isPortChangeOnly());
    }

    @Test
    void alsoChallengesTheOldPathSoThatAClientThatDidNotMoveComesBack() {
        migrate(0, OTHER_HOST);
        Set<Path> probed = new HashSet<>();
        for (Path path = paths.pollProbe(0); path != null; path = paths.pollProbe(0)) {
            assertTrue(probed.add(path));
            probe(0, path);
        }
        assertEquals(Set.of(home, paths.active()), probed);
    }

    @Test
    void returnsToTheLastValidatedPathWhenValidationFails() {
        migrate(0, OTHER_HOST);
        long nowNs = 0;
        boolean changed = false;
        while (!changed && paths.deadlineNs() != Long.MAX_VALUE) {
            drainProbes(nowNs);
            nowNs = paths.deadlineNs();
            changed = paths.onTimeout(nowNs);
        }
        assertTrue(changed);
        assertSame(home, paths.active());
        assertFalse(paths.isPortChangeOnly());
        assertFalse(paths.hasFailed());
        assertEquals(3 * Paths.INITIAL_PTO_NS, nowNs);
        assertEquals(Long.MAX_VALUE, paths.deadlineNs());
    }

    @Test
    void flappingAddressesReturnToTheLastValidatedOne() {
        for (int i = 0; i < 100; i++) {
            migrate(i, new InetSocketAddress("2001:db8:1::" + Integer.toHexString(i + 1), 1024 + i));
        }
        assertFalse(paths.active().isValidated());
        paths.onTimeout(paths.deadlineNs());
        paths.onTimeout(10_000 * MS);
        assertSame(home, paths.active());
    }

    @Test
    void aVictimOfASpoofedMigrationGetsAtMostThreeTimesWhatWasSpoofed() {
        Path victim = migrateWith(0, OTHER_HOST, 400);
        long sent = 0;
        for (long nowNs = 0; nowNs < 4000 * MS; nowNs += 10 * MS) {
            paths.onTimeout(nowNs);
            for (Path path = paths.pollProbe(nowNs); path != null; path = paths.pollProbe(nowNs)) {
                int bytes = (int) Math.min(FULL, path.allowanceBytes());
                probe(nowNs, path);
                path.onSent(bytes);
                sent += path == victim ? bytes : 0;
            }
        }
        assertTrue(sent > 0 && sent <= 3 * 400, sent + " bytes");
        assertSame(home, paths.active());
    }

    @Test
    void repeatsChallengesWithNewDataAndBackOff() {
        paths.pto(100 * MS);
        Path moved = migrate(0, OTHER_PORT);
        List<Long> times = new ArrayList<>();
        Set<Long> data = new HashSet<>();
        for (long nowNs = 0; nowNs < 3000 * MS && paths.active() == moved; nowNs += MS) {
            paths.onTimeout(nowNs);
            for (Path path = paths.pollProbe(nowNs); path != null; path = paths.pollProbe(nowNs)) {
                List<Frame> frames = probe(nowNs, path);
                if (path == moved) {
                    times.add(nowNs / MS);
                    assertTrue(data.add(((PathChallengeFrame) frames.getFirst()).data()));
                }
            }
        }
        assertEquals(List.of(0L, 100L, 300L, 700L, 1500L), times);
    }

    @Test
    void anAnswerToAnEarlierChallengeCounts() {
        Path moved = migrate(0, OTHER_PORT);
        long first = challengeOf(0, moved);
        paths.onTimeout(paths.deadlineNs());
        assertNotEquals(first, challengeOf(1000 * MS, moved));
        assertTrue(paths.onPathResponse(1001 * MS, first));
    }

    @Test
    void aWrongAnswerValidatesNothing() {
        Path moved = migrate(0, OTHER_PORT);
        long challenge = challengeOf(0, moved);
        assertFalse(paths.onPathResponse(MS, challenge + 1));
        assertFalse(paths.onPathResponse(MS, 0));
        assertFalse(moved.isValidated());
    }

    @Test
    void aLateAnswerValidatesNothing() {
        Path moved = migrate(0, OTHER_HOST);
        long challenge = challengeOf(0, moved);
        paths.onTimeout(5000 * MS);
        assertFalse(paths.onPathResponse(5000 * MS, challenge));
        assertSame(home, paths.active());
    }

    @Test
    void anAnswerToASmallChallengeIsFollowedByAFullSizedOne() {
        Path moved = migrateWith(0, OTHER_PORT, 100);
        long small = challengeOf(0, moved);
        assertTrue(paths.onPathResponse(MS, small));
        long full = challengeOf(MS, moved);
        assertFalse(paths.onPathResponse(2 * MS, full), "the address was validated before");
        drainProbes(2 * MS);
        paths.onTimeout(60_000 * MS);
        assertSame(moved, paths.active());
        assertNull(paths.pollProbe(60_000 * MS));
    }

    @Test
    void aFailedMtuCheckDoesNotTakeTheAddressBack() {
        Path moved = migrateWith(0, OTHER_PORT, 100);
        paths.onPathResponse(MS, challengeOf(0, moved));
        assertFalse(paths.onTimeout(60_000 * MS));
        assertSame(moved, paths.active());
    }

    @Test
    void aChallengeWaitsForTheLedger() {
        Path moved = migrateWith(0, OTHER_PORT, 10);
        probe(0, home);
        assertNull(paths.pollProbe(0), "30 bytes are not enough for a packet");
        paths.onDatagram(MS, OTHER_PORT, LOCAL, FULL);
        assertSame(moved, paths.pollProbe(MS));
    }

    @Test
    void aPathValidatedBeforeNeedsNoSecondValidation() {
        Path moved = migrate(0, OTHER_PORT);
        paths.onPathResponse(MS, challengeOf(0, moved));
        assertTrue(paths.onNonProbingPacket(2 * MS, home));
        assertSame(home, paths.active());
        assertTrue(paths.onNonProbingPacket(3 * MS, moved));
        assertEquals(Long.MAX_VALUE, moved.allowanceBytes());
    }

    @Test
    void knowsAtMostFourPathsAndKeepsTheActiveAndTheLastValidatedOne() {
        Path moved = migrate(0, OTHER_HOST);
        for (int i = 0; i < 1000; i++) {
            assertNotNull(paths.onDatagram(i, new InetSocketAddress("2001:db8:2::1", 2000 + i), LOCAL, FULL));
        }
        assertSame(moved, paths.onDatagram(0, OTHER_HOST, LOCAL, 1));
        assertSame(home, paths.onDatagram(0, HOME, LOCAL, 1));
        assertEquals(FULL + 1, moved.receivedBytes(), "the path was not forgotten in between");
    }

    @Test
    void aForgottenPathCannotBecomeActive() {
        Path forgotten = paths.onDatagram(0, OTHER_HOST, LOCAL, FULL);
        for (int i = 0; i < Paths.MAX_PATHS; i++) {
            paths.onDatagram(i, new InetSocketAddress("2001:db8:2::1", 2000 + i), LOCAL, FULL);
        }
        assertFalse(paths.onNonProbingPacket(0, forgotten));
    }

    @Test
    void owesABoundedNumberOfResponsesAndKeepsTheNewest() {
        for (long data = 0; data < 1_000_000; data++) {
            paths.onPathChallenge(home, data);
        }
        assertSame(home, paths.pollProbe(0));
        List<Frame> frames = probe(0, home);
        assertEquals(PathResponses.MAX_PENDING, frames.size());
        assertEquals(new PathResponseFrame(999_999), frames.getLast());
        assertNull(paths.pollProbe(0));
    }

    @Test
    void responsesThatDoNotFitWaitForTheNextPacket() {
        paths.onPathChallenge(home, 1);
        paths.onPathChallenge(home, 2);
        assertEquals(
                1,
                OpenPackets.framesOf(17, (out, log) -> paths.writeProbe(home, out, log, 0))
                        .size());
        assertSame(home, paths.pollProbe(0));
        assertEquals(List.of(new PathResponseFrame(2)), probe(0, home));
    }

    @Test
    void notesOnlyChallengesInTheLog() {
        Path moved = migrate(0, OTHER_PORT);
        paths.onPathChallenge(moved, 1);
        var log = OpenPackets.log();
        paths.writeProbe(moved, new ByteWriter(100), log, 0);
        assertEquals(1, log.framesOfOpenPacket());
    }

    @Test
    void failsWhereThereIsNoValidatedPathToReturnTo() {
        Path initial = new Path(HOME, LOCAL);
        Paths server = new Paths(true, initial, new SeededEntropy(1));
        server.onHandshakeConfirmed();
        Path moved = server.onDatagram(0, OTHER_HOST, LOCAL, FULL);
        server.onNonProbingPacket(0, moved);
        assertFalse(server.onTimeout(10_000 * MS));
        assertTrue(server.hasFailed());
    }

    private static Paths serverAfterHandshake(Path initial) {
        Paths server = new Paths(true, initial, new SeededEntropy(7));
        initial.onValidated();
        server.onHandshakeConfirmed();
        return server;
    }

    private Path migrate(long nowNs, InetSocketAddress remote) {
        return migrateWith(nowNs, remote, FULL);
    }

    private Path migrateWith(long nowNs, InetSocketAddress remote, int bytes) {
        Path path = paths.onDatagram(nowNs, remote, LOCAL, bytes);
        assertTrue(paths.onNonProbingPacket(nowNs, path));
        assertFalse(paths.onNonProbingPacket(nowNs, path), "it is active already");
        return path;
    }

    private long challengeOf(long nowNs, Path path) {
        return ((PathChallengeFrame) probe(nowNs, path).getFirst()).data();
    }

    private List<Frame> probe(long nowNs, Path path) {
        return OpenPackets.framesOf(FULL, (out, log) -> paths.writeProbe(path, out, log, nowNs));
    }

    private void drainProbes(long nowNs) {
        for (Path path = paths.pollProbe(nowNs); path != null; path = paths.pollProbe(nowNs)) {
            probe(nowNs, path);
        }
    }
}
