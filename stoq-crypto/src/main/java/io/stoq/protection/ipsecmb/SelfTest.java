package io.stoq.protection.ipsecmb;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Decides whether bound functions do AES-GCM: known answers, then random packets that JCA has to agree on. One thread. */
final class SelfTest {

    /** All lengths up to here are tried, then some at random and the long ones. */
    private static final int SHORT_BYTES = 64;

    private static final int RANDOM_LENGTHS = 32;
    private static final int RANDOM_BYTES = 2048;
    private static final int[] LONG_BYTES = {4095, 8931, 16_384, 65_400, 1 << 16};

    private static final int MAX_TEXT_BYTES = 1 << 16;
    private static final int MAX_HEADER_BYTES = 64;

    /** What lies where nothing may be written. */
    private static final byte WATCH = 0x5a;

    private static final int WATCHED_BYTES = 256;

    private final GcmFunctions gcm;
    private final long seed = new SplittableRandom().nextLong();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final GcmSlot slot;
    private final byte[] plaintext = new byte[MAX_TEXT_BYTES];
    private final Memories heap;
    private final Memories outside;
    private int turn;

    /** Both ends of a call, in one kind of memory. */
    private record Memories(MemorySegment text, MemorySegment packet) {}

    private SelfTest(GcmFunctions gcm, Arena arena) {
        this.gcm = gcm;
        this.slot = new GcmSlot(arena.allocate(GcmSlot.BYTES, GcmSlot.ALIGNMENT_BYTES));
        slot.memory.fill(WATCH);
        int packetBytes = MAX_HEADER_BYTES + MAX_TEXT_BYTES + WATCHED_BYTES;
        this.heap = new Memories(
                MemorySegment.ofArray(new byte[MAX_TEXT_BYTES + WATCHED_BYTES]),
                MemorySegment.ofArray(new byte[packetBytes]));
        this.outside = new Memories(arena.allocate(MAX_TEXT_BYTES + WATCHED_BYTES), arena.allocate(packetBytes));
    }

    /** @throws UnusableException where a result is wrong, or memory was touched that is none of theirs */
    static void require(GcmFunctions gcm) throws UnusableException {
        try (Arena arena = Arena.ofConfined()) {
            SelfTest test = new SelfTest(gcm, arena);
            test.knownAnswers();
            test.agreesWithJca(16);
            test.agreesWithJca(32);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a test of " + gcm + " could not be run", e);
        }
    }

