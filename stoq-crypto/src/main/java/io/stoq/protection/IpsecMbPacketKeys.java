package io.stoq.protection;

import io.stoq.crypto.PacketKeys;
import io.stoq.protection.ipsecmb.GcmKey;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;

/**
 * Packet protection by AES-GCM of ipsec-mb: one call per packet or piece of it, from source to destination. Confined to a connection's
 * loop. RFC 9001 §5.3, §6.
 *
 * <p>Nothing is allocated where the packet is in native memory, and the plaintext as well or at the start of its segment.
 */
final class IpsecMbPacketKeys implements PacketKeys {

    private final TrafficSecret secret;
    private final CipherSource ciphers;
    private final HeaderKey headerKey;
    private final GcmKey key;
    private long lastSealed = -1;

    /** The packet that is being sealed in pieces, and where its next byte goes; null where there is none. */
    private MemorySegment openPacket;

    private long openAt;
    private boolean destroyed;

    /** Takes over {@code secret}, which is of a suite with AES-GCM. */
    IpsecMbPacketKeys(TrafficSecret secret, CipherSource ciphers) {
        this(secret, ciphers, secret.headerKey(ciphers));
    }

    private IpsecMbPacketKeys(TrafficSecret secret, CipherSource ciphers, HeaderKey headerKey) {
        this.secret = secret;
        this.ciphers = ciphers;
        this.headerKey = headerKey;
        this.key = expanded(secret);
    }

    private static GcmKey expanded(TrafficSecret secret) {
        byte[] key = secret.key();
        byte[] iv = secret.iv();
        try {
            return new GcmKey(key, iv);
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(iv, (byte) 0);
        }
    }

    @Override
    public void seal(
            long packetNumber,
            MemorySegment plaintext,
            long plaintextAt,
            int length,
            MemorySegment packet,
            long headerAt,
            int headerLength) {
        Objects.checkFromIndexSize(plaintextAt, length, plaintext.byteSize());
        Objects.checkFromIndexSize(headerAt, headerLength, packet.byteSize());
        Objects.checkFromIndexSize(headerAt + headerLength, (long) length + TAG_BYTES, packet.byteSize());
        requireWritable(packet);
        checkUsable();
        useNumber(packetNumber);
        long bodyAt = headerAt + headerLength;
        if (isOverwritten(plaintext, plaintextAt, packet, bodyAt, length)) {
            MemorySegment.copy(plaintext, plaintextAt, packet, bodyAt, length);
            key.seal(packetNumber, packet, bodyAt, length, packet, headerAt, headerLength);
        } else {
            key.seal(packetNumber, plaintext, plaintextAt, length, packet, headerAt, headerLength);
        }
    }

    @Override
    public boolean sealsInPieces() {
        return true;
    }

    @Override
    public void beginSeal(long packetNumber, MemorySegment packet, long headerAt, int headerLength) {
        Objects.checkFromIndexSize(headerAt, headerLength, packet.byteSize());
        requireWritable(packet);
        checkUsable();
        useNumber(packetNumber);
        openPacket = packet;
        openAt = headerAt + headerLength;
        key.beginSeal(packetNumber, packet, headerAt, headerLength);
    }

    @Override
    public void sealPiece(MemorySegment plaintext, long plaintextAt, int length) {
        Objects.checkFromIndexSize(plaintextAt, length, plaintext.byteSize());
        MemorySegment packet = requireOpenPacket();
        Objects.checkFromIndexSize(openAt, (long) length + TAG_BYTES, packet.byteSize());
        checkUsable();
        if (plaintext.isNative() || plaintext.heapBase().equals(packet.heapBase())) {
            throw new IllegalArgumentException("a piece has to be heap memory, and apart from the packet");
        }
        if (length > 0) {
            key.sealPiece(plaintext, plaintextAt, length, packet, openAt);
            openAt += length;
        }
    }

