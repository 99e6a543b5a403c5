package io.stoq.wire;

import java.lang.foreign.MemorySegment;

/** A server's answer to a version it does not speak: the versions it does. RFC 9000 §17.2.1, RFC 8999 §6. */
public final class VersionNegotiationPacket {

    private VersionNegotiationPacket() {}

    /** Size in bytes of the packet. */
    public static int size(int dcidLength, int scidLength, int versions) {
        return 7 + dcidLength + scidLength + 4 * versions;
    }

    /**
     * Writes a packet; the connection ids are those of the client's packet, swapped, and may have up to 255 bytes.
     *
     * @param unusedBits any value, best unpredictable; its low six bits are sent
     * @return length in bytes
     */
    public static int write(
            MemorySegment memory,
            long at,
            byte[] dcid,
            int dcidLength,
            byte[] scid,
            int scidLength,
            int[] versions,
            int unusedBits) {
        // RFC 9000 §17.2.1: the bit where other packets have their fixed bit should be 1 too.
        int first = PacketHeader.LONG_HEADER_BIT | PacketHeader.FIXED_BIT | unusedBits & 0x3f;
        long cursor = PacketHeader.writeInvariants(
                memory, at, first, QuicVersion.NEGOTIATION, dcid, dcidLength, scid, scidLength);
        for (int version : versions) {
            memory.set(Layouts.INT, cursor, version);
            cursor += 4;
        }
        return (int) (cursor - at);
    }

    /**
     * Whether the packet at {@code at} lists a version. A packet whose list is cut off lists nothing from the cut on.
     *
     * @param length of the whole packet, in bytes
     */
    public static boolean lists(MemorySegment memory, long at, int length, int version) {
        long limit = at + length;
        long cursor = at + 5;
        for (int id = 0; id < 2; id++) {
            if (cursor >= limit) {
                return false;
            }
            cursor += 1 + (memory.get(Layouts.BYTE, cursor) & 0xff);
        }
        for (; limit - cursor >= 4; cursor += 4) {
            if (memory.get(Layouts.INT, cursor) == version) {
                return true;
            }
        }
        return false;
    }
}
