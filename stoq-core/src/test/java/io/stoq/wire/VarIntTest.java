package io.stoq.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stoq.buffer.ByteWriter;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VarIntTest {

    @ParameterizedTest // RFC 9000 Appendix A.1
    @CsvSource({
        "c2197c5eff14e88c, 151288809941952652, 8",
        "9d7f3e7d, 494878333, 4",
        "7bbd, 15293, 2",
        "25, 37, 1",
        "4025, 37, 2"
    })
    void examplesOfTheRfcAreRead(String hex, long value, int length) {
        byte[] bytes = HexFormat.of().parseHex("00" + hex);
        assertEquals(length, VarInt.lengthAt(bytes, 1));
        assertEquals(value, VarInt.read(bytes, 1));
        assertEquals(length, VarInt.lengthAt(MemorySegment.ofArray(bytes), 1));
        assertEquals(value, VarInt.read(MemorySegment.ofArray(bytes), 1));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 00",
        "63, 1, 3f",
        "64, 2, 4040",
        "16383, 2, 7fff",
        "16384, 4, 80004000",
        "1073741823, 4, bfffffff",
        "1073741824, 8, c000000040000000",
        "4611686018427387903, 8, ffffffffffffffff"
    })
    void everyLengthIsUsedUpToItsLastValue(long value, int size, String hex) {
        assertEquals(size, VarInt.size(value));
        ByteWriter out = new ByteWriter(8);
        out.putVarInt(value);
        assertArrayEquals(HexFormat.of().parseHex(hex), Arrays.copyOf(out.array, out.position));
        assertEquals(value, VarInt.read(out.array, 0));
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> VarInt.size(-1));
        assertThrows(IllegalArgumentException.class, () -> VarInt.size(VarInt.MAX + 1));
    }

    @Test
    void readersNeverPassTheirLimit() {
        byte[] bytes = HexFormat.of().parseHex("c2197c5eff14e88c");
        for (int limit = 0; limit < 8; limit++) {
            ByteReader in = new ByteReader().reset(bytes, 0, limit);
            in.frameType = 7;
            TransportException e = assertThrows(TransportException.class, in::readVarInt);
            assertEquals(TransportErrorCode.FRAME_ENCODING_ERROR, e.code());
            assertEquals(7, e.frameType());
            assertEquals(0, in.position);
            assertThrows(TransportException.class, in::readLong);
        }
        ByteReader in = new ByteReader().reset(bytes, 0, 1);
        assertThrows(TransportException.class, in::readShort);
        assertThrows(TransportException.class, in::readInt);
        assertThrows(TransportException.class, () -> in.skip(2));
        assertThrows(TransportException.class, () -> in.readBytes(new byte[2], 0, 2));
        assertEquals(0xc2, in.readByte());
        assertThrows(TransportException.class, in::readByte);
    }

    @Test
    void readersTakeNumbersInNetworkOrder() {
        byte[] bytes = HexFormat.of().parseHex("ff8001ffffffff0102030405060708");
        ByteReader in = new ByteReader().reset(bytes, 0, bytes.length);
        assertEquals(0xff, in.readByte());
        assertEquals(0x8001, in.readShort());
        assertEquals(-1, in.readInt());
        assertEquals(0x0102030405060708L, in.readLong());
        assertEquals(0, in.remaining());
    }
}
