package io.stoq.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.wire.Bytes;
import io.stoq.wire.frame.DataBlockedFrame;
import io.stoq.wire.frame.Frame;
import io.stoq.wire.frame.PaddingFrame;
import io.stoq.wire.frame.ResetStreamFrame;
import io.stoq.wire.frame.StopSendingFrame;
import io.stoq.wire.frame.StreamDataBlockedFrame;
import io.stoq.wire.frame.StreamFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendingTest {

    private final Side client = Side.client();

    @Test
    void writtenBytesLeaveInOneFrameWithTheFin() {
        Stream stream = client.open(true);
        stream.write(Side.chunk(0, 0, 5));
        stream.finish();
        assertTrue(client.wantsTransmit > 0);
        assertEquals(List.of(stream(0, 0, 5, true)), client.frames());
        assertFalse(client.streams.hasDataToSend());
    }

    @Test
    void oneFrameGathersFromManyChunks() {
        Stream stream = client.open(true);
        stream.write(Side.chunk(0, 0, 3));
        stream.write(Side.chunk(0, 3, 0));
        stream.write(new SendChunk(Side.pattern(0, 0, 500), 3, 400, null));
        stream.write(Side.chunk(0, 403, 1));
        assertEquals(List.of(stream(0, 0, 404, false)), client.frames());
    }

    @Test
    void aFrameThatFillsThePacketHasNoLength() {
        Stream stream = client.open(true);
        stream.write(Side.chunk(0, 0, 5000));
        byte[] first = client.packetBytes(1200);
        assertEquals(1200, first.length);
        assertEquals(0x08, first[0]);
        assertEquals(List.of(stream(0, 0, 1198, false)), client.decode(first));
        byte[] second = client.packetBytes(1200);
        assertEquals(1200, second.length);
        assertEquals(0x0c, second[0]);
        assertEquals(List.of(stream(0, 1198, 1196, false)), client.decode(second));
    }

    @Test
    void everyLengthNearTheEndOfThePacketFitsAndLosesNothing() {
        for (int length = 1; length <= 140; length++) {
            Side side = Side.client();
            Stream stream = side.open(true);
            stream.write(Side.chunk(0, 0, length));
            stream.finish();
            List<Frame> frames = new ArrayList<>(side.packets(100));
            frames.removeIf(PaddingFrame.class::isInstance);
            StreamFrame first = (StreamFrame) frames.getFirst();
            assertEquals(Math.min(length, 98), first.data().length());
            assertEquals(length <= 98 ? 1 : 2, frames.size(), "frames for " + length + " bytes");
            assertTrue(((StreamFrame) frames.getLast()).fin());
        }
    }

    @Test
    void nothingIsWrittenWhereAlmostNothingFits() {
        Stream stream = client.open(true);
        stream.write(Side.chunk(0, 0, 1000));
        for (int room = 0; room < 18; room++) {
            assertEquals(0, client.packetBytes(room).length);
        }
        assertTrue(client.packetBytes(18).length > 0);
    }

    @Test
    void aFinAfterTheDataIsAnEmptyFrame() {
        Stream stream = client.open(true);
        stream.write(Side.chunk(0, 0, 5));
        client.frames();
        stream.finish();
        assertEquals(List.of(stream(0, 5, 0, true)), client.frames());
        client.acked(1);
        client.acked(0);
        assertEquals(0, stream.bufferedBytes());
        client.data(0, 0, 0, true);
        assertEquals(List.of("finished", "closed"), client.recorder(0).events);
    }

    @Test
    void aLostFinIsSentAgain() {
        Stream stream = client.open(false);
        stream.finish();
        assertEquals(List.of(stream(2, 0, 0, true)), client.frames());
        client.lost(0);
        assertEquals(List.of(stream(2, 0, 0, true)), client.frames());
        client.acked(1);
        assertEquals(List.of("closed"), client.recorder(2).events);
        client.lost(0);
        assertFalse(client.streams.wantsToSend());
    }

    @Test
    void lostDataGoesBeforeNewData() {
        Stream stream = client.open(true);
        stream.write(Side.chunk(0, 0, 100));
        client.frames();
        stream.write(Side.chunk(0, 100, 100));
        client.lost(0);
        assertEquals(List.of(stream(0, 0, 100, false), stream(0, 100, 100, false)), client.frames());
    }

    @Test
    void whatWasAcknowledgedOtherwiseIsNotSentAgain() {
        Stream stream = client.open(true);
        stream.write(Side.chunk(0, 0, 100));
        client.frames();
        client.lost(0);
        client.packets(50); // the same again, in packets 1 to 3
        client.acked(2);
        client.lost(0);
        assertEquals(List.of(stream(0, 0, 48, false), stream(0, 95, 5, false)), client.frames());
        client.acked(0);
        client.lost(1);
        client.lost(3);
        assertFalse(client.streams.wantsToSend());
        assertEquals(100, stream.acknowledgedBytes());
    }

    @Test
    void chunksAreReleasedInOrderAsTheAcknowledgedPrefixPassesThem() {
        List<Integer> released = new ArrayList<>();
        Stream stream = client.open(true);
        for (int i = 0; i < 4; i++) {
            int number = i;
            stream.write(new SendChunk(new byte[50], 0, 50, () -> released.add(number)));
        }
        client.packet(2 + 75);
        client.packet(3 + 75 + 1);
        client.frames();
        client.acked(1);
        assertEquals(List.of(), released);
        client.acked(0);
        assertEquals(List.of(0, 1, 2), released);
        assertEquals(50, stream.bufferedBytes());
        client.acked(2);
        assertEquals(List.of(0, 1, 2, 3), released);
        client.acked(2);
        client.acked(0);
        assertEquals(4, released.size());
    }

    @Test
    void anEmptyChunkIsReleasedAtOnce() {
        List<String> released = new ArrayList<>();
        client.open(true).write(new SendChunk(new byte[0], 0, 0, () -> released.add("empty")));
        assertEquals(List.of("empty"), released);
        assertFalse(client.streams.wantsToSend());
    }

    @Test
    void aResetReleasesChunksAndNamesWhatWasSent() {
        List<String> released = new ArrayList<>();
        Stream stream = client.open(false);
        stream.write(new SendChunk(new byte[5000], 0, 5000, () -> released.add("chunk")));
        client.packet(1000);
        stream.reset(77);
        assertEquals(List.of("chunk"), released);
        assertEquals(0, stream.bufferedBytes());
        assertEquals(List.of(new ResetStreamFrame(2, 77, 998)), client.frames());
        client.lost(0);
        assertFalse(client.streams.wantsToSend());
        client.lost(1);
        assertEquals(List.of(new ResetStreamFrame(2, 77, 998)), client.frames());
        client.acked(2);
        assertEquals(List.of("closed"), client.recorder(2).events);
        assertEquals(0, client.streams.openStreams());
    }

    @Test
    void aFinishedStreamCanBeResetUntilAllIsAcknowledged() {
        Stream stream = client.open(false);
        stream.write(Side.chunk(2, 0, 10));
        stream.finish();
        client.frames();
        stream.reset(1);
        assertEquals(List.of(new ResetStreamFrame(2, 1, 10)), client.frames());

        Stream acknowledged = client.open(false);
        acknowledged.finish();
        client.frames();
        client.acked(2);
        acknowledged.reset(1);
        assertFalse(client.streams.wantsToSend());
    }

    @Test
    void writingToAnEndedHalfIsRefusedAndNamesTheRemedy() {
        Stream finished = client.open(true);
        finished.finish();
        assertFalse(finished.isSendOpen());
        String message = assertThrows(IllegalStateException.class, () -> finished.write(Side.chunk(0, 0, 1)))
                .getMessage();
        assertTrue(message.contains("stream 0") && message.contains("isSendOpen"), message);
        Stream reset = client.open(true);
        reset.reset(0);
        assertThrows(IllegalStateException.class, () -> reset.write(Side.chunk(0, 0, 1)));
        Stream twice = client.open(true);
        SendChunk chunk = Side.chunk(0, 0, 1);
        twice.write(chunk);
        assertThrows(IllegalStateException.class, () -> twice.write(chunk));
        assertThrows(IllegalArgumentException.class, () -> twice.reset(-1));
        assertThrows(IllegalArgumentException.class, () -> twice.stopSending(1L << 62));
        Stream sendOnly = client.open(false);
        assertThrows(IllegalStateException.class, sendOnly::resume);
        assertThrows(IllegalStateException.class, () -> sendOnly.stopSending(0));
        client.data(3, 0, 1, false);
        Stream receiveOnly = client.opened.getFirst();
        assertThrows(IllegalStateException.class, () -> receiveOnly.write(Side.chunk(3, 0, 1)));
        assertThrows(IllegalStateException.class, receiveOnly::finish);
        assertThrows(IllegalStateException.class, () -> receiveOnly.reset(0));
        assertFalse(receiveOnly.isWritable());
    }

    @Test
    void aStreamStopsAtItsLimitAndSaysSoOnce() {
        Side side = new Side(false, Side.LIMITS);
        side.streams.onPeerParameters(Side.parameters(new StreamLimits(1000, 1000, 100, 100, 10, 10)));
        Stream stream = side.open(true);
        stream.write(Side.chunk(0, 0, 250));
        assertEquals(List.of(stream(0, 0, 100, false), new StreamDataBlockedFrame(0, 100)), side.frames());
        assertFalse(side.streams.hasDataToSend());
        side.streams.onMaxStreamData(0, 90);
        assertFalse(side.streams.wantsToSend());
        side.streams.onMaxStreamData(0, 200);
        assertEquals(List.of(stream(0, 100, 100, false), new StreamDataBlockedFrame(0, 200)), side.frames());
        for (int packet = 0; packet < 4; packet++) {
            side.lost(packet); // the first STREAM_DATA_BLOCKED is out of date, the second is not
        }
        List<Frame> again = side.frames();
        assertEquals(List.of(new StreamDataBlockedFrame(0, 200), stream(0, 0, 200, false)), again);
        side.streams.onMaxStreamData(0, 1000);
        assertEquals(List.of(stream(0, 200, 50, false)), side.frames());
    }

    @Test
    void theConnectionsLimitHoldsOverAllStreamsAndIsReportedOnce() {
        Side side = new Side(false, Side.LIMITS);
        side.streams.onPeerParameters(Side.parameters(new StreamLimits(150, 150, 100, 100, 10, 10)));
        for (int i = 0; i < 3; i++) {
            side.open(true).write(Side.chunk(4 * i, 0, 100));
        }
        List<Frame> frames = side.frames();
        assertEquals(List.of(stream(0, 0, 100, false), stream(4, 0, 50, false), new DataBlockedFrame(150)), frames);
        side.lost(0);
        side.lost(1);
        assertEquals(
                List.of(new DataBlockedFrame(150), stream(0, 0, 100, false), stream(4, 0, 50, false)),
                side.frames(),
                "repairs need no credit");
        side.streams.onMaxData(220);
        assertEquals(List.of(stream(8, 0, 70, false), new DataBlockedFrame(220)), side.frames());
        side.streams.onMaxData(1000);
        assertEquals(List.of(stream(4, 50, 50, false), stream(8, 70, 30, false)), side.frames());
    }

    @Test
    void aFinNeedsNoCredit() {
        Side side = new Side(false, Side.LIMITS);
        side.streams.onPeerParameters(Side.parameters(new StreamLimits(0, 0, 0, 0, 10, 10)));
        Stream stream = side.open(true);
        stream.finish();
        assertEquals(List.of(stream(0, 0, 0, true)), side.frames());
    }

    @Test
    void streamsTakeTurnsByFrame() {
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            streams.add(client.open(true));
            streams.get(i).write(Side.chunk(4L * i, 0, 3000));
        }
        List<Long> order = new ArrayList<>();
        while (client.streams.wantsToSend()) {
            for (Frame frame : client.packet(1000)) {
                order.add(((StreamFrame) frame).id());
            }
        }
        assertEquals(List.of(0L, 4L, 8L, 0L, 4L, 8L, 0L, 4L, 8L), order.subList(0, 9));
    }

    @Test
    void aThousandStreamsShareThePackets() {
        for (int i = 0; i < 1000; i++) {
            Stream stream = client.open(true);
            stream.write(Side.chunk(4L * i, 0, 40));
            stream.finish();
        }
        int[] bytes = new int[1000];
        int fins = 0;
        for (Frame frame : client.frames()) {
            if (frame instanceof StreamFrame stream) {
                assertArrayEquals(
                        Side.pattern(stream.id(), stream.offset(), stream.data().length()),
                        stream.data().toArray());
                bytes[(int) stream.id() / 4] += stream.data().length();
                fins += stream.fin() ? 1 : 0;
            }
        }
        assertEquals(1000, fins);
        for (int each : bytes) {
            assertEquals(40, each);
        }
    }

    @Test
    void waterMarksTurnWritableOffAndOnAgain() {
        Stream stream = client.open(true);
        stream.waterMarks(100, 200);
        stream.write(Side.chunk(0, 0, 199));
        assertTrue(stream.isWritable());
        stream.write(Side.chunk(0, 199, 1));
        assertFalse(stream.isWritable());
        client.packet(2 + 99);
        client.packet(3 + 1 + 1 + 16);
        client.frames();
        client.acked(0);
        assertEquals(101, stream.bufferedBytes());
        assertEquals(List.of(), client.recorder(0).events);
        client.acked(1);
        assertEquals(List.of("writable"), client.recorder(0).events);
        assertTrue(stream.isWritable());
        client.acked(2);
        assertEquals(List.of("writable"), client.recorder(0).events);
        assertThrows(IllegalArgumentException.class, () -> stream.waterMarks(3, 2));
    }

    @Test
    void stopSendingIsAnsweredWithAResetOfTheSameCode() {
        Stream stream = client.open(true);
        stream.write(Side.chunk(0, 0, 10));
        client.frames();
        client.stop(0, 42);
        assertEquals(List.of("stop 42"), client.recorder(0).events);
        assertEquals(List.of(new ResetStreamFrame(0, 42, 10)), client.frames());
        client.stop(0, 43);
        assertEquals(List.of("stop 42"), client.recorder(0).events);
        assertFalse(client.streams.wantsToSend());
        assertFalse(stream.isSendOpen());
    }

    @Test
    void stopSendingForAnEndedHalfChangesNothing() {
        Stream stream = client.open(true);
        stream.finish();
        client.frames();
        client.acked(0);
        client.stop(0, 42);
        assertEquals(List.of(), client.recorder(0).events);
        assertFalse(client.streams.wantsToSend());
    }

    @Test
    void stoppingALocalReceiveHalfIsSentUntilTheStreamIsOver() {
        Stream stream = client.open(true);
        stream.stopSending(5);
        stream.stopSending(6);
        assertEquals(List.of(new StopSendingFrame(0, 5)), client.frames());
        client.lost(0);
        assertEquals(List.of(new StopSendingFrame(0, 5)), client.frames());
        client.reset(0, 5, 0);
        client.lost(1);
        assertFalse(client.streams.wantsToSend());
        assertEquals(List.of(), client.recorder(0).events);
    }

    @Test
    void theEndOfTheConnectionReleasesEverythingOnce() {
        int[] released = new int[1];
        for (int i = 0; i < 10; i++) {
            Stream stream = client.open(true);
            for (int k = 0; k < 3; k++) {
                stream.write(new SendChunk(new byte[10], 0, 10, () -> released[0]++));
            }
            client.data(stream.id(), 5, 10, false);
        }
        assertTrue(client.streams.bytesHeld() > 0);
        client.packet(100);
        Stream last = client.streams.find(36);
        client.streams.onConnectionClosed();
        client.streams.onConnectionClosed();
        assertEquals(30, released[0]);
        assertEquals(0, client.streams.bytesHeld());
        assertFalse(client.streams.wantsToSend());
        assertNull(client.streams.open(true));
        assertThrows(IllegalStateException.class, () -> last.write(Side.chunk(0, 0, 1)));
        last.finish();
        last.reset(1);
        last.stopSending(1);
        last.resume();
        client.recorders.values().forEach(recorder -> assertEquals(List.of(), recorder.events));
        assertEquals(0, client.packetBytes(1200).length);
    }

    private static StreamFrame stream(long id, long offset, int length, boolean fin) {
        return new StreamFrame(id, offset, Bytes.of(Side.pattern(id, offset, length)), fin);
    }
}
