package io.stoq.endpoint;

/**
 * The tokens that were used already, in bounded memory: none is good twice. Confined to one loop. RFC 9000 §8.1.4.
 *
 * <p>Two sets of marks; when one is full, the older one is forgotten. From then on tokens that were issued when those in it
 * were, or earlier, count as used: clients that come with one of them are treated as if they had none.
 */
final class UsedTokens {

    /** Most marks in one set. */
    static final int MOST = 1 << 15;

    private static final int SLOTS = 2 * MOST;

    private long[] current;
    private long[] previous;
    private int size;
    private long latestMs = Long.MIN_VALUE;
    private long previousLatestMs = Long.MIN_VALUE;
    private long forgottenMs = Long.MIN_VALUE;

    /** @param issuedMs when the token was issued */
    boolean contains(long mark, long issuedMs) {
        return issuedMs <= forgottenMs || isIn(current, mark) || isIn(previous, mark);
    }

    void add(long mark, long issuedMs) {
        if (size == MOST) {
            // What lay in the older set cannot be told from what was never used any more.
            forgottenMs = Math.max(forgottenMs, previousLatestMs);
            previous = current;
            previousLatestMs = latestMs;
            current = null;
            latestMs = Long.MIN_VALUE;
            size = 0;
        }
        if (current == null) {
            current = new long[SLOTS];
        }
        current[slot(current, mark)] = nonZero(mark);
        latestMs = Math.max(latestMs, issuedMs);
        size++;
    }

    private static boolean isIn(long[] set, long mark) {
        return set != null && set[slot(set, mark)] != 0;
    }

    /** Where the mark is, or belongs. Marks are parts of tags that nobody but us can make: they spread by themselves. */
    private static int slot(long[] set, long mark) {
        int slot = (int) mark & SLOTS - 1;
        while (set[slot] != 0 && set[slot] != nonZero(mark)) {
            slot = slot + 1 & SLOTS - 1;
        }
        return slot;
    }

    private static long nonZero(long mark) {
        return mark == 0 ? 1 : mark;
    }
}
