package io.stoq.crypto;

import java.lang.foreign.MemorySegment;

/**
 * Packet protection keys for one direction: AEAD key and IV, and the header protection key. Confined to one loop.
 *
 * <p>Source and destination are separate, each heap or native, so that the cipher is the only copy. RFC 9001 §5.
 *
 * <pre>
 *   packet memory:   ... | header (associated data) | ciphertext            | tag (16) | ...
 *                        ^ headerAt                 ^ headerAt+headerLength
 * </pre>
 */
public interface PacketKeys {

    /** Length of the authentication tag of every cipher suite of QUIC, in bytes. */
    int TAG_BYTES = 16;

    /** Length of the sample that header protection takes, in bytes. RFC 9001 §5.4.2. */
    int SAMPLE_BYTES = 16;

    /**
     * Seals one packet: reads {@code length} bytes of plaintext, writes ciphertext and tag right behind the header, which is
     * in place already and is the associated data.
     */
    void seal(
            long packetNumber,
            MemorySegment plaintext,
            long plaintextAt,
            int length,
            MemorySegment packet,
            long headerAt,
            int headerLength);

    /** Whether a packet's plaintext may come in pieces, by {@link #beginSeal} and what follows it. */
    default boolean sealsInPieces() {
        return false;
    }

    /**
     * Begins to seal one packet whose plaintext lies in several places. {@link #sealPiece} for each of them and
     * {@link #endSeal} must follow, and no other packet in between.
     */
    default void beginSeal(long packetNumber, MemorySegment packet, long headerAt, int headerLength) {
        throw new UnsupportedOperationException("these keys seal packets whole");
    }

    /** Seals the next {@code length} bytes of plaintext, which is heap memory, to behind those before them. */
    default void sealPiece(MemorySegment plaintext, long plaintextAt, int length) {
        throw new UnsupportedOperationException("these keys seal packets whole");
    }

    /** Writes the tag behind the last piece. */
    default void endSeal() {
        throw new UnsupportedOperationException("these keys seal packets whole");
    }

    /**
     * Opens one packet whose header protection is off.
     *
     * @param length bytes of ciphertext and tag behind the header
     * @return bytes of plaintext written to {@code plaintext}, or -1 where the packet is not authentic
     */
    int open(
            long packetNumber,
            MemorySegment packet,
            long headerAt,
            int headerLength,
            int length,
            MemorySegment plaintext,
            long plaintextAt);

    /**
     * Computes header protection masks, a train's worth in one pass where the cipher allows it.
     *
     * @param samples {@code count} samples of 16 bytes each, one behind the other
     * @param masks receives {@code count} masks at a stride of 16 bytes, the first 5 bytes of each valid
     */
    void headerMasks(byte[] samples, int count, byte[] masks);

    /** The keys of the next key phase; the header protection key stays. RFC 9001 §6. */
    PacketKeys next();

    /** How many packets may be sealed with these keys. RFC 9001 §6.6. */
    long confidentialityLimitPackets();

    /** How many packets may fail to open, over all keys of a connection. RFC 9001 §6.6. */
    long integrityLimitPackets();

    /** Wipes what can be wiped; the object must not be used again. Keys that {@link #next()} derived live on. */
    void destroy();
}
