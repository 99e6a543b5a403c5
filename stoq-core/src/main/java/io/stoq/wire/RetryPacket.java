package io.stoq.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A Retry packet taken apart. RFC 9000 §17.2.5.
 *
 * @param token to be sent back in the next Initial packet, never empty
 * @param tag the integrity tag, 16 bytes
 * @param withoutTag all that the tag covers besides the original destination connection id. RFC 9001 §5.8
 */
public record RetryPacket(byte[] token, byte[] tag, byte[] withoutTag) {

    /** Length of the integrity tag, in bytes. */
    public static final int TAG_BYTES = 16;

    /** Copies a packet that {@link PacketHeader#parse} took for a Retry packet out of the datagram. */
    public static RetryPacket of(MemorySegment memory, PacketHeader header) {
        return new RetryPacket(
                copy(memory, header.tokenAt, header.tokenLength),
                copy(memory, header.tokenAt + header.tokenLength, TAG_BYTES),
                copy(memory, header.at, header.length - TAG_BYTES));
    }

    /**
     * A Retry packet up to its tag.
     *
     * @param dcid the client's source connection id
     * @param scid the connection id that the client is to send to from now on
     * @param unusedBits any value, best unpredictable; its low four bits are sent
     */
    public static byte[] withoutTag(int version, byte[] dcid, byte[] scid, byte[] token, int unusedBits) {
        byte[] packet = new byte[7 + dcid.length + scid.length + token.length];
        int first = PacketHeader.LONG_HEADER_BIT | PacketHeader.FIXED_BIT | PacketType.RETRY << 4 | unusedBits & 0x0f;
        long tokenAt = PacketHeader.writeInvariants(
                MemorySegment.ofArray(packet), 0, first, version, dcid, dcid.length, scid, scid.length);
        System.arraycopy(token, 0, packet, (int) tokenAt, token.length);
        return packet;
    }

    private static byte[] copy(MemorySegment memory, long at, int length) {
        return memory.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    }
}
