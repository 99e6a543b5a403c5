package io.stoq.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of RFC 9001 Appendix A.2, A.3 and A.5 with the masks given there. */
class HeaderProtectionTest {

    private static final String EXAMPLES = """
        c300000001088394c8f03e5157080000449e00000002, 437b9aec36, c000000001088394c8f03e5157080000449e7b9aec34, 18, 2
        c1000000010008f067a5502a4262b50040750001, 2ec0d8356a, cf000000010008f067a5502a4262b5004075c0d9, 18, 1
        4200bff4, aefefe7d03, 4cfe4189, 1, 49140
        """;

    @ParameterizedTest
    @CsvSource(textBlock = EXAMPLES)
    void examplesOfTheRfcAreMasked(String header, String mask, String masked, int packetNumberAt) {
        byte[] packet = HexFormat.of().parseHex("aa" + header + "bb");
        int length = packet.length - 2 - packetNumberAt;
        byte[] masks = HexFormat.of().parseHex("0000" + mask);
        HeaderProtection.apply(
                MemorySegment.ofArray(packet), 1, packetNumberAt, length, header.charAt(0) == 'c', masks, 2);
        assertEquals("aa" + masked + "bb", HexFormat.of().formatHex(packet));
    }

    @ParameterizedTest
    @CsvSource(textBlock = EXAMPLES)
    void examplesOfTheRfcAreUnmasked(String header, String mask, String masked, int packetNumberAt, long packetNumber) {
        byte[] packet = HexFormat.of().parseHex("aa" + masked + "bb");
        MemorySegment memory = MemorySegment.ofArray(packet);
        int length = HeaderProtection.remove(
                memory, 1, packetNumberAt, HexFormat.of().parseHex("0000" + mask), 2);
        assertEquals(packet.length - 2 - packetNumberAt, length);
        assertArrayEquals(HexFormat.of().parseHex("aa" + header + "bb"), packet);
        assertEquals(packetNumber, HeaderProtection.readPacketNumber(memory, 1 + packetNumberAt, length));
    }
}
