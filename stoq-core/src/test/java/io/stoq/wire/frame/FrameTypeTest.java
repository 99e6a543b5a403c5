package io.stoq.wire.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.crypto.EncryptionLevel;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameTypeTest {

    /**
     * RFC 9000 §12.4 table 3 and RFC 9221 §4: types, name, packets (Initial, Handshake, 0-RTT, 1-RTT), N(on-eliciting)
     * P(robing).
     */
    private static final String TABLE = """
            00-00 PADDING              IH01 NP
            01-01 PING                 IH01 -
            02-03 ACK                  IH_1 N
            04-04 RESET_STREAM         __01 -
            05-05 STOP_SENDING         __01 -
            06-06 CRYPTO               IH_1 -
            07-07 NEW_TOKEN            ___1 -
            08-0f STREAM               __01 -
            10-10 MAX_DATA             __01 -
            11-11 MAX_STREAM_DATA      __01 -
            12-13 MAX_STREAMS          __01 -
            14-14 DATA_BLOCKED         __01 -
            15-15 STREAM_DATA_BLOCKED  __01 -
            16-17 STREAMS_BLOCKED      __01 -
            18-18 NEW_CONNECTION_ID    __01 P
            19-19 RETIRE_CONNECTION_ID __01 -
            1a-1a PATH_CHALLENGE       __01 P
            1b-1b PATH_RESPONSE        ___1 P
            1c-1c CONNECTION_CLOSE     IH01 N
            1d-1d CONNECTION_CLOSE     __01 N
            1e-1e HANDSHAKE_DONE       ___1 -
            30-31 DATAGRAM             __01 -
            """;

    private record Row(String name, String packets, String marks) {}

    private static final Map<Integer, Row> ROWS = rows();

    @Test
    void rulesAreThoseOfTheTable() {
        for (int type = 0; type < 0x50; type++) {
            Row row = ROWS.get(type);
            String message = "type 0x" + Integer.toHexString(type);
            assertEquals(row != null && row.packets.contains("I"), FrameType.isAllowed(type, EncryptionLevel.INITIAL));
            assertEquals(
                    row != null && row.packets.contains("H"), FrameType.isAllowed(type, EncryptionLevel.HANDSHAKE));
            assertEquals(row != null, FrameType.isAllowed(type, EncryptionLevel.APPLICATION), message);
            assertEquals(row == null || !row.marks.contains("N"), FrameType.isAckEliciting(type), message);
            assertEquals(row != null && row.marks.contains("P"), FrameType.isProbing(type), message);
            assertEquals(row == null ? "0x" + Integer.toHexString(type) : row.name, FrameType.nameOf(type));
        }
    }

    @Test
    void typesBeyondTheTableAreKnownToNobody() {
        for (long type : new long[] {-1, 1L << 32, (1L << 62) - 1, Long.MIN_VALUE, 64, 64 + FrameType.PING}) {
            assertFalse(FrameType.isAllowed(type, EncryptionLevel.APPLICATION));
            assertFalse(FrameType.isProbing(type));
            assertTrue(FrameType.isAckEliciting(type));
            assertEquals("0x" + Long.toHexString(type), FrameType.nameOf(type));
        }
    }

    @Test
    void readerHoldsEveryTypeAtEveryLevelToTheTable() {
        FrameReader reader = new FrameReader();
        for (int type = 0; type < 0x40; type++) {
            Row row = ROWS.get(type);
            for (int level = 0; level < EncryptionLevel.COUNT; level++) {
                byte[] packet = new byte[80];
                packet[0] = (byte) type;
                if (type == FrameType.NEW_TOKEN) {
                    packet[1] = 1;
                } else if (type == FrameType.NEW_CONNECTION_ID) {
                    packet[3] = 8;
                }
                int at = level;
                if (row != null && row.packets.charAt(new int[] {0, 1, 3}[level]) != '_') {
                    reader.read(packet, 0, packet.length, level, new RecordingSink());
                    continue;
                }
                TransportException e = assertThrows(
                        TransportException.class, () -> reader.read(packet, 0, packet.length, at, new RecordingSink()));
                assertEquals(
                        row == null ? TransportErrorCode.FRAME_ENCODING_ERROR : TransportErrorCode.PROTOCOL_VIOLATION,
                        e.code());
                assertEquals(type, e.frameType());
            }
        }
    }

    private static Map<Integer, Row> rows() {
        Map<Integer, Row> rows = new HashMap<>();
        for (String line : TABLE.lines().toList()) {
            String[] columns = line.split(" +");
            int first = Integer.parseInt(columns[0].substring(0, 2), 16);
            int last = Integer.parseInt(columns[0].substring(3), 16);
            for (int type = first; type <= last; type++) {
                rows.put(type, new Row(columns[1], columns[2], columns[3]));
            }
        }
        return rows;
    }
}
