package io.stoq.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.crypto.EncryptionLevel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketHeaderTest {

    private static final byte[] DCID = hex("8394c8f03e515708");
    private static final byte[] SCID = hex("f067a5502a4262b5");
    private static final byte[] NONE = {};

    private final MemorySegment memory = MemorySegment.ofArray(new byte[70_000]);
    private final PacketHeader header = new PacketHeader();

    @Test // RFC 9001 Appendix A.2
    void clientInitialOfTheRfcIsWritten() {
        int length =
                PacketHeader.writeLong(memory, 5, PacketType.INITIAL, QuicVersion.V1, DCID, NONE, NONE, 2, 4, 1200);
        PacketHeader.writeLength(memory, 5, length, 4, 1162, 1200);
        assertEquals("c300000001088394c8f03e5157080000449e00000002", written(5, length));
        assertEquals(PacketHeader.longHeaderSize(PacketType.INITIAL, 8, 0, 0, 4, 1200), length);
    }

    @Test // RFC 9001 Appendix A.3
    void serverInitialOfTheRfcIsWritten() {
        int length =
                PacketHeader.writeLong(memory, 0, PacketType.INITIAL, QuicVersion.V1, NONE, SCID, null, 1, 2, 1200);
        PacketHeader.writeLength(memory, 0, length, 2, 99, 1200);
        assertEquals("c1000000010008f067a5502a4262b50040750001", written(0, length));
    }

    @Test // RFC 9001 Appendix A.5
    void shortHeaderOfTheRfcIsWritten() {
        assertEquals(4, PacketHeader.writeShort(memory, 3, NONE, false, false, 654360564, 3));
        assertEquals("4200bff4", written(3, 4));
    }

    @Test
    void shortHeaderCarriesSpinAndKeyPhase() {
        assertEquals(10, PacketHeader.writeShort(memory, 0, DCID, true, true, 0x1234, 1));
        assertEquals("648394c8f03e51570834", written(0, 10));
    }

    @Test // RFC 9001 Appendix A.2
    void clientInitialOfTheRfcIsParsed() {
        put(7, hex("c000000001088394c8f03e5157080000449e7b9aec34"));
        assertTrue(header.parse(memory, 7, 7 + 1200, 8));
        assertEquals(PacketType.INITIAL, header.type);
        assertEquals(QuicVersion.V1, header.version);
        assertIds(DCID, NONE);
        assertEquals(0, header.tokenLength);
        assertEquals(7, header.at);
        assertEquals(18, header.packetNumberAt);
        assertEquals(1200, header.length);
        assertTrue(header.hasSample());
    }

    @Test // RFC 9001 Appendix A.5
    void shortPacketOfTheRfcIsParsed() {
        byte[] packet = hex("4cfe4189655e5cd55c41f69080575d7999c25a5bfb");
        put(1, packet);
        assertTrue(header.parse(memory, 1, 1 + packet.length, 0));
        assertEquals(PacketType.SHORT, header.type);
        assertEquals(0, header.dcidLength);
        assertEquals(1, header.packetNumberAt);
        assertEquals(packet.length, header.length);
        assertTrue(header.hasSample());
        assertTrue(header.parse(memory, 1, packet.length, 0));
        assertFalse(header.hasSample(), "one byte less leaves no full sample");
    }

    @Test
    void shortHeaderTakesTheLengthOfOurConnectionIds() {
        PacketHeader.writeShort(memory, 0, DCID, false, false, 9, 2);
        assertTrue(header.parse(memory, 0, 40, 8));
        assertIds(DCID, NONE);
        assertEquals(9, header.packetNumberAt);
        assertFalse(header.parse(memory, 0, 8, 8), "connection id cut off");
        assertTrue(header.parse(memory, 0, 9, 8));
    }

    @ParameterizedTest
    @ValueSource(ints = {PacketType.INITIAL, PacketType.ZERO_RTT, PacketType.HANDSHAKE})
    void longHeadersAreParsedAsWrittenAndCutAtTheirLength(int type) {
        byte[] token = type == PacketType.INITIAL ? bytes(300) : NONE;
        for (int maxPacketBytes : new int[] {1200, 16383, 16384, 65527}) {
            int length = PacketHeader.writeLong(
                    memory, 11, type, QuicVersion.V1, DCID, SCID, token, 0x1234567, 3, maxPacketBytes);
            assertEquals(PacketHeader.longHeaderSize(type, 8, 8, token.length, 3, maxPacketBytes), length);
            int payload = maxPacketBytes - length - 16;
            PacketHeader.writeLength(memory, 11, length, 3, payload, maxPacketBytes);
            assertTrue(header.parse(memory, 11, 11 + maxPacketBytes + 200, 8));
            assertEquals(type, header.type);
            assertIds(DCID, SCID);
            assertEquals(maxPacketBytes, header.length);
            assertEquals(length - 3, header.packetNumberAt);
            assertEquals(0x234567, HeaderProtection.readPacketNumber(memory, 11 + header.packetNumberAt, 3));
            assertEquals(token.length, header.tokenLength);
            if (token.length > 0) {
                assertEquals(HexFormat.of().formatHex(token), written(header.tokenAt, header.tokenLength));
            }
        }
    }

    @Test
    void coalescedPacketsFollowOneAnother() {
        byte[] first = hex("e000000001010a00" + "14" + "00".repeat(20));
        put(0, first);
        put(first.length, hex("41" + "0a" + "00".repeat(24)));
        assertTrue(header.parse(memory, 0, first.length + 26, 1));
        assertEquals(PacketType.HANDSHAKE, header.type);
        assertEquals(first.length, header.length);
        assertTrue(header.parse(memory, header.at + header.length, first.length + 26, 1));
        assertEquals(PacketType.SHORT, header.type);
        assertEquals(26, header.length);
        assertFalse(header.parse(memory, header.at + header.length, first.length + 26, 1));
    }

    @Test
    void headersThatAreCutOffAreNoPackets() {
        int length = PacketHeader.writeLong(
                memory, 0, PacketType.INITIAL, QuicVersion.V1, DCID, SCID, bytes(100), 1, 4, 1200);
        PacketHeader.writeLength(memory, 0, length, 4, 50, 1200);
        for (int limit = 0; limit < length + 50 + 16; limit++) {
            assertFalse(header.parse(memory, 0, limit, 8), "limit " + limit);
        }
        assertTrue(header.parse(memory, 0, length + 50 + 16, 8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "800000000100000014", // RFC 9000 §17.2: fixed bit 0
                "00", // RFC 9000 §17.3.1: fixed bit 0
                "c0000000011500", // RFC 9000 §17.2: dcid of 21 bytes
                "c0000000010015", // RFC 9000 §17.2: scid of 21 bytes
                "c000000001000000ffffffffffffffff", // Length beyond the datagram
                "c0000000010000ffffffffffffffff14", // token beyond the datagram
            })
    void whatVersion1ForbidsIsNoPacket(String hex) {
        put(0, hex(hex));
        assertFalse(header.parse(memory, 0, 1200, 8));
    }

    @Test // RFC 8999 §5.1
    void unknownVersionsShowTheirInvariants() {
        byte[] dcid = bytes(255);
        byte[] scid = Arrays.copyOf(bytes(200), 200);
        put(
                0,
                hex("80" + "1a2a3a4a" + "ff" + HexFormat.of().formatHex(dcid) + "c8"
                        + HexFormat.of().formatHex(scid)));
        assertTrue(header.parse(memory, 0, 1200, 8));
        assertEquals(PacketType.UNKNOWN_VERSION, header.type);
        assertEquals(0x1a2a3a4a, header.version);
        assertIds(dcid, scid);
        assertEquals(1200, header.length);
        assertTrue(header.parse(memory, 0, 7 + 255 + 200, 8));
        assertFalse(header.parse(memory, 0, 7 + 255 + 199, 8));
    }

    @Test
    void versionNegotiationIsWrittenParsedAndSearched() {
        byte[] dcid = bytes(255);
        int length = VersionNegotiationPacket.write(
                memory, 9, dcid, 255, SCID, 8, new int[] {QuicVersion.V1, 0x1a2a3a4a}, 0xffffffd5);
        assertEquals(VersionNegotiationPacket.size(255, 8, 2), length);
        assertEquals("d500000000ff", written(9, 6));
        assertEquals("08f067a5502a4262b5000000011a2a3a4a", written(9 + 6 + 255, 17));
        assertTrue(header.parse(memory, 9, 9 + length, 8));
        assertEquals(PacketType.VERSION_NEGOTIATION, header.type);
        assertIds(dcid, SCID);
        assertEquals(8, header.tokenLength);
        assertEquals(length, header.length);
        assertTrue(VersionNegotiationPacket.lists(memory, 9, length, QuicVersion.V1));
        assertTrue(VersionNegotiationPacket.lists(memory, 9, length, 0x1a2a3a4a));
        assertFalse(VersionNegotiationPacket.lists(memory, 9, length - 1, 0x1a2a3a4a));
        assertFalse(VersionNegotiationPacket.lists(memory, 9, length, 2));
        for (int cut = 0; cut < length - 8; cut++) {
            assertFalse(VersionNegotiationPacket.lists(memory, 9, cut, QuicVersion.V1));
        }
    }

    @Test // RFC 9001 Appendix A.4
    void retryOfTheRfcIsWrittenAndTakenApart() {
        byte[] packet = hex("ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba");
        byte[] token = hex("746f6b656e");
        byte[] withoutTag = Arrays.copyOf(packet, packet.length - 16);
        assertArrayEquals(withoutTag, RetryPacket.withoutTag(QuicVersion.V1, NONE, SCID, token, 0xff));
        put(3, packet);
        assertTrue(header.parse(memory, 3, 3 + packet.length, 8));
        assertEquals(PacketType.RETRY, header.type);
        assertIds(NONE, SCID);
        assertEquals(packet.length, header.length);
        RetryPacket retry = RetryPacket.of(memory, header);
        assertArrayEquals(token, retry.token());
        assertArrayEquals(hex("04a265ba2eff4d829058fb3f0f2496ba"), retry.tag());
        assertArrayEquals(withoutTag, retry.withoutTag());
    }

    @Test // RFC 9000 §17.2.5.2
    void retryWithoutATokenIsNoPacket() {
        put(0, hex("ff000000010008f067a5502a4262b5"));
        assertFalse(header.parse(memory, 0, 15 + 16, 8));
        assertFalse(header.parse(memory, 0, 15 + 3, 8));
        assertTrue(header.parse(memory, 0, 15 + 17, 8));
    }

    @Test
    void lengthThatDoesNotFitThePacketIsRefused() {
        int length =
                PacketHeader.writeLong(memory, 0, PacketType.HANDSHAKE, QuicVersion.V1, DCID, SCID, null, 1, 4, 1200);
        assertThrows(
                IllegalArgumentException.class, () -> PacketHeader.writeLength(memory, 0, length, 4, 20_000, 1200));
    }

    @Test
    void nativeMemoryIsTreatedAlike() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment nativeMemory = arena.allocate(1200);
            int length = PacketHeader.writeLong(
                    nativeMemory, 1, PacketType.INITIAL, QuicVersion.V1, DCID, SCID, bytes(5), 7, 1, 1200);
            PacketHeader.writeLength(nativeMemory, 1, length, 1, 30, 1200);
            assertTrue(header.parse(nativeMemory, 1, 1200, 8));
            assertIds(DCID, SCID);
            assertEquals(length + 46, header.length);
        }
    }

    @Test
    void arbitraryBytesNeverFailAndNeverReachBeyondTheDatagram() {
        Random random = new Random(7);
        byte[] starts = hex("c0d0e0f0800040ff");
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(1, 60)];
            random.nextBytes(bytes);
            bytes[0] = starts[random.nextInt(starts.length)];
            if (bytes.length > 6 && random.nextInt(4) > 0) {
                System.arraycopy(hex("00000001"), 0, bytes, 1, 4);
                bytes[5] = (byte) random.nextInt(22);
            }
            MemorySegment datagram = MemorySegment.ofArray(bytes);
            if (header.parse(datagram, 0, bytes.length, 8)) {
                assertTrue(header.length > 0 && header.length <= bytes.length);
                assertTrue(header.packetNumberAt <= header.length);
                assertTrue(header.tokenAt + header.tokenLength <= bytes.length);
                if (header.type == PacketType.RETRY) {
                    assertEquals(
                            header.tokenLength, RetryPacket.of(datagram, header).token().length);
                }
            }
            VersionNegotiationPacket.lists(datagram, 0, bytes.length, QuicVersion.V1);
        }
    }

    @Test
    void packetTypesBelongToTheirSpaces() {
        assertEquals(EncryptionLevel.INITIAL, PacketType.levelOf(PacketType.INITIAL));
        assertEquals(EncryptionLevel.HANDSHAKE, PacketType.levelOf(PacketType.HANDSHAKE));
        assertEquals(EncryptionLevel.APPLICATION, PacketType.levelOf(PacketType.ZERO_RTT));
        assertEquals(EncryptionLevel.APPLICATION, PacketType.levelOf(PacketType.SHORT));
        assertEquals(-1, PacketType.levelOf(PacketType.RETRY));
        assertEquals(-1, PacketType.levelOf(PacketType.VERSION_NEGOTIATION));
        assertEquals(-1, PacketType.levelOf(PacketType.UNKNOWN_VERSION));
    }

    @Test // RFC 9000 §15
    void reservedVersionsAreRecognised() {
        assertTrue(QuicVersion.isReserved(0x1a2a3a4a));
        assertTrue(QuicVersion.isReserved(0xfafafafa));
        assertFalse(QuicVersion.isReserved(QuicVersion.V1));
        assertFalse(QuicVersion.isReserved(0x1a2a3a4b));
    }

    private void assertIds(byte[] dcid, byte[] scid) {
        assertArrayEquals(dcid, Arrays.copyOf(header.dcid, header.dcidLength));
        assertArrayEquals(scid, Arrays.copyOf(header.scid, header.scidLength));
    }

    private void put(int at, byte[] bytes) {
        memory.asSlice(at, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
    }

    private String written(long at, int length) {
        return HexFormat.of().formatHex(memory.asSlice(at, length).toArray(Layouts.BYTE));
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
