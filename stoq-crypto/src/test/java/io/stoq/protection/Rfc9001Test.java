package io.stoq.protection;

import static io.stoq.protection.Rfc9001Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.stoq.crypto.PacketKeys;
import io.stoq.crypto.PacketProtection;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 9001, appendix A. */
@ParameterizedClass
@EnumSource(Protections.class)
class Rfc9001Test {

    private final PacketProtection protection;

    Rfc9001Test(Protections implementation) {
        this.protection = implementation.create();
    }

    @Test
    void initialSecretsAreThoseOfAppendixA1() {
        byte[] client = InitialSecrets.of(Rfc9001Vectors.CONNECTION_ID, true);
        byte[] server = InitialSecrets.of(Rfc9001Vectors.CONNECTION_ID, false);
        assertArrayEquals(hex("c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea"), client);
        assertArrayEquals(hex("3c199828fd139efd216c155ad844cc81fb82fa8d7446fa7d78be803acdda951b"), server);
    }

    @Test
    void initialKeysAreThoseOfAppendixA1() {
        byte[] client = InitialSecrets.of(Rfc9001Vectors.CONNECTION_ID, true);
        byte[] server = InitialSecrets.of(Rfc9001Vectors.CONNECTION_ID, false);
        Hkdf hkdf = new Hkdf("HKDF-SHA256");
        assertArrayEquals(hex("1f369613dd76d5467730efcbe3b1a22d"), hkdf.expandLabel(client, "quic key", 16));
        assertArrayEquals(hex("fa044b2f42a3fd3b46fb255c"), hkdf.expandLabel(client, "quic iv", 12));
        assertArrayEquals(hex("9f50449e04a0e810283a1e9933adedd2"), hkdf.expandLabel(client, "quic hp", 16));
        assertArrayEquals(hex("cf3a5331653c364c88f0f379b6067e37"), hkdf.expandLabel(server, "quic key", 16));
        assertArrayEquals(hex("0ac1493ca1905853b0bba03e"), hkdf.expandLabel(server, "quic iv", 12));
        assertArrayEquals(hex("c206b8d9b9f0f37644430b490eeaa314"), hkdf.expandLabel(server, "quic hp", 16));
    }

    @Test
    void clientInitialIsThatOfAppendixA2() {
        byte[] payload = Arrays.copyOf(Rfc9001Vectors.CLIENT_CRYPTO_FRAME, Rfc9001Vectors.CLIENT_PAYLOAD_BYTES);
        PacketKeys keys = protection.initialKeys(Rfc9001Vectors.CONNECTION_ID, true);
        byte[] packet = protect(keys, 2, Rfc9001Vectors.CLIENT_HEADER, payload);
        assertArrayEquals(Rfc9001Vectors.CLIENT_PACKET, packet);
        assertArrayEquals(payload, unprotect(keys, 2, packet, Rfc9001Vectors.CLIENT_HEADER));
    }

    @Test
    void serverInitialIsThatOfAppendixA3() {
        PacketKeys keys = protection.initialKeys(Rfc9001Vectors.CONNECTION_ID, false);
        byte[] packet = protect(keys, 1, Rfc9001Vectors.SERVER_HEADER, Rfc9001Vectors.SERVER_PAYLOAD);
        assertArrayEquals(Rfc9001Vectors.SERVER_PACKET, packet);
        assertArrayEquals(Rfc9001Vectors.SERVER_PAYLOAD, unprotect(keys, 1, packet, Rfc9001Vectors.SERVER_HEADER));
    }

    @Test
    void retryTagIsThatOfAppendixA4() {
        byte[] retry = Rfc9001Vectors.RETRY_PACKET;
        byte[] withoutTag = Arrays.copyOf(retry, retry.length - PacketKeys.TAG_BYTES);
        byte[] tag = protection.retryIntegrityTag(Rfc9001Vectors.CONNECTION_ID, withoutTag);
        assertArrayEquals(Arrays.copyOfRange(retry, withoutTag.length, retry.length), tag);
        assertArrayEquals(tag, protection.retryIntegrityTag(Rfc9001Vectors.CONNECTION_ID, withoutTag));
    }

