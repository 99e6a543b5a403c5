package io.stoq.endpoint;

import io.stoq.crypto.CryptoProvider.Entropy;
import java.nio.ByteBuffer;

/**
 * How often something comes from each /64: a table of fixed size, whatever addresses come. Confined to one loop.
 *
 * <p>A prefix counts in two slots that a secret chooses, and is too frequent when both are. Slots are shared, so a flood from
 * everywhere makes everybody too frequent; a few frequent ones hardly touch the others, and nobody can aim at one. Counts age
 * by the passing of time alone. What goes on too often stays too frequent until it has been silent for about one burst.
 */
final class PrefixRates {

    /** What comes from one /64 per second, for long. */
    static final long INTERVAL_NS = 5_000_000;

    /** What may come at once. */
    static final int BURST = 400;

    private static final int ROW = 1 << 12;

    private final long[] earnedNs = new long[2 * ROW];
    private final long secret;
    private final long otherSecret;

    PrefixRates(Entropy entropy) {
        byte[] bytes = new byte[2 * Long.BYTES];
        entropy.fill(bytes, 0, bytes.length);
        secret = ByteBuffer.wrap(bytes).getLong(0);
        otherSecret = ByteBuffer.wrap(bytes).getLong(Long.BYTES);
    }

    /** One more from this prefix; returns whether that is too often. */
    boolean exceeds(long nowNs, long prefix) {
        boolean first = count(nowNs, slot(prefix, secret));
        boolean second = count(nowNs, ROW + slot(prefix, otherSecret));
        return first && second;
    }

    private boolean count(long nowNs, int slot) {
        earnedNs[slot] = RateLimit.next(earnedNs[slot], nowNs, INTERVAL_NS, BURST);
        return earnedNs[slot] - nowNs > BURST * INTERVAL_NS;
    }

    /** Keyed twice, around a mix of all bits: slots tell nothing about the secret to who cannot see them. */
    private int slot(long prefix, long key) {
        long mixed = mix(mix(prefix + key) ^ Long.rotateLeft(key, 29));
        return (int) (mixed >>> 32) & ROW - 1;
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
