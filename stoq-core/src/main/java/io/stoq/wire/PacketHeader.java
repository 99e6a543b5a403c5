package io.stoq.wire;

import java.lang.foreign.MemorySegment;

/**
 * The header of one packet, read from protected bytes without allocation. Confined to one loop, reused for every
 * packet.
 *
 * <pre>
 *   long    | 1lttxxxx | version 4 | n | dcid | n | scid | Initial: n token | Length | packet number, payload, tag |
 *   short   | 01sxxkpp | dcid | packet number, payload, tag |
 *           ^ at                                           ^ at + packetNumberAt                          at + length ^
 * </pre>
 *
 * RFC 9000 §17, RFC 8999 §5.
 */
public final class PacketHeader {

    /** Longest connection id of version 1. RFC 9000 §17.2. */
    public static final int MAX_CONNECTION_ID_BYTES = 20;

    /** Longest connection id that any version can have: a Version Negotiation packet echoes it. RFC 8999 §5.1. */
    public static final int MAX_INVARIANT_CONNECTION_ID_BYTES = 255;

    /** Set in the first byte of every long header. */
    public static final int LONG_HEADER_BIT = 0x80;

    /** Set in the first byte of every packet of version 1 but Version Negotiation. RFC 9000 §17.2, §17.3.1. */
    public static final int FIXED_BIT = 0x40;

    /** Zero once header protection is off, else PROTOCOL_VIOLATION. RFC 9000 §17.2. */
    public static final int LONG_RESERVED_BITS = 0x0c;

    /** Zero once header protection is off, else PROTOCOL_VIOLATION. RFC 9000 §17.3.1. */
    public static final int SHORT_RESERVED_BITS = 0x18;

    public static final int SPIN_BIT = 0x20;
    public static final int KEY_PHASE_BIT = 0x04;

    static final int PACKET_NUMBER_LENGTH_BITS = 0x03;

    private static final int TAG_BYTES = 16;
    private static final int SAMPLE_BYTES = 16;
    private static final int MAX_TWO_BYTE_LENGTH = (1 << 14) - 1;

    /** One of {@link PacketType}. */
    public int type;

    public int version;

    /** Destination connection id in the first {@link #dcidLength} bytes. */
    public final byte[] dcid = new byte[MAX_INVARIANT_CONNECTION_ID_BYTES];

    public int dcidLength;

    /** Source connection id in the first {@link #scidLength} bytes. */
    public final byte[] scid = new byte[MAX_INVARIANT_CONNECTION_ID_BYTES];

    public int scidLength;

    /** Where the token of an Initial or Retry packet lies in the memory, or the versions of Version Negotiation. */
    public long tokenAt;

    /** Length in bytes of what is at {@link #tokenAt}. */
    public int tokenLength;

    /** Where the packet starts in the memory. */
    public long at;

    /** Offset in bytes from {@link #at} to the packet number; 0 where there is none. */
    public int packetNumberAt;

    /** Whole packet, in bytes; without a Length field it reaches to the end of the datagram. */
    public int length;

    /**
     * Parses the next packet of a datagram.
     *
     * @param at where the packet starts
     * @param limit end of the datagram, exclusive
     * @param shortDcidLength how long the connection ids are that this endpoint issues, in bytes
     * @return false where the bytes are no packet of version 1, nor one whose invariants can be read: the rest of the
     *     datagram is dropped. Of an unknown version only the invariants are set, {@link #length} reaches to the end
     */
    public boolean parse(MemorySegment memory, long at, long limit, int shortDcidLength) {
        if (at >= limit) {
            return false;
        }
        this.at = at;
        length = (int) (limit - at);
        tokenAt = 0;
        tokenLength = 0;
        packetNumberAt = 0;
        int first = memory.get(Layouts.BYTE, at);
        return (first & LONG_HEADER_BIT) == 0
                ? parseShort(memory, first, shortDcidLength)
                : parseLong(memory, first, limit);
    }

    /** Whether a packet that has a number is long enough to be sampled; else it is discarded. RFC 9001 §5.4.2. */
    public boolean hasSample() {
        return length >= packetNumberAt + HeaderProtection.SAMPLE_OFFSET + SAMPLE_BYTES;
    }

    private boolean parseShort(MemorySegment memory, int first, int shortDcidLength) {
        if ((first & FIXED_BIT) == 0 || length < 1 + shortDcidLength) {
            return false;
        }
        type = PacketType.SHORT;
        version = QuicVersion.V1;
        scidLength = 0;
        dcidLength = shortDcidLength;
        MemorySegment.copy(memory, Layouts.BYTE, at + 1, dcid, 0, shortDcidLength);
        packetNumberAt = 1 + shortDcidLength;
        return true;
    }

