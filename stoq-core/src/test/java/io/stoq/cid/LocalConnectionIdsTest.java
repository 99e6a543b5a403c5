package io.stoq.cid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.buffer.ByteWriter;
import io.stoq.crypto.CryptoProvider.ResetTokens;
import io.stoq.recovery.OpenPackets;
import io.stoq.recovery.SentFrame;
import io.stoq.sim.SeededEntropy;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.frame.Frame;
import io.stoq.wire.frame.FrameType;
import io.stoq.wire.frame.NewConnectionIdFrame;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LocalConnectionIdsTest {

    private static final byte[] OTHER_ID = new byte[LocalConnectionIds.LENGTH];
    private static final ResetTokens TOKENS = (id, at, length, token, tokenAt) -> {
        for (int i = 0; i < 16; i++) {
            token[tokenAt + i] = (byte) (id[at + i % length] ^ 0x5a);
        }
    };

    private final Routes routes = new Routes();
    private final LocalConnectionIds ids = new LocalConnectionIds(new SeededEntropy(1), TOKENS, routes);

    @Test
    void routesTheFirstIdAtOnceAndAnnouncesItNever() {
        assertEquals(1, routes.ids.size());
        assertTrue(ids.owns(ids.initial(), LocalConnectionIds.LENGTH));
        assertFalse(ids.wantsToSend());
        assertEquals((byte) (ids.initial()[0] ^ 0x5a), ids.initialResetToken()[0]);
    }

    @Test
    void issuesAsManyAsThePeerTakes() {
        ids.onPeerLimit(2);
        List<NewConnectionIdFrame> frames = write(1200);
        assertEquals(1, frames.size());
        assertEquals(1, frames.getFirst().sequence());
        assertEquals(0, frames.getFirst().retirePriorTo());
        assertTrue(routes.ids.contains(
                ConnectionId.of(frames.getFirst().connectionId().toArray())));
        assertFalse(ids.wantsToSend());
    }

    @Test
    void issuesAtMostFourWhateverThePeerTakes() {
        ids.onPeerLimit((1L << 62) - 1);
        assertEquals(3, write(1200).size());
        assertEquals(LocalConnectionIds.MAX_ACTIVE, routes.ids.size());
    }

    @Test
    void writesOnlyWholeFrames() {
        ids.onPeerLimit(4);
        int size = NewConnectionIdFrame.size(1, 0, LocalConnectionIds.LENGTH);
        assertEquals(0, write(size - 1).size());
        assertEquals(2, write(2 * size + 5).size());
        assertEquals(1, write(1200).size());
    }

    @Test
    void notesEachFrameInTheLog() {
        ids.onPeerLimit(4);
        var log = OpenPackets.log();
        ids.writeFrames(new ByteWriter(1200), log);
        assertEquals(3, log.framesOfOpenPacket());
    }

    @Test
    void sendsTheSameIdAgainWhenItsFrameWasLost() {
        ids.onPeerLimit(2);
        NewConnectionIdFrame first = write(1200).getFirst();
        ids.onFrameLost(SentFrame.NEW_CONNECTION_ID, 1);
        assertEquals(List.of(first), write(1200));
        ids.onFrameAcked(SentFrame.NEW_CONNECTION_ID, 1);
        ids.onFrameLost(SentFrame.NEW_CONNECTION_ID, 1);
        assertFalse(ids.wantsToSend(), "acknowledged before it was declared lost");
    }

    @Test
    void replacesARetiredId() {
        ids.onPeerLimit(2);
        write(1200);
        ids.onRetire(0, OTHER_ID, OTHER_ID.length);
        assertEquals(2, write(1200).getFirst().sequence());
    }

    @Test
    void ignoresARepeatedRetirement() {
        ids.onPeerLimit(2);
        write(1200);
        ids.onRetire(0, OTHER_ID, OTHER_ID.length);
        write(1200);
        ids.onRetire(0, OTHER_ID, OTHER_ID.length);
        assertFalse(ids.wantsToSend());
    }

    @Test
    void refusesRetirementOfAnIdThatWasNeverIssued() {
        ids.onPeerLimit(2);
        write(1200);
        requireViolation(() -> ids.onRetire(2, OTHER_ID, OTHER_ID.length));
    }

    @Test
    void refusesRetirementOfAnIdThatWasNotSentYet() {
        ids.onPeerLimit(2);
        requireViolation(() -> ids.onRetire(1, OTHER_ID, OTHER_ID.length));
    }

    @Test
    void refusesRetirementOfThePacketsOwnId() {
        requireViolation(() -> ids.onRetire(0, ids.initial(), LocalConnectionIds.LENGTH));
    }

    @Test
    void stillReachesTheConnectionByAnIdRetiredLately() {
        ids.onPeerLimit(2);
        write(1200);
        ids.onRetire(0, OTHER_ID, OTHER_ID.length);
        assertTrue(ids.owns(ids.initial(), LocalConnectionIds.LENGTH));
        assertTrue(routes.ids.contains(ConnectionId.of(ids.initial())));
        for (long sequence = 1; sequence <= LocalConnectionIds.MAX_LINGERING; sequence++) {
            write(1200);
            ids.onRetire(sequence, OTHER_ID, OTHER_ID.length);
        }
        assertFalse(ids.owns(ids.initial(), LocalConnectionIds.LENGTH));
        assertFalse(routes.ids.contains(ConnectionId.of(ids.initial())));
    }

    @Test
    void aFloodOfRetirementsKeepsNothing() {
        ids.onPeerLimit(4);
        for (long sequence = 0; sequence < 10_000; sequence++) {
            write(1200);
            ids.onRetire(sequence, OTHER_ID, OTHER_ID.length);
        }
        assertEquals(LocalConnectionIds.MAX_ACTIVE + LocalConnectionIds.MAX_LINGERING, routes.ids.size());
    }

    @Test
    void rotationAsksThePeerToRetireAllOlderIds() {
        ids.onPeerLimit(2);
        write(1200);
        ids.rotate();
        List<NewConnectionIdFrame> frames = write(1200);
        assertEquals(
                List.of(2L, 3L),
                frames.stream().map(NewConnectionIdFrame::sequence).toList());
        assertTrue(frames.stream().allMatch(frame -> frame.retirePriorTo() == 2));
        assertTrue(ids.owns(ids.initial(), LocalConnectionIds.LENGTH), "until the peer retires it");
        ids.onRetire(0, frames.getFirst().connectionId().toArray(), LocalConnectionIds.LENGTH);
        ids.onRetire(1, frames.getFirst().connectionId().toArray(), LocalConnectionIds.LENGTH);
        assertFalse(ids.wantsToSend(), "the replacements were issued with the rotation");
    }

    @Test
    void rotationsDoNotPileUpWhileThePeerDoesNotRetire() {
        ids.onPeerLimit(4);
        for (int i = 0; i < 100; i++) {
            ids.rotate();
            write(1200);
        }
        assertEquals(2 * LocalConnectionIds.MAX_ACTIVE, routes.ids.size());
    }

    @Test
    void anOldIdSentAgainAfterARotationRetiresNothingBeyondItself() {
        ids.onPeerLimit(2);
        write(1200);
        ids.rotate();
        write(1200);
        ids.onFrameLost(SentFrame.NEW_CONNECTION_ID, 1);
        NewConnectionIdFrame again = write(1200).getFirst();
        assertEquals(1, again.sequence());
        assertEquals(1, again.retirePriorTo());
    }

    @Test
    void closingRemovesAllRoutes() {
        ids.onPeerLimit(4);
        write(1200);
        ids.onRetire(1, OTHER_ID, OTHER_ID.length);
        ids.close();
        assertTrue(routes.ids.isEmpty());
        assertFalse(ids.owns(ids.initial(), LocalConnectionIds.LENGTH));
    }

    @Test
    void idsFollowFromTheEntropyAlone() {
        LocalConnectionIds same = new LocalConnectionIds(new SeededEntropy(1), TOKENS, new Routes());
        assertArrayEquals(ids.initial(), same.initial());
    }

    private List<NewConnectionIdFrame> write(int limitBytes) {
        List<Frame> frames = OpenPackets.framesOf(limitBytes, ids::writeFrames);
        return frames.stream().map(NewConnectionIdFrame.class::cast).toList();
    }

    private static void requireViolation(Runnable action) {
        TransportException e = assertThrows(TransportException.class, action::run);
        assertEquals(TransportErrorCode.PROTOCOL_VIOLATION, e.code());
        assertEquals(FrameType.RETIRE_CONNECTION_ID, e.frameType());
    }

    private static final class Routes implements ConnectionIdRoutes {

        final Set<ConnectionId> ids = new HashSet<>();

        @Override
        public void add(byte[] connectionId) {
            assertTrue(ids.add(ConnectionId.of(connectionId)));
        }

        @Override
        public void remove(byte[] connectionId) {
            assertTrue(ids.remove(ConnectionId.of(connectionId)));
        }
    }
}
