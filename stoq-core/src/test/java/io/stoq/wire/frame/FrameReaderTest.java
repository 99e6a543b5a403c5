package io.stoq.wire.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.buffer.ByteWriter;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.wire.Bytes;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.VarInt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {

    private static final Bytes DATA = Bytes.of("some data".getBytes(StandardCharsets.UTF_8));
    private static final Bytes NOTHING = Bytes.of();
    private static final Bytes TOKEN = Bytes.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});

    private final FrameReader reader = new FrameReader();
    private final RecordingSink sink = new RecordingSink();

    static List<Frame> frames() {
        return List.of(
                new PaddingFrame(1),
                new PaddingFrame(1000),
                new PingFrame(),
                new AckFrame(0, List.of(new AckFrame.Range(0, 0)), null),
                new AckFrame(99, List.of(new AckFrame.Range(0, VarInt.MAX)), null),
                new AckFrame(
                        VarInt.MAX,
                        List.of(
                                new AckFrame.Range(5_000_000, 5_000_000),
                                new AckFrame.Range(100, 4_999_998),
                                new AckFrame.Range(0, 1)),
                        new AckFrame.EcnCounts(1, 70, 1 << 20)),
                new ResetStreamFrame(4, VarInt.MAX, 100_000),
                new StopSendingFrame(VarInt.MAX, 64),
                new CryptoFrame(0, DATA),
                new CryptoFrame(VarInt.MAX - 9, DATA),
                new CryptoFrame(VarInt.MAX, NOTHING),
                new NewTokenFrame(DATA),
                new StreamFrame(0, 0, DATA, false),
                new StreamFrame(4, 0, NOTHING, true),
                new StreamFrame(1 << 20, 77, DATA, true),
                new StreamFrame(3, VarInt.MAX - 9, DATA, false),
                new MaxDataFrame(VarInt.MAX),
                new MaxStreamDataFrame(8, 1 << 14),
                new MaxStreamsFrame(true, 1L << 60),
                new MaxStreamsFrame(false, 0),
                new DataBlockedFrame(63),
                new StreamDataBlockedFrame(12, 64),
                new StreamsBlockedFrame(true, 1L << 60),
                new StreamsBlockedFrame(false, 16384),
                new NewConnectionIdFrame(5, 5, Bytes.of(new byte[20]), TOKEN),
                new NewConnectionIdFrame(1 << 30, 0, Bytes.of(new byte[] {9}), TOKEN),
                new RetireConnectionIdFrame(7),
                new PathChallengeFrame(Long.MIN_VALUE + 5),
                new PathResponseFrame(-1),
                new ConnectionCloseFrame(false, TransportErrorCode.FLOW_CONTROL_ERROR, FrameType.STREAM, DATA),
                new ConnectionCloseFrame(true, VarInt.MAX, 0, NOTHING),
                new HandshakeDoneFrame(),
                new DatagramFrame(DATA),
                new DatagramFrame(NOTHING));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void everyFrameComesBackAsItWas(Frame frame) {
        byte[] packet = encode(frame);
        assertEquals(frame.encodedSize(), packet.length);
        assertEquals(frame.type(), packet[0]);
        int seen = read(packet);
        assertEquals(List.of(frame), sink.frames());
        assertEquals(FrameType.isAckEliciting(frame.type()), (seen & FrameReader.ACK_ELICITING) != 0);
        assertEquals(FrameType.isProbing(frame.type()), (seen & FrameReader.PROBING_ONLY) != 0);
    }

    @Test
    void everyKindOfFrameIsAmongTheExamples() {
        Set<Class<?>> kinds = new HashSet<>();
        frames().forEach(frame -> kinds.add(frame.getClass()));
        assertEquals(Set.of(Frame.class.getPermittedSubclasses()), kinds);
    }

    @Test
    void framesOfOnePacketComeInTheirOrder() {
        List<Frame> frames = new ArrayList<>(frames());
        frames.removeFirst(); // two runs of padding would come as one
        int seen = read(encode(frames.toArray(Frame[]::new)));
        assertEquals(frames, sink.frames());
        assertEquals(FrameReader.ACK_ELICITING, seen);
    }

    @ParameterizedTest
    @MethodSource("frames")
    void everyCutOffFrameIsAFrameEncodingError(Frame frame) {
        if (frame instanceof PaddingFrame) {
            return;
        }
        byte[] whole = encode(frame);
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            TransportException e = assertThrows(TransportException.class, () -> read(cut));
            assertEquals(TransportErrorCode.FRAME_ENCODING_ERROR, e.code());
            assertEquals(frame.type(), e.frameType());
        }
        assertEquals(List.of(), sink.frames());
    }

    @Test
    void nothingBeyondTheLimitIsRead() {
        byte[] memory = HexFormat.of().parseHex("ffff" + "0801aabb" + "ccdd");
        reader.read(memory, 2, 6, EncryptionLevel.APPLICATION, sink);
        assertEquals(List.of(new StreamFrame(1, 0, Bytes.of((byte) 0xaa, (byte) 0xbb), false)), sink.frames());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0904" + "616263", "0d0405" + "616263", "3061" + "6263"})
    void framesWithoutALengthReachToTheEnd(String hex) {
        read(HexFormat.of().parseHex(hex));
        Bytes abc = Bytes.of("abc".getBytes(StandardCharsets.UTF_8));
        Frame expected = hex.startsWith("30")
                ? new DatagramFrame(abc)
                : new StreamFrame(4, hex.startsWith("0d") ? 5 : 0, abc, true);
        assertEquals(List.of(expected), sink.frames());
    }

    @Test
    void streamHeadersToTheEndHaveTheSizeTheyClaim() {
        ByteWriter out = new ByteWriter(32);
        for (long offset : new long[] {0, 63, 1 << 20}) {
            StreamFrame.writeHeaderToEnd(out.reset(0, 32), 64, offset, true);
            assertEquals(StreamFrame.overheadToEnd(64, offset), out.position);
            StreamFrame.writeHeader(out.reset(0, 32), 64, offset, 100, false);
            assertEquals(StreamFrame.overhead(64, offset, 100), out.position);
        }
    }

    @Test
    void whatAPacketAsksForIsReported() {
        Frame ack = new AckFrame(0, List.of(new AckFrame.Range(0, 0)), null);
        assertEquals(0, read(encode(ack)));
        assertEquals(0, read(encode(ack, new PaddingFrame(3))));
        assertEquals(FrameReader.PROBING_ONLY, read(encode(new PaddingFrame(3))));
        assertEquals(FrameReader.ACK_ELICITING, read(encode(ack, new PingFrame())));
        Frame challenge = new PathChallengeFrame(1);
        int probe = FrameReader.PROBING_ONLY | FrameReader.ACK_ELICITING;
        assertEquals(probe, read(encode(challenge, new PathResponseFrame(2), new PaddingFrame(1))));
        assertEquals(FrameReader.ACK_ELICITING, read(encode(challenge, new MaxDataFrame(3))));
        assertEquals(0, read(encode(new ConnectionCloseFrame(true, 0, 0, NOTHING))));
    }

    @Test // RFC 9000 §12.4
    void packetWithoutFramesIsAProtocolViolation() {
        TransportException e = assertThrows(TransportException.class, () -> read(new byte[0]));
        assertEquals(TransportErrorCode.PROTOCOL_VIOLATION, e.code());
    }

    @ParameterizedTest // RFC 9000 §12.4
    @ValueSource(
            strings = {"4001", "80000001", "c000000000000001", "4030" + "61", "403f", "800000ff", "c000000000001000"})
    void typeNotInItsShortestFormIsAProtocolViolation(String hex) {
        TransportException e =
                assertThrows(TransportException.class, () -> read(HexFormat.of().parseHex(hex)));
        assertEquals(TransportErrorCode.PROTOCOL_VIOLATION, e.code());
    }

    @ParameterizedTest // RFC 9000 §12.4
    @CsvSource({"1f, 31", "2f, 47", "32, 50", "3f, 63", "4040, 64", "80004000, 16384", "c000000040000000, 1073741824"})
    void unknownTypeIsAFrameEncodingError(String hex, long type) {
        for (int level = 0; level < EncryptionLevel.COUNT; level++) {
            int at = level;
            byte[] packet = HexFormat.of().parseHex(hex + "0000");
            TransportException e =
                    assertThrows(TransportException.class, () -> reader.read(packet, 0, packet.length, at, sink));
            assertEquals(TransportErrorCode.FRAME_ENCODING_ERROR, e.code());
            assertEquals(type, e.frameType());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "02, 0200000001, ACK of more than there is below its largest", // §19.3.1
        "02, 020a00010a0000, ACK with a gap below 0", // §19.3.1
        "02, 020a0001090000, ACK with a gap down to -1", // §19.3.1
        "02, 020a0001050301, ACK with a range below 0", // §19.3.1
        "03, 03000000000000, ACK without its last ECN count", // §19.3.2
        "06, 06fffffffffffffff7" + "09" + "000000000000000000, CRYPTO beyond 2^62 - 1", // §19.6
        "07, 0700, NEW_TOKEN without a token", // §19.7
        "0e, 0e00fffffffffffffff7" + "09" + "000000000000000000, STREAM beyond 2^62 - 1", // §19.8
        "0c, 0c00ffffffffffffffff00, STREAM to the end beyond 2^62 - 1", // §19.8
        "12, 12d000000000000001, MAX_STREAMS beyond 2^60", // §19.11
        "13, 13d000000000000001, MAX_STREAMS beyond 2^60", // §19.11
        "16, 16d000000000000001, STREAMS_BLOCKED beyond 2^60", // §19.14
        "17, 17d000000000000001, STREAMS_BLOCKED beyond 2^60", // §19.14
        "18, 18010200000000000000000000000000000000000000000000, NEW_CONNECTION_ID without an id", // §19.15
        "1c, 1c0000ffffffffffffffff, CONNECTION_CLOSE with a reason beyond the packet",
    })
    void malformedFramesAreFrameEncodingErrors(String type, String hex, String what) {
        byte[] packet = HexFormat.of().parseHex(hex);
        TransportException e = assertThrows(TransportException.class, () -> read(packet), what);
        assertEquals(TransportErrorCode.FRAME_ENCODING_ERROR, e.code(), what);
        assertEquals(Integer.parseInt(type, 16), e.frameType(), what);
        assertEquals(List.of(), sink.frames(), what);
    }

    @Test // RFC 9000 §19.15
    void newConnectionIdsAreHeldToTheirRules() {
        assertMalformed(new NewConnectionIdFrame(1, 0, NOTHING, TOKEN));
        assertMalformed(new NewConnectionIdFrame(1, 0, Bytes.of(new byte[21]), TOKEN));
        assertMalformed(new NewConnectionIdFrame(1, 2, Bytes.of(new byte[8]), TOKEN));
    }

    @Test // RFC 9000 §19.3.1
    void ackRangesMayReachDownToZero() {
        read(HexFormat.of().parseHex("020a0001050300"));
        assertEquals(
                List.of(new AckFrame(0, List.of(new AckFrame.Range(5, 10), new AckFrame.Range(0, 0)), null)),
                sink.frames());
    }

    @Test
    void furtherAckRangesAreCheckedButNotKept() {
        int count = AckBlock.MAX_RANGES + 50;
        List<AckFrame.Range> ranges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ranges.add(new AckFrame.Range(2L * (count - i), 2L * (count - i)));
        }
        byte[] packet = encode(new AckFrame(0, ranges, new AckFrame.EcnCounts(1, 2, 3)));
        read(packet);
        AckFrame ack = (AckFrame) sink.frames().getFirst();
        assertEquals(ranges.subList(0, AckBlock.MAX_RANGES), ack.ranges());
        assertEquals(new AckFrame.EcnCounts(1, 2, 3), ack.ecn());
        packet[packet.length - 4] = 4; // the last range now ends below 0
        assertThrows(TransportException.class, () -> read(packet));
    }

    @Test
    void ecnCountsDoNotStayForTheNextAck() {
        List<AckFrame.Range> ranges = List.of(new AckFrame.Range(3, 4));
        Frame marked = new AckFrame(0, ranges, new AckFrame.EcnCounts(1, 2, 3));
        Frame plain = new AckFrame(0, ranges, null);
        read(encode(marked, plain));
        assertEquals(List.of(marked, plain), sink.frames());
    }

    @Test
    void framesInFrontOfABadOneAreDelivered() {
        byte[] packet = HexFormat.of().parseHex("01" + "1004" + "1f");
        assertThrows(TransportException.class, () -> read(packet));
        assertEquals(List.of(new PingFrame(), new MaxDataFrame(4)), sink.frames());
    }

    @Test
    void sizesOfAckPartsAreThoseWritten() {
        ByteWriter out = new ByteWriter(100);
        AckFrame.writeHead(out, true, 70, 1 << 20, 300, 5);
        assertEquals(AckFrame.headSize(70, 1 << 20, 300, 5), out.position);
        AckFrame.writeRange(out.reset(0, 100), 64, 1 << 14);
        assertEquals(AckFrame.rangeSize(64, 1 << 14), out.position);
        AckFrame.writeEcn(out.reset(0, 100), 1, 64, 1L << 30);
        assertEquals(AckFrame.ecnSize(1, 64, 1L << 30), out.position);
    }

    @Test
    void arbitraryBytesThrowNothingButTransportExceptions() {
        Random random = new Random(2024);
        int accepted = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] packet = new byte[random.nextInt(48)];
            random.nextBytes(packet);
            if (packet.length > 0 && random.nextInt(8) > 0) {
                packet[0] = (byte) random.nextInt(0x32);
            }
            for (int j = 1; j < packet.length; j += 1 + random.nextInt(8)) {
                packet[j] &= 0x1f;
            }
            accepted += readOrRefuse(packet, random.nextInt(EncryptionLevel.COUNT));
        }
        assertTrue(accepted > 1000, "inputs that get past the first check are needed, too: " + accepted);
    }

    @Test
    void alteredPacketsThrowNothingButTransportExceptions() {
        Random random = new Random(2025);
        byte[] whole = encode(frames().toArray(Frame[]::new));
        for (int i = 0; i < 20_000; i++) {
            byte[] packet = whole.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt();
            }
            int from = random.nextInt(packet.length);
            readOrRefuse(Arrays.copyOfRange(packet, from, packet.length), EncryptionLevel.APPLICATION);
        }
    }

    private int readOrRefuse(byte[] packet, int level) {
        sink.clear();
        try {
            reader.read(packet, 0, packet.length, level, sink);
            return 1;
        } catch (TransportException e) {
            assertTrue(e.code() == TransportErrorCode.FRAME_ENCODING_ERROR
                    || e.code() == TransportErrorCode.PROTOCOL_VIOLATION);
            return 0;
        }
    }

    private void assertMalformed(Frame frame) {
        TransportException e = assertThrows(TransportException.class, () -> read(encode(frame)));
        assertEquals(TransportErrorCode.FRAME_ENCODING_ERROR, e.code());
        assertEquals(frame.type(), e.frameType());
    }

    private int read(byte[] packet) {
        sink.clear();
        byte[] before = packet.clone();
        try {
            return reader.read(packet, 0, packet.length, EncryptionLevel.APPLICATION, sink);
        } finally {
            assertArrayEquals(before, packet, "input is borrowed");
        }
    }

    private static byte[] encode(Frame... frames) {
        ByteWriter out = new ByteWriter(4096);
        for (Frame frame : frames) {
            frame.encode(out);
        }
        return Arrays.copyOf(out.array, out.position);
    }
}