    private boolean parseLong(MemorySegment memory, int first, long limit) {
        long cursor = at + 5;
        if (cursor >= limit) {
            return false;
        }
        version = memory.get(Layouts.INT, at + 1);
        dcidLength = memory.get(Layouts.BYTE, cursor++) & 0xff;
        if (cursor + dcidLength >= limit) {
            return false;
        }
        MemorySegment.copy(memory, Layouts.BYTE, cursor, dcid, 0, dcidLength);
        cursor += dcidLength;
        scidLength = memory.get(Layouts.BYTE, cursor++) & 0xff;
        if (cursor + scidLength > limit) {
            return false;
        }
        MemorySegment.copy(memory, Layouts.BYTE, cursor, scid, 0, scidLength);
        cursor += scidLength;
        return switch (version) {
            case QuicVersion.V1 -> parseVersion1(memory, first, cursor, limit);
            case QuicVersion.NEGOTIATION -> takeRest(PacketType.VERSION_NEGOTIATION, cursor, limit);
            default -> takeRest(PacketType.UNKNOWN_VERSION, cursor, limit);
        };
    }

    private boolean parseVersion1(MemorySegment memory, int first, long cursor, long limit) {
        // RFC 9000 §17.2: longer connection ids than 20 bytes, or the fixed bit at 0, are not valid in version 1.
        if ((first & FIXED_BIT) == 0 || dcidLength > MAX_CONNECTION_ID_BYTES || scidLength > MAX_CONNECTION_ID_BYTES) {
            return false;
        }
        type = first >>> 4 & 3;
        if (type == PacketType.RETRY) {
            // RFC 9000 §17.2.5.2: a client discards a Retry whose token is empty.
            return limit - cursor > TAG_BYTES && takeRest(PacketType.RETRY, cursor, limit - TAG_BYTES);
        }
        if (type == PacketType.INITIAL) {
            long tokenBytes = readVarInt(memory, cursor, limit);
            if (tokenBytes < 0) {
                return false;
            }
            cursor += VarInt.lengthAt(memory, cursor);
            if (tokenBytes > limit - cursor) {
                return false;
            }
            tokenAt = cursor;
            tokenLength = (int) tokenBytes;
            cursor += tokenBytes;
        }
        long rest = readVarInt(memory, cursor, limit);
        if (rest < 0) {
            return false;
        }
        cursor += VarInt.lengthAt(memory, cursor);
        if (rest > limit - cursor) {
            return false;
        }
        packetNumberAt = (int) (cursor - at);
        length = packetNumberAt + (int) rest;
        return true;
    }

    private boolean takeRest(int type, long from, long to) {
        this.type = type;
        tokenAt = from;
        tokenLength = (int) (to - from);
        return true;
    }

    /** The integer at {@code at}, or -1 where it reaches beyond {@code limit}. */
    private static long readVarInt(MemorySegment memory, long at, long limit) {
        if (at >= limit || VarInt.lengthAt(memory, at) > limit - at) {
            return -1;
        }
        return VarInt.read(memory, at);
    }

    /**
     * Size in bytes of a long header including its packet number.
     *
     * @param tokenLength of an Initial packet; ignored for other types
     * @param maxPacketBytes the largest size that the packet, tag included, can get: decides whether its Length field
     *     takes two bytes (up to 16,383) or four; the same value goes to {@link #writeLong} and {@link #writeLength}
     */
    public static int longHeaderSize(
            int type, int dcidLength, int scidLength, int tokenLength, int packetNumberLength, int maxPacketBytes) {
        int token = type == PacketType.INITIAL ? VarInt.size(tokenLength) + tokenLength : 0;
        return 7 + dcidLength + scidLength + token + lengthFieldBytes(maxPacketBytes) + packetNumberLength;
    }

