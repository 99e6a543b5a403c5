package io.stoq.path;

import io.stoq.crypto.CryptoProvider.Entropy;

/**
 * The validation of one path: which challenges were sent, when the next one is due, when to give up. Confined to the
 * connection's loop. RFC 9000 §8.2.
 */
final class PathChallenges {

    /** Most challenges in one validation; all of them stay answerable until it ends. */
    static final int MAX_CHALLENGES = 8;

    private final long[] sent = new long[MAX_CHALLENGES];
    private final boolean[] sentFullSize = new boolean[MAX_CHALLENGES];
    private final byte[] random = new byte[Long.BYTES];

    private boolean running;
    private boolean due;
    private int sentCount;
    private long intervalNs;
    private long nextAtNs;
    private long failsAtNs;

    /**
     * Starts, or starts over. Gives up after {@code timeoutNs}, sends again after {@code intervalNs} and doubles that.
     */
    void start(long nowNs, long intervalNs, long timeoutNs) {
        running = true;
        due = true;
        sentCount = 0;
        this.intervalNs = intervalNs;
        nextAtNs = Long.MAX_VALUE;
        failsAtNs = nowNs + timeoutNs;
    }

    void stop() {
        running = false;
        due = false;
    }

    boolean isRunning() {
        return running;
    }

    /** Whether a challenge is to be sent now. */
    boolean isDue() {
        return due;
    }

    /** Data for the challenge that is being sent. RFC 9000 §8.2.1: unpredictable, and new for every challenge. */
    long next(long nowNs, Entropy entropy, boolean fullSize) {
        entropy.fill(random, 0, random.length);
        long data = 0;
        for (byte b : random) {
            data = data << 8 | b & 0xff;
        }
        sent[sentCount] = data;
        sentFullSize[sentCount++] = fullSize;
        due = false;
        nextAtNs = sentCount == MAX_CHALLENGES ? Long.MAX_VALUE : nowNs + intervalNs;
        intervalNs *= 2;
        return data;
    }

    /** Index of the challenge that {@code data} answers, or -1. */
    int indexOf(long data) {
        for (int i = 0; running && i < sentCount; i++) {
            if (sent[i] == data) {
                return i;
            }
        }
        return -1;
    }

    /** Whether challenge {@code index} travelled in a datagram of 1,200 bytes or more. */
    boolean wasFullSize(int index) {
        return sentFullSize[index];
    }

    long deadlineNs() {
        return running ? Math.min(nextAtNs, failsAtNs) : Long.MAX_VALUE;
    }

    /** Makes the next challenge due when it is time. True when the validation has failed, and with it ended. */
    boolean onTimeout(long nowNs) {
        if (!running) {
            return false;
        }
        if (nowNs >= failsAtNs) {
            stop();
            return true;
        }
        if (nowNs >= nextAtNs) {
            nextAtNs = Long.MAX_VALUE;
            due = true;
        }
        return false;
    }
}
