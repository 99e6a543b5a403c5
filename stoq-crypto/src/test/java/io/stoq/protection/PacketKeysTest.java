package io.stoq.protection;

import static io.stoq.protection.Rfc9001Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.crypto.PacketKeys;
import io.stoq.crypto.PacketProtection;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.foreign.MemorySegment;
import java.security.Provider;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Protections.class)
class PacketKeysTest {

    private static final int SAMPLE_BYTES = PacketKeys.SAMPLE_BYTES;
    private static final int MASK_BYTES = 5;

    private final PacketProtection protection;

    PacketKeysTest(Protections implementation) {
        this.protection = implementation.create();
    }

    @ParameterizedTest
    @EnumSource(AeadSuite.class)
    void aBatchOfMasksEqualsTheSingleMasks(AeadSuite suite) {
        PacketKeys keys = keys(suite);
        for (int count : new int[] {0, 1, 2, 3, 45, 64}) {
            byte[] samples = new byte[count * SAMPLE_BYTES];
            new Random(count).nextBytes(samples);
            byte[] masks = new byte[count * SAMPLE_BYTES];
            keys.headerMasks(samples, count, masks);
            for (int i = 0; i < count; i++) {
                byte[] sample = Arrays.copyOfRange(samples, i * SAMPLE_BYTES, (i + 1) * SAMPLE_BYTES);
                byte[] mask = new byte[SAMPLE_BYTES];
                keys.headerMasks(sample, 1, mask);
                assertArrayEquals(
                        Arrays.copyOf(mask, MASK_BYTES),
                        Arrays.copyOfRange(masks, i * SAMPLE_BYTES, i * SAMPLE_BYTES + MASK_BYTES));
            }
        }
    }

    @Test
    void theSameSampleGivesTheSameMaskAgain() {
        PacketKeys keys = protection.keys(0x1303, Rfc9001Vectors.CHACHA_SECRET);
        byte[] sample = hex("5e5cd55c41f69080575d7999c25a5bfb");
        for (int i = 0; i < 3; i++) {
            byte[] mask = new byte[SAMPLE_BYTES];
            keys.headerMasks(sample, 1, mask);
            assertArrayEquals(hex("aefefe7d03"), Arrays.copyOf(mask, MASK_BYTES));
        }
    }

    @Test
    void theChaChaBlockIsThatOfRfc8439() {
        // RFC 8439 §2.3.2: key 00..1f, counter 1, nonce 000000090000004a00000000
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        byte[] mask = new byte[SAMPLE_BYTES];
        new ChaChaHeaderKey(key).masks(hex("01000000000000090000004a00000000"), 1, mask);
        assertArrayEquals(hex("10f1e7e4d13b5915"), Arrays.copyOf(mask, 8));
    }

    @Test
    void masksNeedRoomForEachSample() {
        PacketKeys keys = keys(AeadSuite.AES_128_GCM);
        byte[] small = new byte[2 * SAMPLE_BYTES - 1];
        byte[] large = new byte[2 * SAMPLE_BYTES];
        assertThrows(IndexOutOfBoundsException.class, () -> keys.headerMasks(small, 2, large));
        assertThrows(IndexOutOfBoundsException.class, () -> keys.headerMasks(large, 2, small));
    }

    @ParameterizedTest
    @EnumSource(AeadSuite.class)
    void bothSidesReachTheSameKeysPhaseByPhase(AeadSuite suite) {
        PacketKeys sender = keys(suite);
        PacketKeys receiver = keys(suite);
        byte[] firstMask = mask(sender);
        byte[] lastPacket = new byte[0];
        for (int phase = 0; phase < 5; phase++) {
            byte[] packet = seal(sender, 70);
            assertFalse(Arrays.equals(lastPacket, packet));
            assertEquals(30, open(receiver, 70, packet));
            assertArrayEquals(firstMask, mask(sender), "the header protection key stays");
            PacketKeys oldSender = sender;
            PacketKeys oldReceiver = receiver;
            sender = sender.next();
            receiver = receiver.next();
            oldSender.destroy();
            oldReceiver.destroy();
            lastPacket = packet;
        }
    }

    @Test
    void nextKeysComeFromTheSecretOfAppendixA5() {
        byte[] updated =
                seal(protection.keys(0x1303, Rfc9001Vectors.CHACHA_SECRET).next(), 1);
        assertArrayEquals(seal(protection.keys(0x1303, Rfc9001Vectors.CHACHA_NEXT_SECRET), 1), updated);
    }

    @Test
    void oldKeysWorkBesideNewOnes() {
        PacketKeys old = keys(AeadSuite.AES_128_GCM);
        PacketKeys receiver = keys(AeadSuite.AES_128_GCM);
        byte[] late = seal(old, 1);
        PacketKeys next = old.next();
        byte[] fresh = seal(next, 2);
        PacketKeys nextReceiver = receiver.next();
        assertEquals(30, open(nextReceiver, 2, fresh));
        assertEquals(30, open(receiver, 1, late));
        assertEquals(-1, open(nextReceiver, 1, late));
    }

