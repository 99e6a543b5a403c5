package io.stoq.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.buffer.ByteWriter;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.memory.ConnectionMemory;
import io.stoq.recovery.FrameLog;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentFrameListener;
import io.stoq.sim.Seeds;
import io.stoq.wire.Bytes;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.VarInt;
import io.stoq.wire.frame.DatagramFrame;
import io.stoq.wire.frame.Frame;
import io.stoq.wire.frame.FrameReader;
import io.stoq.wire.frame.FrameType;
import io.stoq.wire.frame.RecordingSink;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DatagramsTest {

    private final List<String> told = new ArrayList<>();
    private final FrameLog log = new FrameLog();
    private final Datagrams datagrams = new Datagrams(1000, ConnectionMemory.unlimited(), new DatagramsListener() {
        @Override
        public void onDatagram(byte[] data, int at, int length) {
            told.add("received " + length);
        }

        @Override
        public void onDatagramsAcked(long first, int count) {
            told.add("acked " + count + " from " + first);
        }

        @Override
        public void onDatagramsLost(long first, int count) {
            told.add("lost " + count + " from " + first);
        }

        @Override
        public void onWantsTransmit() {
            told.add("wants");
        }
    });

    private final SentFrameListener frames = new SentFrameListener() {
        @Override
        public void onFrameAcked(int space, int kind, long a, long b, int c) {
            datagrams.onFrameAcked(kind, a, b, c);
        }

        @Override
        public void onFrameLost(int space, int kind, long a, long b, int c) {
            datagrams.onFrameLost(kind, a, b, c);
        }
    };

    @Test
    void datagramsLeaveInOrderAsManyAsFit() {
        datagrams.peerLimit(65_535);
        assertTrue(datagrams.send(new byte[] {9, 1, 2, 9}, 1, 2));
        assertTrue(datagrams.send(new byte[0], 0, 0));
        assertTrue(datagrams.send(new byte[100], 0, 100));
        assertEquals(List.of("wants", "wants", "wants"), told);
        assertEquals(List.of(2, 0), lengths(packet(20)));
        assertTrue(datagrams.wantsToSend());
        assertEquals(List.of(100), lengths(packet(103)));
        assertFalse(datagrams.wantsToSend());
    }

    @Test
    void acknowledgedAndLostDatagramsAreReportedByPacketAndNeverSentAgain() {
        datagrams.peerLimit(65_535);
        for (int i = 0; i < 5; i++) {
            datagrams.send(new byte[5], 0, 5);
        }
        assertEquals(List.of(5, 5), lengths(packet(15)));
        assertEquals(List.of(5, 5, 5), lengths(packet(100)));
        told.clear();
        log.acked(1, frames);
        log.lost(0, frames);
        assertEquals(List.of("acked 3 from 2", "lost 2 from 0"), told);
        assertFalse(datagrams.wantsToSend());
        datagrams.onFrameAcked(SentFrame.STREAM, 1, 2, 3);
        datagrams.onFrameLost(SentFrame.STREAM, 1, 2, 3);
        assertEquals(2, told.size());
    }

    @Test
    void aFullQueueSaysNo() {
        datagrams.peerLimit(65_535);
        byte[] large = new byte[60_000];
        int queued = 0;
        while (datagrams.send(large, 0, large.length)) {
            queued++;
        }
        assertEquals(Datagrams.MAX_QUEUED_BYTES / DatagramChunk.frameBytes(large.length), queued);
        int room = Datagrams.MAX_QUEUED_BYTES - queued * DatagramChunk.frameBytes(large.length);
        assertTrue(datagrams.send(large, 0, room - DatagramFrame.overhead(room)));
        assertFalse(datagrams.send(large, 0, 0));
        packet(65_000);
        assertTrue(datagrams.send(large, 0, 0));
    }

    @Test
    void chunksAreReleasedOnceAllTheirDatagramsAreInPackets() {
        datagrams.peerLimit(65_535);
        datagrams.send(new byte[1], 0, 1);
        datagrams.send(chunk("first", 10, 20, 30));
        datagrams.send(chunk("second", 40));
        datagrams.send(chunk("empty"));
        assertEquals(List.of("wants", "wants", "wants", "released empty", "wants"), told);
        told.clear();
        assertEquals(List.of(1, 10, 20), lengths(packet(40)));
        assertEquals(List.of(), told);
        assertEquals(List.of(30, 40), lengths(packet(100)));
        assertEquals(List.of("released first", "released second"), told);
        assertFalse(datagrams.wantsToSend());
    }

    @Test
    void whatIsTooLongInAChunkIsDroppedAlone() {
        datagrams.peerLimit(100);
        datagrams.packetRoom(80);
        datagrams.send(chunk("chunk", 10, 90, 20, 200));
        told.clear();
        List<Frame> sent = packet(80);
        assertEquals(List.of(10, 20), lengths(sent));
        assertEquals(
                List.of("lost 1 from 1", "lost 1 from 3", "released chunk"),
                told.stream().sorted().toList());
        assertEquals(2, datagrams.droppedDatagrams());
        log.acked(0, frames);
        assertEquals(List.of("acked 1 from 0", "acked 1 from 2"), told.subList(3, 5));
    }

    @Test
    void aPeerThatTakesNoDatagramsGetsNoneOfAChunk() {
        datagrams.send(chunk("chunk", 1, 2));
        log.packets.addFrame(SentFrame.PING, 0, 0, 0);
        datagrams.writeFrames(new ByteWriter(100), log.packets);
        assertEquals(1, log.packets.framesOfOpenPacket());
        assertFalse(datagrams.wantsToSend());
        assertTrue(told.contains("released chunk"), told::toString);
    }

    @Test
    void whatThePeerDoesNotTakeIsRefusedByName() {
        String unsupported = refusal(0);
        assertTrue(unsupported.contains("max_datagram_frame_size"), unsupported);
        datagrams.peerLimit(0);
        refusal(0);
        datagrams.peerLimit(100);
        assertTrue(datagrams.send(new byte[98 - 1], 0, 97));
        String tooLarge = refusal(98);
        assertTrue(tooLarge.contains("98") && tooLarge.contains("97") && tooLarge.contains("100"), tooLarge);
        datagrams.packetRoom(50);
        refusal(49);
        assertTrue(datagrams.send(new byte[48], 0, 48));
        assertThrows(IndexOutOfBoundsException.class, () -> datagrams.send(new byte[3], 2, 2));
    }

    @Test
    void theLargestPayloadAccountsForItsLengthField() {
        datagrams.peerLimit(VarInt.MAX);
        for (int room = 0; room < 20_000; room++) {
            int largest = datagrams.largestPayload(room);
            if (room < 2) {
                assertEquals(-1, largest);
            } else {
                assertTrue(DatagramFrame.overhead(largest) + largest <= room);
                assertTrue(DatagramFrame.overhead(largest + 1) + largest + 1 > room);
            }
        }
        datagrams.peerLimit(1);
        assertEquals(-1, datagrams.largestPayload(1000));
        datagrams.peerLimit(2);
        assertEquals(0, datagrams.largestPayload(1000));
    }

    @Test
    void aDatagramThatNoPacketHoldsIsDroppedAndBlocksNothing() {
        datagrams.peerLimit(65_535);
        datagrams.send(new byte[500], 0, 500);
        datagrams.send(new byte[10], 0, 10);
        datagrams.packetRoom(100);
        told.clear();
        assertEquals(List.of(10), lengths(packet(100)));
        assertEquals(List.of("lost 1 from 0"), told);
        assertEquals(1, datagrams.droppedDatagrams());
    }

    @Test
    void aDatagramWaitsForAPacketThatHoldsNothingElse() {
        datagrams.peerLimit(65_535);
        datagrams.send(new byte[500], 0, 500);
        ByteWriter out = new ByteWriter(400);
        log.packets.addFrame(SentFrame.PING, 0, 0, 0);
        datagrams.writeFrames(out, log.packets);
        assertEquals(0, out.position);
        assertTrue(datagrams.wantsToSend());
        log.packets.rollback();
        assertEquals(List.of(500), lengths(packet(600)));
    }

    @Test
    void aShrunkenPathDropsWhatWaits() {
        datagrams.peerLimit(65_535);
        datagrams.send(new byte[500], 0, 500);
        datagrams.packetRoom(450);
        log.packets.addFrame(SentFrame.PING, 0, 0, 0);
        datagrams.writeFrames(new ByteWriter(400), log.packets);
        assertFalse(datagrams.wantsToSend());
        assertEquals(List.of("wants", "lost 1 from 0"), told);
    }

    @Test
    void aFrameAboveOurLimitIsAProtocolViolation() {
        datagrams.onDatagram(new byte[2000], 1000, 999);
        datagrams.onDatagram(new byte[0], 0, 0);
        assertEquals(List.of("received 999", "received 0"), told);
        violation(datagrams, 1000);
        violation(new Datagrams(0, ConnectionMemory.unlimited(), null), 0);
    }

    @Test
    void theEndOfTheConnectionForgetsWhatWaits() {
        datagrams.peerLimit(65_535);
        datagrams.send(new byte[5], 0, 5);
        packet(100);
        datagrams.send(new byte[5], 0, 5);
        told.clear();
        datagrams.onConnectionClosed();
        assertFalse(datagrams.wantsToSend());
        assertFalse(datagrams.send(new byte[5], 0, 5));
        log.acked(0, frames);
        log.lost(0, frames);
        datagrams.onDatagram(new byte[1], 0, 1);
        assertEquals(List.of(), told);
    }

    @Test
    void theEndOfTheConnectionReleasesChunksAndWhatComesLater() {
        datagrams.peerLimit(65_535);
        datagrams.send(chunk("early", 5));
        told.clear();
        datagrams.onConnectionClosed();
        datagrams.send(chunk("late", 5));
        assertEquals(List.of("released early", "released late"), told);
        assertFalse(datagrams.wantsToSend());
    }

    @Test
    void bytesComeOutAsTheyWentIn() {
        Seeds.each(20, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            DatagramQueue queue = new DatagramQueue(ConnectionMemory.unlimited());
            ArrayDeque<byte[]> model = new ArrayDeque<>();
            ByteWriter out = new ByteWriter(70_000);
            int bytes = 0;
            for (int step = 0; step < 2000; step++) {
                if (random.nextInt(5) < 3) {
                    byte[] data = new byte[random.nextInt(random.nextInt(4) == 0 ? 60_000 : 300)];
                    random.nextBytes(data);
                    if (random.nextBoolean()) {
                        queue.add(data, 0, data.length);
                    } else {
                        ByteWriter gathered = new ByteWriter(DatagramChunk.frameBytes(data.length));
                        DatagramChunk.append(ByteBuffer.wrap(data), gathered);
                        queue.add(new DatagramChunk(gathered.array, 0, gathered.position, null));
                    }
                    model.add(data);
                    bytes += DatagramChunk.frameBytes(data.length);
                } else if (!model.isEmpty()) {
                    int room = random.nextInt(out.array.length);
                    out.reset(0, room);
                    int first = queue.firstFrameBytes();
                    assertEquals(DatagramChunk.frameBytes(model.peek().length), first);
                    int moved = queue.move(out, random.nextInt(70_000));
                    assertTrue(out.position <= room);
                    for (Frame frame : decoded(out)) {
                        assertEquals(Bytes.of(model.poll()), ((DatagramFrame) frame).data());
                        moved--;
                    }
                    assertEquals(0, moved);
                    bytes -= out.position;
                }
                assertEquals(bytes, queue.bytes());
                assertEquals(model.isEmpty(), queue.isEmpty());
            }
        });
    }

    private static List<Frame> decoded(ByteWriter out) {
        RecordingSink sink = new RecordingSink();
        if (out.position > 0) {
            new FrameReader().read(out.array, 0, out.position, EncryptionLevel.APPLICATION, sink);
        }
        return sink.frames();
    }

    private DatagramChunk chunk(String name, int... lengths) {
        ByteWriter gathered = new ByteWriter(1000);
        for (int length : lengths) {
            DatagramChunk.append(ByteBuffer.allocate(length), gathered);
        }
        return new DatagramChunk(gathered.array, 0, gathered.position, () -> told.add("released " + name));
    }

    private static void violation(Datagrams receiver, int length) {
        TransportException failure =
                assertThrows(TransportException.class, () -> receiver.onDatagram(new byte[length], 0, length));
        assertEquals(TransportErrorCode.PROTOCOL_VIOLATION, failure.code());
        assertEquals(FrameType.DATAGRAM, failure.frameType());
    }

    private String refusal(int length) {
        return assertThrows(IllegalArgumentException.class, () -> datagrams.send(new byte[length], 0, length))
                .getMessage();
    }

    /** The frames of one packet, noted as sent. */
    private List<Frame> packet(int room) {
        ByteWriter out = new ByteWriter(room);
        datagrams.writeFrames(out, log.packets);
        log.send();
        return decoded(out);
    }

    private static List<Integer> lengths(List<Frame> frames) {
        return frames.stream()
                .map(frame -> ((DatagramFrame) frame).data().length())
                .toList();
    }
}
