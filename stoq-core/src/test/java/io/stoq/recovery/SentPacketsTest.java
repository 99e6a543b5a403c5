package io.stoq.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentPacketsTest implements SentFrameListener {

    private final List<Long> acked = new ArrayList<>();
    private final SentPackets packets = new SentPackets(null, 2);

    @Test
    void framesBelongToThePacketThatWasOpen() {
        packets.addFrame(SentFrame.STREAM, 1, 0, 0);
        packets.addFrame(SentFrame.MAX_DATA, 2, 0, 0);
        assertEquals(2, packets.framesOfOpenPacket());
        complete();
        assertEquals(0, packets.framesOfOpenPacket());
        complete();
        packets.addFrame(SentFrame.PING, 3, 0, 0);
        complete();
        assertEquals(List.of(1L, 2L), framesOf(0));
        assertEquals(List.of(), framesOf(1));
        assertEquals(List.of(3L), framesOf(2));
    }

    @Test
    void aPacketThatIsNotSentLeavesNoFrames() {
        packets.addFrame(SentFrame.STREAM, 1, 0, 0);
        packets.rollback();
        assertEquals(0, packets.framesOfOpenPacket());
        packets.addFrame(SentFrame.STREAM, 2, 0, 0);
        packets.addFrame(SentFrame.STREAM, 3, 0, 0);
        packets.rollbackTo(1);
        complete();
        assertEquals(List.of(2L), framesOf(0));
    }

    @Test
    void rollingBackToMoreThanThereIsIsRefused() {
        packets.addFrame(SentFrame.STREAM, 1, 0, 0);
        assertThrows(IllegalArgumentException.class, () -> packets.rollbackTo(2));
        assertThrows(IllegalArgumentException.class, () -> packets.rollbackTo(-1));
    }

    @Test
    void aRingThatIsNearlyEmptyGivesItsMemoryBackAndMixesNothingUp() {
        for (int i = 0; i < 500; i++) {
            packets.addFrame(SentFrame.STREAM, i, 0, 0);
            complete();
        }
        assertFalse(packets.isShrinkable(), "all of them are outstanding");
        settleUpTo(500);
        for (int i = 500; i < 503; i++) {
            packets.addFrame(SentFrame.ACK, i, 0, 0);
            packets.complete(i, 40, false, false, false);
            packets.columns()[packets.columnsAt(i)] = i;
        }
        assertTrue(packets.isShrinkable());
        packets.shrink();
        assertFalse(packets.isShrinkable());
        assertEquals(8, packets.capacity());
        for (long number = 500; number < 503; number++) {
            assertTrue(packets.isOutstanding(number));
            assertEquals(List.of(number), framesOf(number));
            assertEquals(number, packets.columns()[packets.columnsAt(number)]);
            assertEquals(number, packets.sentNs(number));
        }
        packets.addFrame(SentFrame.STREAM, 503, 0, 0);
        complete();
        assertEquals(List.of(503L), framesOf(503));
    }

    @Test
    void aRingOfWhichAllIsSettledHasNoMemoryAndTakesSomeAgain() {
        for (int i = 0; i < 100; i++) {
            packets.addFrame(SentFrame.STREAM, i, 0, 0);
            complete();
        }
        settleUpTo(50);
        packets.markLost(50);
        packets.settle();
        settleUpTo(100);
        assertEquals(50, packets.tail(), "a lost packet may turn up");
        packets.shrink();
        assertEquals(100, packets.tail());
        assertEquals(0, packets.capacity());
        packets.addFrame(SentFrame.STREAM, 100, 0, 0);
        complete();
        assertEquals(List.of(100L), framesOf(100));
        assertTrue(packets.isOutstanding(100));
    }

    @Test
    void theRingGrowsWithoutMixingPacketsUp() {
        for (int i = 0; i < 500; i++) {
            packets.addFrame(SentFrame.STREAM, 10 * i, 0, 0);
            packets.addFrame(SentFrame.STREAM, 10 * i + 1, 0, 0);
            packets.complete(i, 1000 + i, true, true, false);
            packets.columns()[packets.columnsAt(i)] = i;
            packets.columns()[packets.columnsAt(i) + 1] = -i;
            if (i == 20) {
                settleUpTo(10);
            }
        }
        for (int i = 10; i < 500; i++) {
            assertEquals(i, packets.sentNs(i));
            assertEquals(1000 + i, packets.bytes(i));
            assertEquals(i, packets.columns()[packets.columnsAt(i)]);
            assertEquals(-i, packets.columns()[packets.columnsAt(i) + 1]);
            assertEquals(List.of(10L * i, 10L * i + 1), framesOf(i));
        }
    }

    @Test
    void theRingDoesNotGrowWhilePacketsAreSettled() {
        for (int i = 0; i < 100_000; i++) {
            packets.addFrame(SentFrame.STREAM, i, 0, 0);
            complete();
            settleUpTo(Math.max(0, i - 9));
        }
        assertEquals(16, packets.capacity());
    }

    @Test
    void largeDatagramsFit() {
        packets.complete(1, 65_527, true, true, false);
        assertEquals(65_527, packets.bytes(0));
        assertTrue(packets.isOutstanding(0) && packets.isInFlight(0) && packets.isAckEliciting(0));
    }

    @Test
    void clearingKeepsTheNumbers() {
        complete();
        complete();
        packets.clear();
        assertEquals(2, packets.nextPacketNumber());
        assertEquals(2, packets.floor());
        assertEquals(0, packets.ackElicitingInFlight());
        packets.addFrame(SentFrame.STREAM, 7, 0, 0);
        complete();
        assertEquals(List.of(7L), framesOf(2));
    }

    @Test
    void piecesOfAStreamThatFollowEachOtherAreReportedAsOne() {
        packets.addFrame(SentFrame.STREAM, 4, 0, 100 << 1);
        complete();
        packets.addFrame(SentFrame.STREAM, 4, 100, 50 << 1);
        packets.addFrame(SentFrame.STREAM, 8, 150, 10 << 1);
        complete();
        packets.addFrame(SentFrame.STREAM, 8, 160, 20 << 1 | 1);
        packets.addFrame(SentFrame.STREAM, 8, 180, 0);
        complete();
        packets.addFrame(SentFrame.STREAM, 4, 200, 30 << 1);
        complete();
        assertEquals(
                List.of("4 @ 0: 300", "8 @ 150: 61", "8 @ 180: 0", "4 @ 200: 60"),
                piecesOf(0, 3),
                "stream, offset, and length twice with the FIN");
        assertEquals(List.of("4 @ 100: 100", "8 @ 150: 20"), piecesOf(1, 1));
    }

    private List<String> piecesOf(long from, long to) {
        List<String> pieces = new ArrayList<>();
        packets.reportAcked(0, from, to, new SentFrameListener() {

            @Override
            public void onFrameAcked(int space, int kind, long a, long b, int c) {
                pieces.add(a + " @ " + b + ": " + c);
            }

            @Override
            public void onFrameLost(int space, int kind, long a, long b, int c) {}
        });
        return pieces;
    }

    private void complete() {
        packets.complete(1, 100, true, true, false);
    }

    private void settleUpTo(long end) {
        for (long number = packets.floor(); number < end; number++) {
            packets.markAcked(number);
        }
        packets.settle();
    }

    private List<Long> framesOf(long number) {
        acked.clear();
        packets.reportAcked(0, number, number, this);
        return List.copyOf(acked);
    }

    @Override
    public void onFrameAcked(int space, int kind, long a, long b, int c) {
        acked.add(a);
    }

    @Override
    public void onFrameLost(int space, int kind, long a, long b, int c) {}
}
