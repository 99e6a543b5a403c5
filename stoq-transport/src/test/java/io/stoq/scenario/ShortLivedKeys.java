package io.stoq.scenario;

import io.stoq.crypto.PacketKeys;
import io.stoq.crypto.PacketProtection;
import java.lang.foreign.MemorySegment;

/** Real packet protection whose keys may seal only so many packets: what happens after 2^23 of them otherwise. */
record ShortLivedKeys(PacketProtection real, long limitPackets, long integrityLimitPackets)
        implements PacketProtection {

    ShortLivedKeys(PacketProtection real, long limitPackets) {
        this(real, limitPackets, 1L << 52);
    }

    @Override
    public PacketKeys initialKeys(byte[] destinationConnectionId, boolean client) {
        return new Keys(real.initialKeys(destinationConnectionId, client), limitPackets, integrityLimitPackets);
    }

    @Override
    public PacketKeys keys(int cipherSuite, byte[] trafficSecret) {
        return new Keys(real.keys(cipherSuite, trafficSecret), limitPackets, integrityLimitPackets);
    }

    @Override
    public byte[] retryIntegrityTag(byte[] originalDestinationConnectionId, byte[] retryPacket) {
        return real.retryIntegrityTag(originalDestinationConnectionId, retryPacket);
    }

    private record Keys(PacketKeys real, long confidentialityLimitPackets, long integrityLimitPackets)
            implements PacketKeys {

        @Override
        public void seal(
                long packetNumber,
                MemorySegment plaintext,
                long plaintextAt,
                int length,
                MemorySegment packet,
                long headerAt,
                int headerLength) {
            real.seal(packetNumber, plaintext, plaintextAt, length, packet, headerAt, headerLength);
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
            return real.open(packetNumber, packet, headerAt, headerLength, length, plaintext, plaintextAt);
        }

        @Override
        public void headerMasks(byte[] samples, int count, byte[] masks) {
            real.headerMasks(samples, count, masks);
        }

        @Override
        public PacketKeys next() {
            return new Keys(real.next(), confidentialityLimitPackets, integrityLimitPackets);
        }

        @Override
        public void destroy() {
            real.destroy();
        }
    }
}