    /** Test cases 4 and 16 of "The Galois/Counter Mode of Operation" by McGrew and Viega, which NIST refers to. */
    private void knownAnswers() throws UnusableException {
        HexFormat hex = HexFormat.of();
        byte[] key = hex.parseHex("feffe9928665731c6d6a8f9467308308");
        byte[] iv = hex.parseHex("cafebabefacedbaddecaf888");
        byte[] header = hex.parseHex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        byte[] text = hex.parseHex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
        System.arraycopy(text, 0, plaintext, 0, text.length);
        check(
                key,
                iv,
                header,
                text.length,
                hex.parseHex("42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
                        + "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
                        + "5bc94fbc3221a5db94fae95ae7121a47"));
        check(
                hex.parseHex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
                iv,
                header,
                text.length,
                hex.parseHex("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                        + "76fc6ece0f4e1768cddf8853bb2d551b"));
    }

    private void agreesWithJca(int keyBytes) throws UnusableException, GeneralSecurityException {
        for (int length = 0; length <= SHORT_BYTES; length++) {
            agreesWithJca(keyBytes, length);
        }
        for (int i = 0; i < RANDOM_LENGTHS; i++) {
            agreesWithJca(keyBytes, random.nextInt(RANDOM_BYTES));
        }
        for (int length : LONG_BYTES) {
            agreesWithJca(keyBytes, length);
        }
    }

    private void agreesWithJca(int keyBytes, int length) throws UnusableException, GeneralSecurityException {
        byte[] key = randomBytes(keyBytes);
        byte[] iv = randomBytes(GcmSlot.NONCE_BYTES);
        byte[] header = randomBytes(1 + random.nextInt(MAX_HEADER_BYTES));
        System.arraycopy(randomBytes(length), 0, plaintext, 0, length);
        check(key, iv, header, length, byJca(key, iv, header, length));
    }

    /** The first {@code length} bytes must become {@code expected}, which is ciphertext and tag, and come back. */
    private void check(byte[] key, byte[] iv, byte[] header, int length, byte[] expected) throws UnusableException {
        // The kinds of memory take turns.
        Memories from = (turn & 1) == 0 ? heap : outside;
        MemorySegment packet = (turn++ & 2) == 0 ? outside.packet : heap.packet;
        MemorySegment text = from.text;
        boolean aes256 = key.length == 32;
        slot.setNonce(iv);
        gcm.expand(key, slot);
        MemorySegment.copy(header, 0, packet, JAVA_BYTE, 0, header.length);
        MemorySegment.copy(plaintext, 0, text, JAVA_BYTE, 0, length);
        watch(packet, header.length + length);
        (aes256 ? gcm.seal256() : gcm.seal128()).call(slot, text, 0, length, packet, 0, header.length);
        boolean sealed = isAt(packet, 0, header, 0, header.length)
                && isAt(packet, header.length, expected, 0, length)
                && isWatched(packet, header.length + length)
                && hasTag(expected, length);
        sealed &= sealsInPieces(aes256 ? gcm.pieces256() : gcm.pieces128(), length, packet, header, expected);
        text.fill((byte) 0);
        watch(text, length);
        (aes256 ? gcm.open256() : gcm.open128()).call(slot, text, 0, length, packet, 0, header.length);
        boolean opened = isAt(text, 0, plaintext, 0, length) && isWatched(text, length) && hasTag(expected, length);
        if (!sealed || !opened || !areGapsWatched()) {
            throw new UnusableException(gcm + " gives wrong results on this machine (" + key.length + " bytes of key, "
                    + length + " of text, seed " + seed + "); install another version, and please report it");
        }
    }

    /** The same text, cut in two or three anywhere. */
    private boolean sealsInPieces(
            PieceFunctions gcm, int length, MemorySegment packet, byte[] header, byte[] expected) {
        packet.asSlice(header.length, length).fill((byte) 0);
        watch(packet, header.length + length);
        gcm.begin(slot, packet, 0, header.length);
        int from = 0;
        for (int pieces = 2 + (turn & 1); pieces > 0; pieces--) {
            int piece = pieces == 1 ? length - from : random.nextInt(length - from + 1);
            gcm.update(slot, MemorySegment.ofArray(plaintext), from, piece, packet, header.length + from);
            from += piece;
        }
        gcm.end(slot);
        return isAt(packet, 0, header, 0, header.length)
                && isAt(packet, header.length, expected, 0, length)
                && isWatched(packet, header.length + length)
                && hasTag(expected, length);
    }

    private boolean hasTag(byte[] expected, int at) {
        MemorySegment tag = MemorySegment.ofArray(new long[] {slot.tagStart(), slot.tagEnd()});
        return isAt(tag, 0, expected, at, GcmSlot.TAG_BYTES);
    }

    private boolean areGapsWatched() {
        for (MemorySegment gap : slot.gaps()) {
            if (!isFilled(gap)) {
                return false;
            }
        }
        return true;
    }

    private static void watch(MemorySegment memory, long at) {
        memory.asSlice(at, WATCHED_BYTES).fill(WATCH);
    }

    private static boolean isWatched(MemorySegment memory, long at) {
        return isFilled(memory.asSlice(at, WATCHED_BYTES));
    }

    private static boolean isFilled(MemorySegment memory) {
        for (long at = 0; at < memory.byteSize(); at++) {
            if (memory.get(JAVA_BYTE, at) != WATCH) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAt(MemorySegment memory, long at, byte[] expected, int from, int length) {
        return MemorySegment.mismatch(
                        memory, at, at + length, MemorySegment.ofArray(expected), from, (long) from + length)
                < 0;
    }

    private byte[] byJca(byte[] key, byte[] iv, byte[] header, int length) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(key, "AES"),
                new GCMParameterSpec(GcmSlot.TAG_BYTES * Byte.SIZE, iv));
        cipher.updateAAD(header);
        return cipher.doFinal(plaintext, 0, length);
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
