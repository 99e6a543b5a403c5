package io.stoq.bench.engine;

import io.stoq.crypto.PacketKeys;
import io.stoq.crypto.PacketProtection;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Packet protection that protects nothing: it moves the bytes as a cipher does, and allocates nothing. What a packet costs
 * with it, in time or in bytes, is the engine's own. Never for a network.
 */
public final class NoCipher implements PacketProtection {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    @Override
    public PacketKeys initialKeys(byte[] destinationConnectionId, boolean client) {
        return new Keys();
    }

    @Override
    public PacketKeys keys(int cipherSuite, byte[] trafficSecret) {
        return new Keys();
    }

    @Override
    public byte[] retryIntegrityTag(byte[] originalDestinationConnectionId, byte[] retryPacket) {
        return new byte[PacketKeys.TAG_BYTES];
    }

    /** The tag is the packet number and the length, so that a packet cut or numbered wrongly does not open. */
    private static final class Keys implements PacketKeys {

        private MemorySegment openPacket;
        private long openNumber;
        private long openBodyAt;
        private long openAt;

        @Override
        public void seal(
                long packetNumber,
                MemorySegment plaintext,
                long plaintextAt,
                int length,
                MemorySegment packet,
                long headerAt,
                int headerLength) {
            long bodyAt = headerAt + headerLength;
            MemorySegment.copy(plaintext, plaintextAt, packet, bodyAt, length);
            packet.set(LONG, bodyAt + length, packetNumber);
            packet.set(LONG, bodyAt + length + Long.BYTES, length);
        }

        @Override
        public boolean sealsInPieces() {
            return true;
        }

        @Override
        public void beginSeal(long packetNumber, MemorySegment packet, long headerAt, int headerLength) {
            openPacket = packet;
            openNumber = packetNumber;
            openBodyAt = headerAt + headerLength;
            openAt = openBodyAt;
        }

        @Override
        public void sealPiece(MemorySegment plaintext, long plaintextAt, int length) {
            MemorySegment.copy(plaintext, plaintextAt, openPacket, openAt, length);
            openAt += length;
        }

        @Override
        public void endSeal() {
            openPacket.set(LONG, openAt, openNumber);
            openPacket.set(LONG, openAt + Long.BYTES, openAt - openBodyAt);
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
            int plaintextLength = length - TAG_BYTES;
            long bodyAt = headerAt + headerLength;
            if (plaintextLength < 0
                    || packet.get(LONG, bodyAt + plaintextLength) != packetNumber
                    || packet.get(LONG, bodyAt + plaintextLength + Long.BYTES) != plaintextLength) {
                return -1;
            }
            MemorySegment.copy(packet, bodyAt, plaintext, plaintextAt, plaintextLength);
            return plaintextLength;
        }

        @Override
        public void headerMasks(byte[] samples, int count, byte[] masks) {
            System.arraycopy(samples, 0, masks, 0, count * SAMPLE_BYTES);
        }

        @Override
        public PacketKeys next() {
            return new Keys();
        }

        @Override
        public long confidentialityLimitPackets() {
            return Long.MAX_VALUE;
        }

        @Override
        public long integrityLimitPackets() {
            return Long.MAX_VALUE;
        }

        @Override
        public void destroy() {}
    }
}
