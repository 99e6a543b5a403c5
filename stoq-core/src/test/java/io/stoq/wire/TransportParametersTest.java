package io.stoq.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransportParametersTest {

    /** initial_source_connection_id, without which nothing is valid. */
    private static final String SOURCE = "0f020102";

    /** original_destination_connection_id, which a server must send. */
    private static final String ORIGINAL = "0002aabb";

    private static final String TOKEN = "000102030405060708090a0b0c0d0e0f";

    @Test
    void serversParametersComeBackAsTheyWere() {
        TransportParameters p = TransportParameters.decode(full().encode(), true);
        assertArrayEquals(bytes(8), p.originalDestinationConnectionId());
        assertEquals(30_000, p.maxIdleTimeoutMs());
        assertArrayEquals(bytes(16), p.statelessResetToken());
        assertEquals(1452, p.maxUdpPayloadSize());
        assertEquals(1, p.initialMaxData());
        assertEquals(2, p.initialMaxStreamDataBidiLocal());
        assertEquals(3, p.initialMaxStreamDataBidiRemote());
        assertEquals(VarInt.MAX, p.initialMaxStreamDataUni());
        assertEquals(5, p.initialMaxStreamsBidi());
        assertEquals(1L << 60, p.initialMaxStreamsUni());
        assertEquals(20, p.ackDelayExponent());
        assertEquals(16383, p.maxAckDelayMs());
        assertTrue(p.disableActiveMigration());
        assertArrayEquals(bytes(16), p.preferredAddress().ipv6Address());
        assertEquals(65535, p.preferredAddress().port());
        assertArrayEquals(bytes(20), p.preferredAddress().connectionId());
        assertArrayEquals(bytes(16), p.preferredAddress().resetToken());
        assertEquals(8, p.activeConnectionIdLimit());
        assertArrayEquals(bytes(4), p.initialSourceConnectionId());
        assertArrayEquals(bytes(20), p.retrySourceConnectionId());
        assertEquals(65535, p.maxDatagramFrameSize());
    }

    @Test // RFC 9000 §18.2, RFC 9221 §3
    void absentParametersHaveTheirDefaults() {
        TransportParameters p = decode(SOURCE, false);
        assertNull(p.originalDestinationConnectionId());
        assertEquals(0, p.maxIdleTimeoutMs());
        assertNull(p.statelessResetToken());
        assertEquals(65527, p.maxUdpPayloadSize());
        assertEquals(0, p.initialMaxData());
        assertEquals(0, p.initialMaxStreamDataBidiLocal());
        assertEquals(0, p.initialMaxStreamDataBidiRemote());
        assertEquals(0, p.initialMaxStreamDataUni());
        assertEquals(0, p.initialMaxStreamsBidi());
        assertEquals(0, p.initialMaxStreamsUni());
        assertEquals(3, p.ackDelayExponent());
        assertEquals(25, p.maxAckDelayMs());
        assertFalse(p.disableActiveMigration());
        assertNull(p.preferredAddress());
        assertEquals(2, p.activeConnectionIdLimit());
        assertNull(p.retrySourceConnectionId());
        assertEquals(0, p.maxDatagramFrameSize());
    }

    @Test
    void defaultsAreNotSent() {
        TransportParameters p = TransportParameters.builder()
                .initialSourceConnectionId(new byte[] {1, 2})
                .build();
        assertEquals(SOURCE, HexFormat.of().formatHex(p.encode()));
    }

    @Test
    void emptyConnectionIdsAreNotAbsent() {
        TransportParameters p = decode("0f00" + "0000" + "1000", true);
        assertEquals(0, p.initialSourceConnectionId().length);
        assertEquals(0, p.originalDestinationConnectionId().length);
        assertEquals(0, p.retrySourceConnectionId().length);
    }

    @Test // RFC 9000 §7.4.2, §18.1
    void unknownParametersAreIgnored() {
        TransportParameters p = TransportParameters.builder()
                .initialSourceConnectionId(new byte[0])
                .build();
        assertNotNull(TransportParameters.decode(p.encode(31 * 7 + 27, bytes(700)), false));
        assertNotNull(decode(SOURCE + "1100" + "1f0101" + "21020000" + "ffffffffffffffff0101", false));
    }

    @Test
    void onlyReservedIdsMayBeAdded() {
        TransportParameters p = full();
        assertThrows(IllegalArgumentException.class, () -> p.encode(28, new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> p.encode(-4, new byte[0]));
    }

    @ParameterizedTest // RFC 9000 §18.2, §4.6
    @CsvSource({
        "030244af, max_udp_payload_size of 1199",
        "0a0115, ack_delay_exponent of 21",
        "0b0480004000, max_ack_delay of 2^14",
        "0e0101, active_connection_id_limit of 1",
        "0e0100, active_connection_id_limit of 0",
        "0808d000000000000001, initial_max_streams_bidi beyond 2^60",
        "0908d000000000000001, initial_max_streams_uni beyond 2^60",
        "0c0100, disable_active_migration with a value",
        "010100010100, max_idle_timeout twice",
        "1f001f00, unknown parameter twice",
        "01020000, number shorter than its length",
        "010140, number longer than its length",
        "0100, number of no length",
        "0105c0000000, length beyond the end",
        "01, id without a length",
        "40, id cut off",
        "0f00, initial_source_connection_id twice",
    })
    void badValuesAreTransportParameterErrors(String hex, String what) {
        assertRefused(SOURCE + hex, false, what);
        assertRefused(ORIGINAL + SOURCE + hex, true, what);
    }

    @ParameterizedTest
    @ValueSource(strings = {"030244b0", "0a0114", "0b027fff", "0e0102", "0808d000000000000000", "0908d000000000000000"})
    void lastGoodValuesAreTaken(String hex) {
        assertNotNull(decode(SOURCE + hex, false));
    }

    @ParameterizedTest // RFC 9000 §18.2
    @ValueSource(
            strings = {
                "0001aa",
                "0000",
                "0210" + TOKEN,
                "0d2a" + "000000000000" + TOKEN + "1234" + "01" + "ff" + TOKEN,
                "1001aa",
                "1000"
            })
    void onlyServersMaySendSomeParameters(String hex) {
        assertRefused(SOURCE + hex, false, hex);
        assertNotNull(decode(SOURCE + hex + (hex.startsWith("00") ? "" : ORIGINAL), true));
    }

    @Test // RFC 9000 §7.3
    void missingConnectionIdsAreTransportParameterErrors() {
        assertRefused("", false, "nothing");
        assertRefused("010101", false, "no initial_source_connection_id");
        assertRefused(ORIGINAL, true, "no initial_source_connection_id");
        assertRefused(SOURCE, true, "no original_destination_connection_id");
    }

    @Test
    void connectionIdsAndTokensHaveTheirLengths() {
        assertRefused("0f15" + "00".repeat(21), false, "initial_source_connection_id of 21 bytes");
        assertRefused(SOURCE + "0015" + "00".repeat(21), true, "original_destination_connection_id of 21 bytes");
        assertRefused(SOURCE + ORIGINAL + "1015" + "00".repeat(21), true, "retry_source_connection_id of 21 bytes");
        assertRefused(SOURCE + ORIGINAL + "020f" + "00".repeat(15), true, "token of 15 bytes");
        assertRefused(SOURCE + ORIGINAL + "0211" + "00".repeat(17), true, "token of 17 bytes");
        assertNotNull(decode("0f14" + "00".repeat(20), false));
    }

    @Test // RFC 9000 §18.2
    void preferredAddressNeedsConnectionIds() {
        String addresses = "000000000000" + TOKEN + "1234";
        assertRefused(SOURCE + ORIGINAL + "0d29" + addresses + "00" + TOKEN, true, "empty id");
        assertRefused(SOURCE + ORIGINAL + "0d3e" + addresses + "15" + "00".repeat(21) + TOKEN, true, "21 bytes");
        assertRefused(SOURCE + ORIGINAL + "0d29" + addresses + "01" + TOKEN, true, "token too short");
        assertRefused(SOURCE + ORIGINAL + "0d2b" + addresses + "01ff" + TOKEN + "00", true, "too long");
        String good = "0d2a" + addresses + "01ff" + TOKEN;
        assertEquals(
                0x1234,
                decode(SOURCE + ORIGINAL + good, true).preferredAddress().port());
        assertRefused("0f00" + ORIGINAL + good, true, "server with an empty id");
    }

    @Test
    void numberOfParametersIsBounded() {
        StringBuilder hex = new StringBuilder(SOURCE);
        for (int i = 1; i < TransportParameterCodec.MAX_PARAMETERS; i++) {
            hex.append(String.format("%04x00", 0x5000 + i));
        }
        assertNotNull(decode(hex.toString(), false));
        assertRefused(hex + "500000", false, "one more");
    }

    @Test
    void badValuesAreNotSent() {
        assertUnsendable(b -> b.maxUdpPayloadSize(1199));
        assertUnsendable(b -> b.ackDelayExponent(21));
        assertUnsendable(b -> b.maxAckDelayMs(1 << 14));
        assertUnsendable(b -> b.activeConnectionIdLimit(1));
        assertUnsendable(b -> b.initialMaxStreamsBidi((1L << 60) + 1));
        assertUnsendable(b -> b.statelessResetToken(new byte[15]));
        assertUnsendable(b -> b.initialSourceConnectionId(new byte[21]));
        assertUnsendable(b -> b.maxIdleTimeoutMs(-1));
        assertUnsendable(b -> b.maxAckDelayMs(-1));
        assertThrows(IllegalArgumentException.class, () -> new PreferredAddress(bytes(4), 1, bytes(1), bytes(16)));
        assertThrows(IllegalArgumentException.class, () -> new PreferredAddress(bytes(16), 65536, bytes(1), bytes(16)));
        assertThrows(IllegalArgumentException.class, () -> new PreferredAddress(bytes(16), 1, bytes(0), bytes(16)));
        assertThrows(IllegalArgumentException.class, () -> new PreferredAddress(bytes(16), 1, bytes(1), bytes(15)));
    }

    @Test
    void everyCutIsATransportParameterErrorOrWholeParameters() {
        byte[] whole = full().encode();
        for (int length = 0; length < whole.length; length++) {
            decodeOrRefuse(Arrays.copyOf(whole, length), true);
        }
    }

    @Test
    void arbitraryBytesThrowNothingElse() {
        Random random = new Random(99);
        byte[] whole = full().encode();
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes;
            if (i % 2 == 0) {
                bytes = new byte[random.nextInt(40)];
                random.nextBytes(bytes);
                for (int j = 0; j < bytes.length; j += 1 + random.nextInt(4)) {
                    bytes[j] &= 0x21;
                }
            } else {
                bytes = whole.clone();
                for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            decodeOrRefuse(bytes, random.nextBoolean());
        }
    }

    private static void decodeOrRefuse(byte[] bytes, boolean fromServer) {
        try {
            TransportParameters.decode(bytes, fromServer);
        } catch (TransportException e) {
            assertEquals(TransportErrorCode.TRANSPORT_PARAMETER_ERROR, e.code());
        }
    }

    private static void assertRefused(String hex, boolean fromServer, String what) {
        TransportException e = assertThrows(TransportException.class, () -> decode(hex, fromServer), what);
        assertEquals(TransportErrorCode.TRANSPORT_PARAMETER_ERROR, e.code(), what);
    }

    private static void assertUnsendable(Consumer<TransportParameters.Builder> change) {
        TransportParameters.Builder builder = TransportParameters.builder().initialSourceConnectionId(new byte[0]);
        change.accept(builder);
        assertThrows(IllegalArgumentException.class, builder.build()::encode);
    }

    private static TransportParameters decode(String hex, boolean fromServer) {
        return TransportParameters.decode(HexFormat.of().parseHex(hex), fromServer);
    }

    private static TransportParameters full() {
        return TransportParameters.builder()
                .originalDestinationConnectionId(bytes(8))
                .maxIdleTimeoutMs(30_000)
                .statelessResetToken(bytes(16))
                .maxUdpPayloadSize(1452)
                .initialMaxData(1)
                .initialMaxStreamDataBidiLocal(2)
                .initialMaxStreamDataBidiRemote(3)
                .initialMaxStreamDataUni(VarInt.MAX)
                .initialMaxStreamsBidi(5)
                .initialMaxStreamsUni(1L << 60)
                .ackDelayExponent(20)
                .maxAckDelayMs(16383)
                .disableActiveMigration(true)
                .preferredAddress(new PreferredAddress(bytes(16), 65535, bytes(20), bytes(16)))
                .activeConnectionIdLimit(8)
                .initialSourceConnectionId(bytes(4))
                .retrySourceConnectionId(bytes(20))
                .maxDatagramFrameSize(65535)
                .build();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
