package io.stoq.scenario;

import io.stoq.crypto.CryptoProvider;
import io.stoq.crypto.PacketKeys;
import io.stoq.crypto.PacketProtection;
import io.stoq.crypto.TlsSession;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A peer that breaks the rules inside authentic packets: the payload of one packet is replaced by given frames before it is
 * sealed, padded to its length.
 */
final class Tampering implements CryptoProvider {

    private final CryptoProvider real;
    private byte[] frames;
    private int level = -1;
    boolean done;

    Tampering(CryptoProvider real) {
        this.real = real;
    }

    /** The next packet of this level that is long enough carries {@code bytes} instead; level 0 Initial, 1 Handshake, 2 1-RTT. */
    void replaceNext(int packetLevel, byte... bytes) {
        frames = bytes;
        level = packetLevel;
    }

    private MemorySegment tamper(int packetLevel, MemorySegment plaintext, long at, int length) {
        if (packetLevel != level || length < frames.length) {
            return plaintext;
        }
        level = -1;
        done = true;
        byte[] payload = Arrays.copyOf(frames, length);
        MemorySegment replaced = MemorySegment.ofArray(new byte[(int) at + length]);
        MemorySegment.copy(payload, 0, replaced, ValueLayout.JAVA_BYTE, at, length);
        return replaced;
    }

    @Override
    public PacketProtection protection() {
        PacketProtection protection = real.protection();
        return new PacketProtection() {

            private int made;

            @Override
            public PacketKeys initialKeys(byte[] destinationConnectionId, boolean client) {
                return new Keys(protection.initialKeys(destinationConnectionId, client), 0);
            }

            @Override
            public PacketKeys keys(int cipherSuite, byte[] trafficSecret) {
                // Two directions of Handshake keys come first, then two of 1-RTT keys.
                return new Keys(protection.keys(cipherSuite, trafficSecret), made++ < 2 ? 1 : 2);
            }

            @Override
            public byte[] retryIntegrityTag(byte[] originalDestinationConnectionId, byte[] retryPacket) {
                return protection.retryIntegrityTag(originalDestinationConnectionId, retryPacket);
            }
        };
    }

    private final class Keys implements PacketKeys {

        private final PacketKeys keys;
        private final int of;

        Keys(PacketKeys keys, int of) {
            this.keys = keys;
            this.of = of;
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
            MemorySegment source = tamper(of, plaintext, plaintextAt, length);
            keys.seal(packetNumber, source, plaintextAt, length, packet, headerAt, headerLength);
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
            return keys.open(packetNumber, packet, headerAt, headerLength, length, plaintext, plaintextAt);
        }

        @Override
        public void headerMasks(byte[] samples, int count, byte[] masks) {
            keys.headerMasks(samples, count, masks);
        }

        @Override
        public PacketKeys next() {
            return new Keys(keys.next(), of);
        }

        @Override
        public long confidentialityLimitPackets() {
            return keys.confidentialityLimitPackets();
        }

        @Override
        public long integrityLimitPackets() {
            return keys.integrityLimitPackets();
        }

        @Override
        public void destroy() {
            keys.destroy();
        }
    }

    @Override
    public boolean supportsServer() {
        return real.supportsServer();
    }

    @Override
    public boolean supportsClient() {
        return real.supportsClient();
    }

    @Override
    public TlsSession clientSession(String serverName, byte[] transportParameters) {
        return real.clientSession(serverName, transportParameters);
    }

    @Override
    public TlsSession serverSession(byte[] transportParameters) {
        return real.serverSession(transportParameters);
    }

    @Override
    public TokenSealer tokens() {
        return real.tokens();
    }

    @Override
    public ResetTokens resetTokens() {
        return real.resetTokens();
    }

    @Override
    public Entropy entropy() {
        return real.entropy();
    }
}
