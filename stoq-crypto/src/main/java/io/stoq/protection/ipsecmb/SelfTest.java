package io.stoq.protection.ipsecmb;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.util.Arrays;
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

    /** What lies behind all memory that is handed in, and must still lie there afterwards. */
    private static final byte WATCH = 0x5a;

    private static final int WATCHED_BYTES = 256;

    private final GcmFunctions gcm;
    private final long seed = new SplittableRandom().nextLong();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final MemorySegment expanded;
    private final MemorySegment context;
    private final MemorySegment nonce;
    private final MemorySegment tag;
    private final MemorySegment sealedText;
    private final byte[] text = new byte[MAX_TEXT_BYTES];
    private final byte[] openedText = new byte[MAX_TEXT_BYTES];

    private SelfTest(GcmFunctions gcm, Arena arena) {
        this.gcm = gcm;
        this.expanded = watched(arena, GcmKey.EXPANDED_BYTES);
        this.context = watched(arena, GcmKey.CONTEXT_BYTES);
        this.nonce = watched(arena, GcmKey.NONCE_BYTES);
        this.tag = watched(arena, GcmKey.TAG_BYTES);
        this.sealedText = watched(arena, MAX_TEXT_BYTES);
    }

    /** @throws UnusableException where a result is wrong, or memory was touched that is none of theirs */
    static void require(GcmFunctions gcm) throws UnusableException {
        try (Arena arena = Arena.ofConfined()) {
            SelfTest test = new SelfTest(gcm, arena);
            test.knownAnswers();
            test.agreesWithJca(16);
            test.agreesWithJca(32);
        } catch (UnusableException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a test of " + gcm + " could not be run", e);
        }
    }

    /** Test cases 4 and 16 of "The Galois/Counter Mode of Operation" by McGrew and Viega, which NIST refers to. */
    private void knownAnswers() throws Throwable {
        HexFormat hex = HexFormat.of();
        byte[] key = hex.parseHex("feffe9928665731c6d6a8f9467308308");
        byte[] iv = hex.parseHex("cafebabefacedbaddecaf888");
        byte[] header = hex.parseHex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        byte[] plaintext = hex.parseHex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
        System.arraycopy(plaintext, 0, text, 0, plaintext.length);
        check(
                key,
                iv,
                header,
                plaintext.length,
                hex.parseHex("42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
                        + "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
                        + "5bc94fbc3221a5db94fae95ae7121a47"));
        check(
                hex.parseHex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
                iv,
                header,
                plaintext.length,
                hex.parseHex("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                        + "76fc6ece0f4e1768cddf8853bb2d551b"));
    }

    private void agreesWithJca(int keyBytes) throws Throwable {
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

    private void agreesWithJca(int keyBytes, int length) throws Throwable {
        byte[] key = randomBytes(keyBytes);
        byte[] iv = randomBytes(GcmKey.NONCE_BYTES);
        byte[] header = randomBytes(1 + random.nextInt(MAX_HEADER_BYTES));
        System.arraycopy(randomBytes(length), 0, text, 0, length);
        check(key, iv, header, length, byJca(key, iv, header, length));
    }

    /** The first {@code length} bytes of the text must become {@code expected}, ciphertext and tag, and come back. */
    private void check(byte[] key, byte[] iv, byte[] header, int length, byte[] expected) throws Throwable {
        boolean aes256 = key.length == 32;
        MemorySegment associated = MemorySegment.ofArray(header);
        MemorySegment.copy(iv, 0, nonce, JAVA_BYTE, 0, iv.length);
        (aes256 ? gcm.expand256() : gcm.expand128()).invokeExact(MemorySegment.ofArray(key), expanded.address());
        (aes256 ? gcm.encrypt256() : gcm.encrypt128())
                .invokeExact(
                        expanded.address(),
                        context.address(),
                        sealedText,
                        MemorySegment.ofArray(text),
                        (long) length,
                        nonce.address(),
                        associated,
                        (long) header.length,
                        tag.address(),
                        (long) GcmKey.TAG_BYTES);
        boolean sealed =
                startsWith(sealedText, expected, 0, length) && startsWith(tag, expected, length, GcmKey.TAG_BYTES);
        tag.asSlice(0, GcmKey.TAG_BYTES).fill((byte) 0);
        (aes256 ? gcm.decrypt256() : gcm.decrypt128())
                .invokeExact(
                        expanded.address(),
                        context.address(),
                        MemorySegment.ofArray(openedText),
                        sealedText,
                        (long) length,
                        nonce.address(),
                        associated,
                        (long) header.length,
                        tag.address(),
                        (long) GcmKey.TAG_BYTES);
        boolean opened = Arrays.equals(openedText, 0, length, text, 0, length)
                && startsWith(tag, expected, length, GcmKey.TAG_BYTES);
        if (!sealed || !opened || !isWatchedIntact()) {
            throw new UnusableException(gcm + " gives wrong results on this machine (" + key.length + " bytes of key, "
                    + length + " of text, seed " + seed + "); install another version, and please report it");
        }
    }

    private byte[] byJca(byte[] key, byte[] iv, byte[] header, int length) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(key, "AES"),
                new GCMParameterSpec(GcmKey.TAG_BYTES * Byte.SIZE, iv));
        cipher.updateAAD(header);
        return cipher.doFinal(text, 0, length);
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static MemorySegment watched(Arena arena, int bytes) {
        return arena.allocate(bytes + WATCHED_BYTES, 64).fill(WATCH);
    }

    private boolean isWatchedIntact() {
        return isWatchedIntact(expanded)
                && isWatchedIntact(context)
                && isWatchedIntact(nonce)
                && isWatchedIntact(tag)
                && isWatchedIntact(sealedText);
    }

    private static boolean isWatchedIntact(MemorySegment memory) {
        MemorySegment end = memory.asSlice(memory.byteSize() - WATCHED_BYTES);
        for (long at = 0; at < WATCHED_BYTES; at++) {
            if (end.get(JAVA_BYTE, at) != WATCH) {
                return false;
            }
        }
        return true;
    }

    private static boolean startsWith(MemorySegment memory, byte[] expected, int from, int length) {
        return MemorySegment.mismatch(memory, 0, length, MemorySegment.ofArray(expected), from, from + length) < 0;
    }
}
