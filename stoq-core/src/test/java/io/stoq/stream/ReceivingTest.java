package io.stoq.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.wire.frame.MaxDataFrame;
import io.stoq.wire.frame.MaxStreamDataFrame;
import io.stoq.wire.frame.StopSendingFrame;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceivingTest {

    private static final StreamLimits SMALL = new StreamLimits(64_000, 64_000, 32_000, 32_000, 100, 100);
    private static final long MS = 1_000_000;

    private final Side server = Side.server(SMALL);

    @Test
    void dataInOrderGoesStraightToTheHandler() {
        server.data(0, 0, 100, false);
        server.data(0, 100, 50, true);
        Recorder recorder = server.recorder(0);
        assertArrayEquals(Side.pattern(0, 0, 150), recorder.bytes.toByteArray());
        assertEquals(2, recorder.dataCalls);
        assertEquals(List.of("finished"), recorder.events);
        assertEquals(0, server.streams.bytesHeld());
        assertEquals(150, server.streams.find(0).receivedBytes());
    }

    @Test
    void dataOutOfOrderWaitsForTheGap() {
        server.data(0, 100, 50, true);
        server.data(0, 60, 30, false);
        Recorder recorder = server.recorder(0);
        assertEquals(0, recorder.dataCalls);
        server.data(0, 0, 70, false);
        assertEquals(90, recorder.bytes.size());
        server.data(0, 80, 40, false);
        assertArrayEquals(Side.pattern(0, 0, 150), recorder.bytes.toByteArray());
        assertEquals(List.of("finished"), recorder.events);
        assertEquals(0, server.streams.bytesHeld());
    }

    @Test
    void duplicatesAreDeliveredOnce() {
        for (int i = 0; i < 3; i++) {
            server.data(0, 0, 100, false);
            server.data(0, 50, 100, false);
            server.data(0, 0, 150, true);
        }
        assertArrayEquals(Side.pattern(0, 0, 150), server.recorder(0).bytes.toByteArray());
        assertEquals(List.of("finished"), server.recorder(0).events);
    }

    @Test
    void anEmptyStreamFinishesWithoutData() {
        server.data(2, 0, 0, true);
        assertEquals(List.of("finished", "closed"), server.recorder(2).events);
        assertEquals(0, server.recorder(2).dataCalls);
        assertNull(server.streams.find(2));
    }

    @Test
    void aFinBehindTheLastByteFinishesTheStream() {
        server.data(2, 0, 10, false);
        assertEquals(List.of(), server.recorder(2).events);
        server.data(2, 10, 0, true);
        assertEquals(List.of("finished", "closed"), server.recorder(2).events);
    }

    @Test
    void whatAHandlerLeavesComesWhenItResumes() {
        Recorder recorder = server.recorder(2);
        recorder.appetite = 30;
        server.data(2, 0, 100, false);
        assertEquals(1, recorder.dataCalls);
        server.data(2, 100, 100, true);
        assertEquals(1, recorder.dataCalls, "asked again without having resumed");
        Stream stream = server.streams.find(2);
        assertEquals(30, stream.receivedBytes());
        recorder.feed(stream, 20);
        assertEquals(50, stream.receivedBytes());
        recorder.feed(stream, 1000);
        assertArrayEquals(Side.pattern(2, 0, 200), recorder.bytes.toByteArray());
        assertEquals(List.of("finished", "closed"), recorder.events);
        assertEquals(0, server.streams.bytesHeld());
    }

    @Test
    void aStreamWithoutHandlerKeepsWhatArrives() {
        Side client = Side.client();
        Stream stream = client.streams.open(true);
        client.data(0, 0, 100, false);
        client.data(0, 100, 10, true);
        client.stop(0, 9);
        stream.handler(client.recorder(0));
        assertArrayEquals(Side.pattern(0, 0, 110), client.recorder(0).bytes.toByteArray());
        assertEquals(List.of("finished", "stop 9"), client.recorder(0).events);
    }

    @Test
    void aResetDropsWhatWasNotTaken() {
        Recorder recorder = server.recorder(2);
        recorder.appetite = 10;
        server.data(2, 0, 100, false);
        server.data(2, 200, 100, false);
        server.reset(2, 55, 400);
        assertEquals(10, recorder.bytes.size());
        assertEquals(List.of("reset 55", "closed"), recorder.events);
        assertEquals(0, server.streams.bytesHeld());
        server.data(2, 0, 100, false);
        assertEquals(0, server.streams.openStreams());
    }

    @Test
    void aResetAfterAllDataArrivedIsIgnored() {
        Recorder recorder = server.recorder(2);
        recorder.appetite = 10;
        server.data(2, 0, 100, true);
        server.reset(2, 55, 100);
        recorder.feed(server.streams.find(2), 100);
        assertEquals(100, recorder.bytes.size());
        assertEquals(List.of("finished", "closed"), recorder.events);
    }

    @Test
    void creditComesBackWhenHalfTheWindowIsTaken() {
        Recorder recorder = server.recorder(2);
        recorder.appetite = 15_999;
        server.data(2, 0, 32_000, false);
        assertEquals(List.of(), server.frames());
        recorder.feed(server.streams.find(2), 1);
        assertEquals(List.of(new MaxStreamDataFrame(2, 48_000)), server.frames());
        recorder.feed(server.streams.find(2), 16_000);
        assertEquals(List.of(new MaxDataFrame(96_000), new MaxStreamDataFrame(2, 64_000)), server.frames());
    }

    @Test
    void bytesThatNobodyTookGiveNoCredit() {
        server.data(2, 31_999, 1, false);
        server.data(6, 31_999, 1, false);
        assertEquals(List.of(), server.frames());
        assertEquals(2L * Block.HELD_BYTES, server.streams.bytesHeld());
    }

    @Test
    void lostCreditIsSentAgainWithTheNewestValueOnly() {
        server.data(2, 0, 16_000, false);
        server.data(6, 0, 16_000, false);
        assertEquals(
                List.of(new MaxDataFrame(96_000), new MaxStreamDataFrame(2, 48_000), new MaxStreamDataFrame(6, 48_000)),
                server.frames());
        server.data(2, 16_000, 16_000, false);
        server.data(6, 16_000, 16_000, true);
        assertEquals(List.of(new MaxDataFrame(128_000), new MaxStreamDataFrame(2, 64_000)), server.frames());
        server.lost(0);
        assertEquals(List.of(), server.frames());
        server.data(2, 32_000, 1000, false);
        server.lost(1);
        assertEquals(List.of(new MaxDataFrame(129_000), new MaxStreamDataFrame(2, 65_000)), server.frames());
    }

    @Test
    void windowsDoubleWhileThePeerUsesThemUpWithinTwoRoundTrips() {
        Side side = Side.server(new StreamLimits(32_000, 100_000, 16_384, 60_000, 10, 10));
        side.streams.minRtt(50 * MS);
        side.data(2, 0, 8192, false);
        assertEquals(List.of(new MaxStreamDataFrame(2, 8192 + 32_768)), side.frames());
        side.nowNs += 99 * MS;
        side.data(2, 8192, 16_384, false);
        assertEquals(
                List.of(new MaxDataFrame(24_576 + 32_000), new MaxStreamDataFrame(2, 24_576 + 60_000)), side.frames());
        side.nowNs += 50 * MS;
        side.data(2, 24_576, 30_000, false);
        assertEquals(
                List.of(new MaxDataFrame(54_576 + 64_000), new MaxStreamDataFrame(2, 54_576 + 60_000)), side.frames());
        side.nowNs += 101 * MS;
        side.data(2, 54_576, 40_000, false);
        assertEquals(
                List.of(new MaxDataFrame(94_576 + 64_000), new MaxStreamDataFrame(2, 94_576 + 60_000)), side.frames());
    }

    @Test
    void aWindowOfZeroIsOpenedByTheFirstUpdate() {
        Side side = Side.server(new StreamLimits(0, 50_000, 0, 20_000, 10, 10));
        assertTrue(side.streams.wantsToSend());
        assertEquals(List.of(new MaxDataFrame(16_384)), side.frames());
        side.data(2, 0, 0, false);
        assertEquals(List.of(new MaxStreamDataFrame(2, 16_384)), side.frames());
    }

    @Test
    void aStoppedStreamIsDiscardedAndCountedForTheConnection() {
        server.data(2, 0, 1000, false);
        server.data(2, 2000, 1000, false);
        Stream stream = server.streams.find(2);
        stream.stopSending(7);
        assertEquals(0, server.streams.bytesHeld());
        assertEquals(List.of(new StopSendingFrame(2, 7)), server.frames());
        server.data(2, 31_999, 1, false);
        server.data(2, 1000, 500, false);
        assertEquals(1000, server.recorder(2).bytes.size());
        assertEquals(0, server.streams.bytesHeld());
        assertEquals(List.of(new MaxDataFrame(96_000)), server.frames(), "the connection's credit comes back");
        server.reset(2, 7, 32_000);
        assertEquals(List.of("closed"), server.recorder(2).events);
        assertEquals(0, server.streams.openStreams());
    }

    @Test
    void aStoppedStreamIsOverWithItsFin() {
        server.data(2, 0, 1000, false);
        server.streams.find(2).stopSending(7);
        server.data(2, 5000, 10, true);
        assertEquals(List.of("closed"), server.recorder(2).events);
        assertFalse(server.streams.wantsToSend(), "STOP_SENDING has no use any more");
    }

    @Test
    void stoppingAStreamWhoseSizeIsKnownClosesItSilently() {
        server.data(2, 500, 500, true);
        server.streams.find(2).stopSending(7);
        assertEquals(List.of("closed"), server.recorder(2).events);
        assertEquals(List.of(), server.frames());
    }

    @Test
    void resetStreamsGiveTheConnectionsCreditBack() {
        for (int i = 0; i < 50; i++) {
            long id = 2 + 4L * i;
            server.data(id, 100, 1, false);
            server.reset(id, 0, 20_000);
            server.frames();
        }
        assertEquals(0, server.streams.openStreams());
        assertEquals(0, server.streams.bytesHeld());
    }

    @Test
    void openingAStreamOpensAllBelowIt() {
        server.data(12, 0, 1, false);
        assertEquals(
                List.of(0L, 4L, 8L, 12L), server.opened.stream().map(Stream::id).toList());
        server.streams.onMaxStreamData(20, 5);
        server.streams.onStreamDataBlocked(6, 5);
        server.stop(24, 1);
        assertEquals(
                List.of(0L, 4L, 8L, 12L, 16L, 20L, 2L, 6L, 24L),
                server.opened.stream().map(Stream::id).toList());
        Stream bidirectional = server.streams.find(24);
        assertTrue(bidirectional.isBidirectional() && bidirectional.hasSendHalf() && bidirectional.hasReceiveHalf());
        Stream unidirectional = server.streams.find(6);
        assertFalse(unidirectional.isBidirectional() || unidirectional.hasSendHalf() || unidirectional.isLocal());
        assertNotNull(unidirectional.handler());
    }
}
