package io.stoq.protection;

import io.stoq.crypto.PacketKeys;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Header protection by ChaCha20: a mask is the key stream at the place that the sample names. RFC 9001 §5.4.4.
 *
 * <p>Only the first bytes of one block are needed, with a counter and nonce that the peer chooses and may repeat. JCA's
 * ciphers refuse repetition and cost several objects per use, so the block function of RFC 8439 §2.3 stands here:
 * additions, rotations and exclusive ors, whose time does not depend on the key.
 */
final class ChaChaHeaderKey extends HeaderKey {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int KEY_WORDS = 8;
    private static final int DOUBLE_ROUNDS = 10;

    // "expand 32-byte k"
    private static final int CONSTANT_0 = 0x61707865;
    private static final int CONSTANT_1 = 0x3320646e;
    private static final int CONSTANT_2 = 0x79622d32;
    private static final int CONSTANT_3 = 0x6b206574;

    private final int[] key = new int[KEY_WORDS];
    private final int[] state = new int[16];

    ChaChaHeaderKey(byte[] key) {
        for (int i = 0; i < KEY_WORDS; i++) {
            this.key[i] = (int) INT.get(key, i * 4);
        }
    }

    @Override
    void masks(byte[] samples, int count, byte[] masks) {
        for (int at = 0; at < count * PacketKeys.SAMPLE_BYTES; at += PacketKeys.SAMPLE_BYTES) {
            start(samples, at);
            permute();
            INT.set(masks, at, state[0] + CONSTANT_0);
            INT.set(masks, at + 4, state[1] + CONSTANT_1);
        }
    }

    @Override
    void wipe() {
        Arrays.fill(key, 0);
        Arrays.fill(state, 0);
    }

    private void start(byte[] sample, int at) {
        state[0] = CONSTANT_0;
        state[1] = CONSTANT_1;
        state[2] = CONSTANT_2;
        state[3] = CONSTANT_3;
        System.arraycopy(key, 0, state, 4, KEY_WORDS);
        // The sample is the block counter, then the nonce.
        for (int i = 0; i < 4; i++) {
            state[12 + i] = (int) INT.get(sample, at + i * 4);
        }
    }

    private void permute() {
        int[] s = state;
        for (int i = 0; i < DOUBLE_ROUNDS; i++) {
            quarterRound(s, 0, 4, 8, 12);
            quarterRound(s, 1, 5, 9, 13);
            quarterRound(s, 2, 6, 10, 14);
            quarterRound(s, 3, 7, 11, 15);
            quarterRound(s, 0, 5, 10, 15);
            quarterRound(s, 1, 6, 11, 12);
            quarterRound(s, 2, 7, 8, 13);
            quarterRound(s, 3, 4, 9, 14);
        }
    }

    private static void quarterRound(int[] s, int a, int b, int c, int d) {
        s[a] += s[b];
        s[d] = Integer.rotateLeft(s[d] ^ s[a], 16);
        s[c] += s[d];
        s[b] = Integer.rotateLeft(s[b] ^ s[c], 12);
        s[a] += s[b];
        s[d] = Integer.rotateLeft(s[d] ^ s[a], 8);
        s[c] += s[d];
        s[b] = Integer.rotateLeft(s[b] ^ s[c], 7);
    }
}