    @Test
    void chaChaKeysAreThoseOfAppendixA5() {
        Hkdf hkdf = new Hkdf("HKDF-SHA256");
        byte[] secret = Rfc9001Vectors.CHACHA_SECRET;
        assertArrayEquals(
                hex("c6d98ff3441c3fe1b2182094f69caa2ed4b716b65488960a7a984979fb23e1c8"),
                hkdf.expandLabel(secret, "quic key", 32));
        assertArrayEquals(hex("e0459b3474bdd0e44a41c144"), hkdf.expandLabel(secret, "quic iv", 12));
        assertArrayEquals(
                hex("25a282b9e82f06f21f488917a4fc8f1b73573685608597d0efcb076b0ab7a7a4"),
                hkdf.expandLabel(secret, "quic hp", 32));
        assertArrayEquals(Rfc9001Vectors.CHACHA_NEXT_SECRET, hkdf.expandLabel(secret, "quic ku", 32));
    }

    @Test
    void chaChaShortHeaderPacketIsThatOfAppendixA5() {
        PacketKeys keys = protection.keys(0x1303, Rfc9001Vectors.CHACHA_SECRET);
        long packetNumber = Rfc9001Vectors.CHACHA_PACKET_NUMBER;
        byte[] packet = protect(keys, packetNumber, Rfc9001Vectors.CHACHA_HEADER, new byte[] {1});
        assertArrayEquals(Rfc9001Vectors.CHACHA_PACKET, packet);
        assertArrayEquals(new byte[] {1}, unprotect(keys, packetNumber, packet, Rfc9001Vectors.CHACHA_HEADER));
    }

    /** Seals, then masks the header: what the packet writer does, in small. RFC 9001 §5.4.1. */
    private static byte[] protect(PacketKeys keys, long packetNumber, byte[] header, byte[] payload) {
        byte[] packet = Arrays.copyOf(header, header.length + payload.length + PacketKeys.TAG_BYTES);
        MemorySegment memory = MemorySegment.ofArray(packet);
        keys.seal(packetNumber, MemorySegment.ofArray(payload), 0, payload.length, memory, 0, header.length);
        mask(keys, packet, header);
        return packet;
    }

    private static byte[] unprotect(PacketKeys keys, long packetNumber, byte[] packet, byte[] expectedHeader) {
        byte[] open = packet.clone();
        mask(keys, open, expectedHeader);
        assertArrayEquals(expectedHeader, Arrays.copyOf(open, expectedHeader.length));
        int sealedBytes = packet.length - expectedHeader.length;
        byte[] payload = new byte[sealedBytes - PacketKeys.TAG_BYTES];
        MemorySegment memory = MemorySegment.ofArray(open);
        int opened = keys.open(
                packetNumber, memory, 0, expectedHeader.length, sealedBytes, MemorySegment.ofArray(payload), 0);
        assertEquals(payload.length, opened);
        return payload;
    }

    private static void mask(PacketKeys keys, byte[] packet, byte[] header) {
        int packetNumberBytes = (header[0] & 3) + 1;
        int packetNumberAt = header.length - packetNumberBytes;
        byte[] sample = Arrays.copyOfRange(packet, packetNumberAt + 4, packetNumberAt + 4 + PacketKeys.SAMPLE_BYTES);
        byte[] mask = new byte[PacketKeys.SAMPLE_BYTES];
        keys.headerMasks(sample, 1, mask);
        packet[0] ^= (byte) (mask[0] & (header[0] < 0 ? 0x0f : 0x1f));
        for (int i = 0; i < packetNumberBytes; i++) {
            packet[packetNumberAt + i] ^= mask[1 + i];
        }
    }
}
