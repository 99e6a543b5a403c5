package io.stoq.recovery;

import io.stoq.crypto.CryptoProvider;
import io.stoq.wire.frame.AckBlock;
import java.util.Arrays;

/**
 * Packet numbers that are left out on purpose: a peer that acknowledges one acknowledges what it never received. Confined to
 * the connection's loop. RFC 9000 §21.4.
 */
final class SkippedNumbers {

    /** Numbers that are remembered: they span more packets than a peer can plausibly be behind. */
    private static final int REMEMBERED = 8;

    private static final int FIRST_PERIOD = 256;
    private static final int LAST_PERIOD = 131_072;

    private final CryptoProvider.Entropy entropy;
    private final byte[] random = new byte[3];
    private final long[] skipped = new long[REMEMBERED];
    private int count;
    private int period = FIRST_PERIOD;
    private long next;

    SkippedNumbers(CryptoProvider.Entropy entropy) {
        this.entropy = entropy;
        Arrays.fill(skipped, -1);
        draw(0);
    }

    /** The number that has to be left out next. */
    long next() {
        return next;
    }

    /** The number {@link #next()} was left out; the one after that is drawn, on average from twice the distance. */
    void onSkipped() {
        skipped[count++ % REMEMBERED] = next;
        period = Math.min(period * 2, LAST_PERIOD);
        draw(next + 1);
    }

    /** Whether the frame acknowledges a number that was left out. */
    boolean isAnyIn(AckBlock ack) {
        for (long number : skipped) {
            if (number >= 0 && isIn(ack, number)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIn(AckBlock ack, long number) {
        for (int i = 0; i < ack.ranges; i++) {
            if (number >= ack.smallestOf[i]) {
                return number <= ack.largestOf[i];
            }
        }
        return false;
    }

    private void draw(long from) {
        entropy.fill(random, 0, random.length);
        int bits = (random[0] & 0xff) << 16 | (random[1] & 0xff) << 8 | random[2] & 0xff;
        next = from + 1 + bits % period;
    }
}
