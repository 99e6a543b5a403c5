package io.stoq.cid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.buffer.ByteWriter;
import io.stoq.recovery.OpenPackets;
import io.stoq.recovery.SentFrame;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.frame.RetireConnectionIdFrame;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerConnectionIdsTest {

    private static final int ID_LENGTH = 8;

    private final PeerConnectionIds ids = new PeerConnectionIds(id(0));

    @Test
    void theHandshakeReplacesTheRandomFirstId() {
        ids.onHandshakeId(id(77));
        assertArrayEquals(id(77), ids.current());
        assertEquals(0, ids.currentSequence());
    }

    @Test
    void rotatesToTheNextSpareAndRetiresTheOldId() {
        assertFalse(ids.hasSpare());
        assertFalse(ids.rotate());
        offer(2, 0);
        offer(1, 0);
        assertTrue(ids.rotate());
        assertArrayEquals(id(1), ids.current());
        assertEquals(List.of(0L), retired());
        assertTrue(ids.hasSpare());
        assertTrue(ids.rotate());
        assertArrayEquals(id(2), ids.current());
        assertFalse(ids.hasSpare(), "id 1 is used up");
    }

    @Test
    void sendsALostRetirementAgainUntilItIsAcknowledged() {
        offer(1, 0);
        ids.rotate();
        assertEquals(List.of(0L), retired());
        assertFalse(ids.wantsToSend());
        ids.onFrameLost(SentFrame.RETIRE_CONNECTION_ID, 0);
        assertTrue(ids.wantsToSend());
        assertEquals(List.of(0L), retired());
        ids.onFrameAcked(SentFrame.RETIRE_CONNECTION_ID, 0);
        ids.onFrameLost(SentFrame.RETIRE_CONNECTION_ID, 0);
        assertFalse(ids.wantsToSend());
    }

    @Test
    void writesOnlyWholeFramesAndNotesThem() {
        offer(1, 0);
        offer(2, 2);
        assertEquals(1, OpenPackets.framesOf(3, ids::writeFrames).size());
        var log = OpenPackets.log();
        ids.writeFrames(new ByteWriter(3), log);
        assertEquals(1, log.framesOfOpenPacket());
        assertFalse(ids.wantsToSend());
    }

    @Test
    void stopsUsingWhatThePeerWantsRetired() {
        offer(1, 0);
        offer(2, 2);
        assertArrayEquals(id(2), ids.current());
        assertEquals(List.of(0L, 1L), retired().stream().sorted().toList());
    }

    @Test
    void retiresAnIdThatArrivesBelowRetirePriorToAndOnlyOnce() {
        offer(3, 3);
        assertEquals(List.of(0L), retired());
        offer(1, 0);
        assertEquals(List.of(1L), retired());
        offer(1, 0);
        assertFalse(ids.wantsToSend());
        assertArrayEquals(id(3), ids.current());
    }

    @Test
    void aSmallerRetirePriorToChangesNothing() {
        offer(2, 2);
        retired();
        offer(3, 1);
        assertFalse(ids.wantsToSend());
        assertArrayEquals(id(2), ids.current());
    }

    @Test
    void toleratesRepeatedFrames() {
        offer(1, 0);
        offer(1, 0);
        ids.rotate();
        offer(0, 0);
        offer(1, 0);
        assertEquals(List.of(0L), retired());
        assertFalse(ids.hasSpare());
    }

    @Test
    void refusesTheSameSequenceNumberWithAnotherIdOrToken() {
        offer(1, 0);
        requireError(TransportErrorCode.PROTOCOL_VIOLATION, () -> offer(1, 0, id(5), token(1)));
        requireError(TransportErrorCode.PROTOCOL_VIOLATION, () -> offer(1, 0, id(1), token(5)));
    }

    @Test
    void refusesTheSameIdWithAnotherSequenceNumber() {
        offer(1, 0);
        requireError(TransportErrorCode.PROTOCOL_VIOLATION, () -> offer(2, 0, id(1), token(1)));
        requireError(TransportErrorCode.PROTOCOL_VIOLATION, () -> offer(2, 0, id(0), token(2)));
    }

    @Test
    void refusesNewIdsFromAPeerThatWantsNoneInPackets() {
        PeerConnectionIds empty = new PeerConnectionIds(new byte[0]);
        requireError(TransportErrorCode.PROTOCOL_VIOLATION, () -> offer(empty, 1, 0, id(1), token(1)));
        assertFalse(empty.rotate());
    }

    @Test
    void refusesMoreIdsThanTheLimit() {
        for (int i = 1; i < PeerConnectionIds.ACTIVE_LIMIT; i++) {
            offer(i, 0);
        }
        requireError(TransportErrorCode.CONNECTION_ID_LIMIT_ERROR, () -> offer(PeerConnectionIds.ACTIVE_LIMIT, 0));
    }

    @Test
    void mayExceedTheLimitWithWhatItRetires() {
        for (int i = 1; i < PeerConnectionIds.ACTIVE_LIMIT; i++) {
            offer(i, 0);
        }
        offer(PeerConnectionIds.ACTIVE_LIMIT, 1);
        assertEquals(List.of(0L), retired());
    }

    @Test
    void aFloodOfRetirementsWithoutAcknowledgementEndsTheConnection() {
        TransportException e = assertThrows(TransportException.class, () -> {
            for (long sequence = 1; sequence < 1_000_000; sequence++) {
                offer(sequence, sequence);
                retired();
            }
        });
        assertEquals(TransportErrorCode.CONNECTION_ID_LIMIT_ERROR, e.code());
        assertEquals(PeerConnectionIds.MAX_RETIRING, ids.currentSequence());
    }

    @Test
    void aFloodBelowRetirePriorToEndsTheConnectionToo() {
        offer(1L << 61, 1L << 61);
        requireError(TransportErrorCode.CONNECTION_ID_LIMIT_ERROR, () -> {
            for (long sequence = 1; sequence < 1_000_000; sequence++) {
                offer(sequence, 0);
            }
        });
    }

    @Test
    void gapsInSequenceNumbersAreBoundedEvenWhereRetirementsAreAcknowledged() {
        TransportException e = assertThrows(TransportException.class, () -> {
            for (long sequence = 2; sequence < 1_000_000; sequence += 2) {
                offer(sequence, sequence);
                retired().forEach(retired -> ids.onFrameAcked(SentFrame.RETIRE_CONNECTION_ID, retired));
            }
        });
        assertEquals(TransportErrorCode.CONNECTION_ID_LIMIT_ERROR, e.code());
        assertEquals(2 * (PeerConnectionIds.MAX_GAPS - 1), ids.currentSequence());
    }

    @Test
    void anOrderlyPeerMayReplaceIdsForEver() {
        for (long sequence = 1; sequence < 10_000; sequence++) {
            offer(sequence, 0);
            assertTrue(ids.rotate());
            retired().forEach(retired -> ids.onFrameAcked(SentFrame.RETIRE_CONNECTION_ID, retired));
        }
        assertEquals(9_999, ids.currentSequence());
    }

    @Test
    void ourOwnRotationsStopWellBeforeTheLimit() {
        long sequence = 1;
        do {
            offer(sequence++, 0);
        } while (ids.rotate());
        assertFalse(ids.rotate());
        assertTrue(sequence <= PeerConnectionIds.MAX_RETIRING);
    }

    @Test
    void refusesTheRetirementOfAllIds() {
        offer(3, 0);
        ids.rotate();
        offer(1, 0);
        ids.rotate();
        requireError(TransportErrorCode.PROTOCOL_VIOLATION, () -> offer(3, 3));
    }

    @Test
    void recognisesAStatelessResetByTheTokenOfTheIdInUse() {
        assertFalse(isReset(token(0)), "no token is known yet");
        ids.resetToken(token(0));
        assertTrue(isReset(token(0)));
        for (int bit = 0; bit < 128; bit++) {
            byte[] wrong = token(0);
            wrong[bit / 8] ^= (byte) (1 << bit % 8);
            assertFalse(isReset(wrong));
        }
    }

    @Test
    void tokensOfUnusedAndRetiredIdsDoNotCount() {
        ids.resetToken(token(0));
        offer(1, 0);
        assertFalse(isReset(token(1)));
        ids.rotate();
        assertTrue(isReset(token(1)));
        assertFalse(isReset(token(0)));
    }

    @Test
    void zerosAreNeverAToken() {
        assertFalse(isReset(new byte[16]), "an empty slot matches nothing");
        ids.resetToken(new byte[16]);
        assertFalse(isReset(new byte[16]), "not even where the peer says so");
        offer(1, 0, id(1), new byte[16]);
        ids.rotate();
        assertFalse(isReset(new byte[16]));
    }

    @Test
    void thePreferredAddressBringsSequenceNumberOne() {
        ids.onPreferredAddressId(id(1), token(1));
        offer(1, 0);
        assertTrue(ids.rotate());
        assertArrayEquals(id(1), ids.current());
    }

    @Test
    void aSecondPathGetsAnIdOfItsOwn() {
        assertEquals(-1, ids.reserve());
        offer(1, 0);
        offer(2, 0);
        long reserved = ids.reserve();
        assertEquals(1, reserved);
        assertArrayEquals(id(1), ids.id(reserved));
        assertTrue(isReset(token(1)), "it is in use now");
        assertTrue(ids.switchTo(reserved));
        assertArrayEquals(id(1), ids.current());
        assertEquals(List.of(0L), retired());
    }

    @Test
    void aReservedIdIsRetiredWithItsPath() {
        offer(1, 0);
        long reserved = ids.reserve();
        ids.release(reserved);
        assertNull(ids.id(reserved));
        assertFalse(ids.switchTo(reserved));
        assertEquals(List.of(1L), retired());
        assertArrayEquals(id(0), ids.current());
    }

    @Test
    void retirementOfTheCurrentIdTakesAnUnusedOneNotAReservedOne() {
        offer(1, 0);
        ids.reserve();
        offer(2, 1);
        assertArrayEquals(id(2), ids.current());
        assertArrayEquals(id(1), ids.id(1));
    }

    private void offer(long sequence, long retirePriorTo) {
        offer(sequence, retirePriorTo, id(sequence), token(sequence));
    }

    private void offer(long sequence, long retirePriorTo, byte[] id, byte[] token) {
        offer(ids, sequence, retirePriorTo, id, token);
    }

    private static void offer(PeerConnectionIds ids, long sequence, long retirePriorTo, byte[] id, byte[] token) {
        byte[] frame = new byte[5 + id.length + token.length];
        System.arraycopy(id, 0, frame, 5, id.length);
        System.arraycopy(token, 0, frame, 5 + id.length, token.length);
        ids.onNewConnectionId(sequence, retirePriorTo, frame, 5, id.length, 5 + id.length);
    }

    private List<Long> retired() {
        return OpenPackets.framesOf(1200, ids::writeFrames).stream()
                .map(RetireConnectionIdFrame.class::cast)
                .map(RetireConnectionIdFrame::sequence)
                .toList();
    }

    private boolean isReset(byte[] token) {
        byte[] datagram = new byte[25 + token.length];
        System.arraycopy(token, 0, datagram, 25, token.length);
        return ids.isStatelessReset(MemorySegment.ofArray(datagram), 25);
    }

    private static byte[] id(long sequence) {
        return ByteBuffer.allocate(ID_LENGTH)
                .putLong(0x1122334455660000L + sequence)
                .array();
    }

    private static byte[] token(long sequence) {
        return ByteBuffer.allocate(16)
                .putLong(0xa0b0c0d0e0f00000L - sequence)
                .putLong(~sequence)
                .array();
    }

    private static void requireError(long code, Runnable action) {
        assertEquals(code, assertThrows(TransportException.class, action::run).code());
    }
}