    @Override
    public void endSeal() {
        MemorySegment packet = requireOpenPacket();
        Objects.checkFromIndexSize(openAt, TAG_BYTES, packet.byteSize());
        checkUsable();
        openPacket = null;
        key.endSeal(packet, openAt);
    }

    private MemorySegment requireOpenPacket() {
        if (openPacket == null) {
            throw new IllegalStateException("no packet is being sealed in pieces");
        }
        return openPacket;
    }

    /** A nonce that is used twice gives the authentication key away. */
    private void useNumber(long packetNumber) {
        if (openPacket != null) {
            throw new IllegalStateException("another packet is being sealed in pieces");
        }
        if (packetNumber <= lastSealed) {
            throw new IllegalStateException("packet " + packetNumber + " could not be sealed: " + lastSealed
                    + " was before, and numbers must rise");
        }
        lastSealed = packetNumber;
    }

    @Override
    public int open(
            long packetNumber,
            MemorySegment packet,
            long headerAt,
            int headerLength,
            int length,
            MemorySegment plaintext,
            long plaintextAt) {
        if (length < TAG_BYTES || isOutside(packet, headerAt, headerLength, length)) {
            return -1;
        }
        int plaintextLength = length - TAG_BYTES;
        Objects.checkFromIndexSize(plaintextAt, plaintextLength, plaintext.byteSize());
        requireWritable(plaintext);
        checkUsable();
        boolean authentic;
        if (isOverwritten(packet, headerAt + headerLength, plaintext, plaintextAt, length)) {
            MemorySegment copy = MemorySegment.ofArray(
                    packet.asSlice(headerAt, (long) headerLength + length).toArray(ValueLayout.JAVA_BYTE));
            authentic = key.open(packetNumber, copy, 0, headerLength, plaintextLength, plaintext, plaintextAt);
        } else {
            authentic = key.open(packetNumber, packet, headerAt, headerLength, plaintextLength, plaintext, plaintextAt);
        }
        return authentic ? plaintextLength : -1;
    }

    @Override
    public void headerMasks(byte[] samples, int count, byte[] masks) {
        Objects.checkFromIndexSize(0, count * SAMPLE_BYTES, samples.length);
        Objects.checkFromIndexSize(0, count * SAMPLE_BYTES, masks.length);
        checkUsable();
        headerKey.masks(samples, count, masks);
    }

    @Override
    public PacketKeys next() {
        checkUsable();
        return new IpsecMbPacketKeys(secret.next(), ciphers, headerKey.retain());
    }

    @Override
    public long confidentialityLimitPackets() {
        return secret.suite().confidentialityLimitPackets;
    }

    @Override
    public long integrityLimitPackets() {
        return secret.suite().integrityLimitPackets;
    }

    @Override
    public void destroy() {
        if (destroyed) {
            return;
        }
        destroyed = true;
        secret.wipe();
        key.destroy();
        headerKey.release();
    }

    private void checkUsable() {
        if (destroyed) {
            throw new IllegalStateException("packet keys are destroyed");
        }
    }

    /** Native code would not care. */
    private static void requireWritable(MemorySegment memory) {
        if (memory.isReadOnly()) {
            throw new IllegalArgumentException("the memory to write to is read-only");
        }
    }

    /**
     * Whether a target begins within its source: the cipher, which goes from front to back, would overwrite what it has yet
     * to read. Nobody means that, so the remedy may cost.
     */
    private static boolean isOverwritten(
            MemorySegment source, long sourceAt, MemorySegment target, long targetAt, int length) {
        long distance = target.address() + targetAt - (source.address() + sourceAt);
        return distance > 0
                && distance < length
                && source.isNative() == target.isNative()
                && source.heapBase().equals(target.heapBase());
    }

    private static boolean isOutside(MemorySegment packet, long headerAt, int headerLength, int length) {
        return headerAt < 0 || headerLength < 0 || packet.byteSize() - headerAt < (long) headerLength + length;
    }
}
