package io.stoq.bench.perf;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * What is sent: the same pseudo-random bytes over and over, sent by reference, so that neither side spends time on
 * making them and the receiver knows which byte belongs where.
 */
public final class Pattern {

    /** After this many bytes it begins again; also the largest piece of one write. */
    public static final int PERIOD_BYTES = 256 << 10;

    private static final byte[] BYTES = new byte[PERIOD_BYTES];
    private static final ByteBuffer VIEW = ByteBuffer.wrap(BYTES);

    static {
        new SplittableRandom(PERIOD_BYTES).nextBytes(BYTES);
    }

    private Pattern() {}

    /** The bytes of one period; nobody may change them. */
    public static byte[] bytes() {
        return BYTES;
    }

    /**
     * Whether the remaining bytes are what belongs there; the buffer is left as it is.
     *
     * @param position of the first byte since the pattern began
     */
    public static boolean matches(ByteBuffer data, long position) {
        int at = data.position();
        int from = (int) (position % PERIOD_BYTES);
        while (at < data.limit()) {
            int length = Math.min(data.limit() - at, PERIOD_BYTES - from);
            if (data.slice(at, length).mismatch(VIEW.slice(from, length)) >= 0) {
                return false;
            }
            at += length;
            from = 0;
        }
        return true;
    }
}