    /**
     * Writes a long header; its Length field stays open until {@link #writeLength}.
     *
     * @param type {@link PacketType#INITIAL}, {@link PacketType#ZERO_RTT} or {@link PacketType#HANDSHAKE}
     * @param token of an Initial packet, may be empty or null; ignored for other types
     * @param packetNumber whose low {@code packetNumberLength} bytes are written
     * @param maxPacketBytes as for {@link #longHeaderSize}
     * @return length of the header including the packet number, in bytes
     */
    public static int writeLong(
            MemorySegment memory,
            long at,
            int type,
            int version,
            byte[] dcid,
            byte[] scid,
            byte[] token,
            long packetNumber,
            int packetNumberLength,
            int maxPacketBytes) {
        int first = LONG_HEADER_BIT | FIXED_BIT | type << 4 | packetNumberLength - 1;
        long cursor = writeInvariants(memory, at, first, version, dcid, dcid.length, scid, scid.length);
        if (type == PacketType.INITIAL) {
            int tokenLength = token == null ? 0 : token.length;
            cursor = writeVarInt(memory, cursor, tokenLength);
            if (tokenLength > 0) {
                cursor = writeBytes(memory, cursor, token, tokenLength);
            }
        }
        cursor += lengthFieldBytes(maxPacketBytes);
        writePacketNumber(memory, cursor, packetNumber, packetNumberLength);
        return (int) (cursor - at) + packetNumberLength;
    }

    /**
     * Fills in the Length field of a long header: packet number, payload and tag.
     *
     * @param at where the packet starts
     * @param headerLength what {@link #writeLong} returned
     * @param payloadLength plaintext in bytes, without the tag
     * @param maxPacketBytes what {@link #writeLong} was given
     */
    public static void writeLength(
            MemorySegment memory,
            long at,
            int headerLength,
            int packetNumberLength,
            int payloadLength,
            int maxPacketBytes) {
        int length = packetNumberLength + payloadLength + TAG_BYTES;
        if (length > maxPacketBytes) {
            throw new IllegalArgumentException("Length " + length + " is beyond the packet's " + maxPacketBytes);
        }
        int fieldBytes = lengthFieldBytes(maxPacketBytes);
        long fieldAt = at + headerLength - packetNumberLength - fieldBytes;
        if (fieldBytes == 2) {
            memory.set(Layouts.SHORT, fieldAt, (short) (length | 0x4000));
        } else {
            memory.set(Layouts.INT, fieldAt, length | 0x80000000);
        }
    }

    /**
     * Writes a short header. RFC 9000 §17.3.1.
     *
     * @param packetNumber whose low {@code packetNumberLength} bytes are written
     * @return length of the header including the packet number, in bytes
     */
    public static int writeShort(
            MemorySegment memory,
            long at,
            byte[] dcid,
            boolean spin,
            boolean keyPhase,
            long packetNumber,
            int packetNumberLength) {
        int first = FIXED_BIT | (spin ? SPIN_BIT : 0) | (keyPhase ? KEY_PHASE_BIT : 0) | packetNumberLength - 1;
        memory.set(Layouts.BYTE, at, (byte) first);
        long cursor = writeBytes(memory, at + 1, dcid, dcid.length);
        writePacketNumber(memory, cursor, packetNumber, packetNumberLength);
        return 1 + dcid.length + packetNumberLength;
    }

    /** Writes what is common to all versions' long headers; returns where the next field goes. RFC 8999 §5.1. */
    static long writeInvariants(
            MemorySegment memory,
            long at,
            int first,
            int version,
            byte[] dcid,
            int dcidLength,
            byte[] scid,
            int scidLength) {
        memory.set(Layouts.BYTE, at, (byte) first);
        memory.set(Layouts.INT, at + 1, version);
        memory.set(Layouts.BYTE, at + 5, (byte) dcidLength);
        long cursor = writeBytes(memory, at + 6, dcid, dcidLength);
        memory.set(Layouts.BYTE, cursor, (byte) scidLength);
        return writeBytes(memory, cursor + 1, scid, scidLength);
    }

    private static int lengthFieldBytes(int maxPacketBytes) {
        return maxPacketBytes <= MAX_TWO_BYTE_LENGTH ? 2 : 4;
    }

    private static long writeBytes(MemorySegment memory, long at, byte[] source, int length) {
        MemorySegment.copy(source, 0, memory, Layouts.BYTE, at, length);
        return at + length;
    }

    private static long writeVarInt(MemorySegment memory, long at, int value) {
        int size = VarInt.size(value);
        switch (size) {
            case 1 -> memory.set(Layouts.BYTE, at, (byte) value);
            case 2 -> memory.set(Layouts.SHORT, at, (short) (value | 0x4000));
            default -> memory.set(Layouts.INT, at, value | 0x80000000);
        }
        return at + size;
    }

    private static void writePacketNumber(MemorySegment memory, long at, long packetNumber, int length) {
        for (int i = 0; i < length; i++) {
            memory.set(Layouts.BYTE, at + i, (byte) (packetNumber >>> (length - 1 - i << 3)));
        }
    }
}