    @Test
    void limitsAreThoseOfRfc9001() {
        for (AeadSuite gcm : new AeadSuite[] {AeadSuite.AES_128_GCM, AeadSuite.AES_256_GCM}) {
            assertEquals(1L << 23, keys(gcm).confidentialityLimitPackets());
            assertEquals(1L << 52, keys(gcm).integrityLimitPackets());
        }
        PacketKeys chaCha = keys(AeadSuite.CHACHA20_POLY1305);
        assertTrue(chaCha.confidentialityLimitPackets() >= 1L << 62);
        assertEquals(1L << 36, chaCha.integrityLimitPackets());
    }

    @ParameterizedTest
    @EnumSource(AeadSuite.class)
    void destroyedKeysAreOfNoUse(AeadSuite suite) {
        PacketKeys keys = keys(suite);
        byte[] packet = seal(keys, 1);
        keys.destroy();
        keys.destroy();
        assertThrows(IllegalStateException.class, () -> seal(keys, 2));
        assertThrows(IllegalStateException.class, () -> open(keys, 1, packet));
        assertThrows(IllegalStateException.class, () -> mask(keys));
        assertThrows(IllegalStateException.class, keys::next);
    }

    @Test
    void theCallersSecretIsNeitherKeptNorWiped() {
        byte[] secret = new byte[32];
        secret[0] = 1;
        PacketKeys keys = protection.keys(0x1301, secret);
        byte[] before = seal(keys, 1);
        byte[] copy = secret.clone();
        keys.destroy();
        assertArrayEquals(copy, secret);
        PacketKeys again = protection.keys(0x1301, secret);
        Arrays.fill(secret, (byte) 0);
        assertArrayEquals(before, seal(again, 1));
        assertArrayEquals(seal(protection.keys(0x1301, copy).next(), 1), seal(again.next(), 1));
    }

    @Test
    void unknownSuitesAndSecretsOfTheWrongLengthAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> protection.keys(0x1304, new byte[32]));
        assertThrows(IllegalArgumentException.class, () -> protection.keys(0x1301, new byte[48]));
        assertThrows(IllegalArgumentException.class, () -> protection.keys(0x1302, new byte[32]));
        assertThrows(IllegalArgumentException.class, () -> protection.keys(0x1303, new byte[0]));
    }

    @Test
    void initialKeysExistForAnEmptyConnectionIdAndDifferByDirection() {
        byte[] client = seal(protection.initialKeys(new byte[0], true), 0);
        assertArrayEquals(client, seal(protection.initialKeys(new byte[0], true), 0));
        assertFalse(Arrays.equals(client, seal(protection.initialKeys(new byte[0], false), 0)));
        assertFalse(Arrays.equals(client, seal(protection.initialKeys(new byte[1], true), 0)));
    }

    @Test
    void theRetryTagDependsOnEachInput() {
        byte[] tag = protection.retryIntegrityTag(new byte[8], new byte[40]);
        assertFalse(Arrays.equals(tag, protection.retryIntegrityTag(new byte[9], new byte[40])));
        assertFalse(Arrays.equals(tag, protection.retryIntegrityTag(new byte[9], new byte[39])));
        assertFalse(Arrays.equals(tag, protection.retryIntegrityTag(new byte[8], new byte[41])));
        assertThrows(IllegalArgumentException.class, () -> protection.retryIntegrityTag(new byte[256], new byte[40]));
    }

    @Test
    void aProviderWithoutAesGcmIsRefusedByName() {
        Provider empty = new Provider("Empty", "1", "has nothing") {
            private static final long serialVersionUID = 1;
        };
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> JcaPacketProtection.of(empty));
        assertTrue(e.getMessage().contains("Empty"));
    }

    @Test
    void keyMaterialIsWipedAndNeverWrittenOut() throws Exception {
        byte[] bytes = {1, 2, 3};
        KeyMaterial material = new KeyMaterial("AES", bytes);
        try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            assertThrows(NotSerializableException.class, () -> out.writeObject(material));
        }
        material.destroy();
        assertArrayEquals(new byte[3], bytes);
        assertTrue(material.isDestroyed());
        assertThrows(IllegalStateException.class, material::getEncoded);
    }

    private PacketKeys keys(AeadSuite suite) {
        return protection.keys(suite.code, new byte[suite.secretBytes]);
    }

    private static byte[] mask(PacketKeys keys) {
        byte[] mask = new byte[SAMPLE_BYTES];
        keys.headerMasks(new byte[SAMPLE_BYTES], 1, mask);
        return Arrays.copyOf(mask, MASK_BYTES);
    }

    private static byte[] seal(PacketKeys keys, long packetNumber) {
        byte[] packet = new byte[4 + 30 + PacketKeys.TAG_BYTES];
        keys.seal(packetNumber, MemorySegment.ofArray(new byte[30]), 0, 30, MemorySegment.ofArray(packet), 0, 4);
        return packet;
    }

    private static int open(PacketKeys keys, long packetNumber, byte[] packet) {
        MemorySegment plaintext = MemorySegment.ofArray(new byte[30]);
        return keys.open(packetNumber, MemorySegment.ofArray(packet), 0, 4, packet.length - 4, plaintext, 0);
    }
}
