package io.stoq.ack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.buffer.ByteWriter;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.wire.frame.AckFrame;
import io.stoq.wire.frame.Frame;
import io.stoq.wire.frame.FrameReader;
import io.stoq.wire.frame.RecordingSink;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AckTrackerTest {

    private static final long MS = 1_000_000;
    private static final long DELAY = 25 * MS;

    private final AckTracker tracker = new AckTracker(EncryptionLevel.APPLICATION, DELAY);

    @Test
    void aSinglePacketIsAcknowledgedAfterTheDelay() {
        receive(0, 10 * MS);
        assertFalse(tracker.isAckDue(10 * MS));
        assertTrue(tracker.hasNewToAck());
        assertEquals(35 * MS, tracker.deadlineNs());
        assertTrue(tracker.isAckDue(35 * MS));
    }

    @Test
    void theDelayRunsFromTheFirstPacketThatWaits() {
        tracker.onPacketReceived(0, true, 0, 10 * MS);
        tracker.onPacketReceived(1, false, 0, 20 * MS);
        assertEquals(35 * MS, tracker.deadlineNs());
    }

    @Test
    void everySecondAckElicitingPacketIsAcknowledgedAtOnce() {
        receive(0, 10 * MS);
        receive(1, 11 * MS);
        assertTrue(tracker.isAckDue(11 * MS));
        assertTrue(tracker.deadlineNs() <= 11 * MS);
    }

    @Test
    void packetsThatElicitNothingAreNeverDue() {
        for (int i = 0; i < 100; i++) {
            tracker.onPacketReceived(i, false, 0, i * MS);
        }
        assertFalse(tracker.isAckDue(1000 * MS));
        assertEquals(Long.MAX_VALUE, tracker.deadlineNs());
        assertTrue(tracker.hasNewToAck());
    }

    @Test
    void initialAndHandshakePacketsAreAcknowledgedAtOnce() {
        for (int space = EncryptionLevel.INITIAL; space <= EncryptionLevel.HANDSHAKE; space++) {
            AckTracker early = new AckTracker(space, 0);
            early.onPacketReceived(0, true, 0, 5 * MS);
            assertTrue(early.isAckDue(5 * MS));
        }
    }

    @Test
    void aGapIsReportedAtOnce() {
        receive(0, 0);
        ack(0);
        receive(2, MS);
        assertTrue(tracker.isAckDue(MS));
    }

    @Test
    void aPacketOutOfOrderIsReportedAtOnce() {
        receive(0, 0);
        receive(2, 0);
        ack(0);
        receive(1, MS);
        assertTrue(tracker.isAckDue(MS));
    }

    @Test
    void aNumberTakenByAPacketThatElicitsNothingIsNoGap() {
        receive(0, 0);
        ack(0);
        tracker.onPacketReceived(1, false, 0, MS);
        receive(2, MS);
        assertFalse(tracker.isAckDue(MS));
    }

    @Test
    void anAcknowledgedStartIsNoGap() {
        receive(0, 0);
        tracker.onPacketReceived(1, false, 0, 0);
        tracker.onAckAcknowledged(ack(0).ranges().getFirst().largest());
        receive(2, MS);
        assertFalse(tracker.isAckDue(MS));
    }

    @Test
    void aCongestionMarkIsReportedAtOnceAndCounted() {
        tracker.onPacketReceived(0, true, 3, MS);
        assertTrue(tracker.isAckDue(MS));
        tracker.onPacketReceived(1, true, 2, MS);
        tracker.onPacketReceived(2, true, 2, MS);
        tracker.onPacketReceived(3, false, 1, MS);
        assertEquals(new AckFrame.EcnCounts(2, 1, 1), ack(MS).ecn());
    }

    @Test
    void withoutMarksThereAreNoCounts() {
        receive(0, 0);
        assertNull(ack(0).ecn());
    }

    @Test
    void writingMakesNothingDue() {
        receive(0, 0);
        receive(1, 0);
        ack(0);
        assertFalse(tracker.isAckDue(DELAY * 10));
        assertFalse(tracker.hasNewToAck());
        assertEquals(Long.MAX_VALUE, tracker.deadlineNs());
    }

    @Test
    void rangesGoFromHighToLow() {
        for (int number : new int[] {0, 1, 2, 5, 7, 8}) {
            receive(number, 0);
        }
        assertEquals(
                List.of(new AckFrame.Range(7, 8), new AckFrame.Range(5, 5), new AckFrame.Range(0, 2)), ack(0).ranges());
    }

    @Test
    void theDelayIsThatOfTheLargestScaledByTheExponent() {
        receive(1, 0);
        receive(2, 3 * MS);
        receive(0, 4 * MS);
        assertEquals(8000 >> 3, ack(11 * MS).ackDelay());
        receive(3, 20 * MS);
        assertEquals(0, ack(19 * MS).ackDelay(), "a clock that stepped back");
    }

    @Test
    void theExponentIsTheCallers() {
        receive(0, 0);
        ByteWriter out = new ByteWriter(100);
        tracker.write(out, 16 * MS, 10);
        assertEquals(16_000 >> 10, read(out).ackDelay());
    }

    @Test
    void onlyTheNewestRangesAreWrittenWhereRoomIsShort() {
        for (int i = 0; i < 40; i += 2) {
            receive(i, 0);
        }
        ByteWriter out = new ByteWriter(100).reset(0, 12);
        assertEquals(38, tracker.write(out, 0, 3));
        List<AckFrame.Range> ranges = read(out).ranges();
        assertEquals(4, ranges.size());
        assertEquals(new AckFrame.Range(32, 32), ranges.getLast());
    }

    @Test
    void nothingIsWrittenWhereEvenTheHeadDoesNotFit() {
        receive(0, 0);
        ByteWriter out = new ByteWriter(100).reset(0, 4);
        assertEquals(-1, tracker.write(out, 0, 3));
        assertEquals(0, out.position);
        assertTrue(tracker.hasNewToAck());
    }

    @Test
    void nothingIsWrittenBeforeAnythingWasReceived() {
        assertEquals(-1, tracker.write(new ByteWriter(100), 0, 3));
        assertEquals(-1, tracker.largestReceived());
    }

    @Test
    void duplicatesAreRecognised() {
        assertFalse(tracker.isDuplicate(3));
        receive(3, 0);
        assertTrue(tracker.isDuplicate(3));
        assertFalse(tracker.isDuplicate(2));
        assertFalse(tracker.isDuplicate(4));
    }

    @Test
    void rangesAreBoundedAndWhatIsForgottenCountsAsDuplicate() {
        for (int i = 0; i < 1000; i++) {
            receive(2 * i, 0);
        }
        List<AckFrame.Range> ranges = ack(0).ranges();
        assertEquals(AckTracker.MAX_RANGES, ranges.size());
        long lowest = ranges.getLast().smallest();
        assertEquals(2 * (1000 - AckTracker.MAX_RANGES), lowest);
        assertTrue(tracker.isDuplicate(lowest - 2));
        assertFalse(tracker.isDuplicate(lowest + 1));
        assertTrue(tracker.isDuplicate(1), "too old to know");
    }

    @Test
    void acknowledgedAcknowledgmentsTrimTheRanges() {
        for (int number : new int[] {0, 1, 4, 5}) {
            receive(number, 0);
        }
        long largest = ack(0).ranges().getFirst().largest();
        receive(8, MS);
        tracker.onAckAcknowledged(largest);
        assertEquals(List.of(new AckFrame.Range(8, 8)), ack(MS).ranges());
        assertTrue(tracker.isDuplicate(2), "below what is tracked");
        tracker.onAckAcknowledged(3);
        assertFalse(tracker.isDuplicate(7));
    }

    @Test
    void nothingIsLeftToWriteOnceAllIsAcknowledged() {
        receive(0, 0);
        tracker.onAckAcknowledged(ack(0).ranges().getFirst().largest());
        assertEquals(-1, tracker.write(new ByteWriter(100), MS, 3));
        assertEquals(0, tracker.largestReceived());
        receive(1, MS);
        assertEquals(List.of(new AckFrame.Range(1, 1)), ack(MS).ranges());
    }

    @Test
    void reportsExactlyWhatWasReceived() {
        for (long seed = 1; seed <= 20; seed++) {
            compareWithBits(new SplittableRandom(seed), "seed " + seed);
        }
    }

    private static void compareWithBits(SplittableRandom random, String seed) {
        AckTracker tracker = new AckTracker(EncryptionLevel.APPLICATION, DELAY);
        BitSet bits = new BitSet();
        int base = 0;
        for (int step = 0; step < 500; step++) {
            base += random.nextInt(3);
            int number = Math.max(0, base - random.nextInt(20));
            if (!tracker.isDuplicate(number)) {
                assertFalse(bits.get(number), seed);
                tracker.onPacketReceived(number, true, 0, step);
                bits.set(number);
            }
            if (random.nextInt(20) == 0) {
                ByteWriter out = new ByteWriter(400);
                tracker.write(out, step, 3);
                for (AckFrame.Range range : read(out).ranges()) {
                    long end = bits.nextClearBit((int) range.smallest());
                    assertEquals(range.largest() + 1, end, seed + " step " + step);
                    assertTrue(
                            range.smallest() == 0
                                    || !bits.get((int) range.smallest() - 1)
                                    || tracker.isDuplicate(range.smallest() - 1),
                            seed);
                }
                if (random.nextBoolean()) {
                    tracker.onAckAcknowledged(tracker.largestReceived());
                    receiveNext(tracker, bits, step);
                    base = (int) tracker.largestReceived();
                }
            }
        }
    }

    private static void receiveNext(AckTracker tracker, BitSet bits, long nowNs) {
        int next = (int) tracker.largestReceived() + 1;
        tracker.onPacketReceived(next, true, 0, nowNs);
        bits.set(next);
    }

    private void receive(long number, long nowNs) {
        tracker.onPacketReceived(number, true, 0, nowNs);
    }

    private AckFrame ack(long nowNs) {
        ByteWriter out = new ByteWriter(1200);
        tracker.write(out, nowNs, 3);
        return read(out);
    }

    private static AckFrame read(ByteWriter out) {
        RecordingSink sink = new RecordingSink();
        new FrameReader().read(out.array, 0, out.position, EncryptionLevel.APPLICATION, sink);
        Frame frame = sink.frames().getFirst();
        return (AckFrame) frame;
    }
}
