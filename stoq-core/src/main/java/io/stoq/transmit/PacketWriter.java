package io.stoq.transmit;

import io.stoq.buffer.ByteWriter;
import io.stoq.buffer.ReferredBytes;
import io.stoq.buffer.Transmit;
import io.stoq.crypto.PacketKeys;
import io.stoq.wire.HeaderProtection;
import io.stoq.wire.PacketHeader;
import io.stoq.wire.PacketType;
import io.stoq.wire.QuicVersion;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Builds sealed packets in the memory of a {@link Transmit}: header, payload, tag, header protection.
 *
 * <p>Confined to one loop and shared by all connections of it. Frames are gathered in a scratch that stays in the first
 * cache level; sealing moves them into the train, which is the only other time they are touched. The header protection
 * masks of a train of 1-RTT packets are computed in one pass by {@link #protectTrain()}.
 *
 * <pre>
 *   openLong / openShort  ->  write frames to payload()  ->  seal  (or abandon)      ... once per packet
 *   protectTrain                                                                     ... once per train of 1-RTT packets
 * </pre>
 */
public final class PacketWriter {

    /** Every packet number and payload together has at least four bytes, so that a sample can be taken. RFC 9001 §5.4.2. */
    private static final int MIN_SAMPLED_BYTES = 4;

    private final ByteWriter payload = ByteWriter.referring(1 << 16);
    private final MemorySegment payloadMemory = MemorySegment.ofArray(payload.array);
    private final byte[] samples = new byte[Transmit.MAX_SEGMENTS * PacketKeys.SAMPLE_BYTES];
    private final byte[] masks = new byte[Transmit.MAX_SEGMENTS * PacketKeys.SAMPLE_BYTES];
    private final long[] trainHeaderAt = new long[Transmit.MAX_SEGMENTS];
    private final int[] trainPacketNumberLength = new int[Transmit.MAX_SEGMENTS];
    private int trainPackets;

    private MemorySegment memory;
    private PacketKeys keys;
    private PacketKeys trainKeys;
    private int trainPacketNumberOffset;
    private boolean longHeader;
    private long headerAt;
    private int headerLength;
    private int packetNumberLength;
    private long packetNumber;
    private int maxPacketBytes;

    /** Forgets packets of a train that was given up. */
    public void reset() {
        trainPackets = 0;
    }

    /** Opens a long-header packet at {@code at}; returns false where not even a small payload fits. */
    public boolean openLong(
            MemorySegment memory,
            long at,
            int maxPacketBytes,
            int type,
            PacketKeys keys,
            byte[] dcid,
            byte[] scid,
            byte[] token,
            long packetNumber,
            int packetNumberLength) {
        int tokenLength = token == null ? 0 : token.length;
        int header = PacketHeader.longHeaderSize(
                type, dcid.length, scid.length, tokenLength, packetNumberLength, maxPacketBytes);
        if (maxPacketBytes < header + MIN_SAMPLED_BYTES + PacketKeys.TAG_BYTES) {
            return false;
        }
        PacketHeader.writeLong(
                memory, at, type, QuicVersion.V1, dcid, scid, token, packetNumber, packetNumberLength, maxPacketBytes);
        open(memory, at, maxPacketBytes, keys, true, header, packetNumber, packetNumberLength);
        return true;
    }

    /** Opens a 1-RTT packet at {@code at}. */
    public void openShort(
            MemorySegment memory,
            long at,
            int maxPacketBytes,
            PacketKeys keys,
            byte[] dcid,
            boolean keyPhase,
            long packetNumber,
            int packetNumberLength) {
        int header = PacketHeader.writeShort(memory, at, dcid, false, keyPhase, packetNumber, packetNumberLength);
        open(memory, at, maxPacketBytes, keys, false, header, packetNumber, packetNumberLength);
    }

    private void open(
            MemorySegment memory,
            long at,
            int maxPacketBytes,
            PacketKeys keys,
            boolean longHeader,
            int headerLength,
            long packetNumber,
            int packetNumberLength) {
        this.memory = memory;
        this.headerAt = at;
        this.maxPacketBytes = maxPacketBytes;
        this.keys = keys;
        this.longHeader = longHeader;
        this.headerLength = headerLength;
        this.packetNumber = packetNumber;
        this.packetNumberLength = packetNumberLength;
        payload.resetReferring(0, maxPacketBytes - headerLength - PacketKeys.TAG_BYTES, keys.sealsInPieces());
    }

    /** Where the frames of the open packet go. */
    public ByteWriter payload() {
        return payload;
    }

    /** Size of the packet if it were sealed now, in bytes. */
    public int packetBytes() {
        return headerLength + Math.max(payload.position, MIN_SAMPLED_BYTES - packetNumberLength) + PacketKeys.TAG_BYTES;
    }

    /** Adds PADDING frames until the packet will have {@code bytes} bytes, or all that fits. RFC 9000 §19.1. */
    public void padTo(int bytes) {
        int end = Math.min(bytes - headerLength - PacketKeys.TAG_BYTES, payload.limit);
        if (end > payload.position) {
            Arrays.fill(payload.array, payload.position, end, (byte) 0);
            payload.position = end;
        }
    }

    /** Seals the open packet and protects its header at once; returns its size in bytes. */
    public int seal() {
        int length = sealPayload();
        HeaderProtection.copySample(
                memory, headerAt + packetNumberOffset() + HeaderProtection.SAMPLE_OFFSET, samples, 0);
        keys.headerMasks(samples, 1, masks);
        HeaderProtection.apply(memory, headerAt, packetNumberOffset(), packetNumberLength, longHeader, masks, 0);
        return length;
    }

    /** Seals the open 1-RTT packet as part of a train; {@link #protectTrain()} must follow. Returns its size in bytes. */
    public int sealInTrain() {
        int length = sealPayload();
        HeaderProtection.copySample(
                memory,
                headerAt + packetNumberOffset() + HeaderProtection.SAMPLE_OFFSET,
                samples,
                trainPackets * PacketKeys.SAMPLE_BYTES);
        trainKeys = keys;
        trainPacketNumberOffset = packetNumberOffset();
        trainHeaderAt[trainPackets] = headerAt;
        trainPacketNumberLength[trainPackets++] = packetNumberLength;
        return length;
    }

    /** Protects the headers of all packets that {@link #sealInTrain()} sealed since the last call. */
    public void protectTrain() {
        if (trainPackets == 0) {
            return;
        }
        // The header protection key outlives key updates, so one pass does for a train across an update. RFC 9001 §6.
        trainKeys.headerMasks(samples, trainPackets, masks);
        for (int i = 0; i < trainPackets; i++) {
            HeaderProtection.apply(
                    memory,
                    trainHeaderAt[i],
                    trainPacketNumberOffset,
                    trainPacketNumberLength[i],
                    false,
                    masks,
                    i * PacketKeys.SAMPLE_BYTES);
        }
        trainPackets = 0;
    }

    private int sealPayload() {
        while (payload.position < MIN_SAMPLED_BYTES - packetNumberLength) {
            payload.putByte(0);
        }
        if (longHeader) {
            PacketHeader.writeLength(
                    memory, headerAt, headerLength, packetNumberLength, payload.position, maxPacketBytes);
        }
        if (payload.referred().pieces() == 0) {
            keys.seal(packetNumber, payloadMemory, 0, payload.position, memory, headerAt, headerLength);
        } else {
            sealPieces(payload.referred());
        }
        return headerLength + payload.position + PacketKeys.TAG_BYTES;
    }

    /** What would be copied otherwise is read where it lies. */
    private void sealPieces(ReferredBytes referred) {
        keys.beginSeal(packetNumber, memory, headerAt, headerLength);
        keys.sealPiece(payloadMemory, 0, payload.position - referred.bytes());
        for (int i = 0; i < referred.pieces(); i++) {
            keys.sealPiece(referred.memory(i), referred.start(i), referred.length(i));
        }
        keys.endSeal();
    }

    private int packetNumberOffset() {
        return headerLength - packetNumberLength;
    }

    /** The type of long-header packets that carry {@code level}. */
    public static int longTypeOf(int level) {
        return level == 0 ? PacketType.INITIAL : PacketType.HANDSHAKE;
    }
}
