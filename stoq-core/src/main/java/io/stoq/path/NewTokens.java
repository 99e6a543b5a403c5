package io.stoq.path;

import io.stoq.buffer.ByteWriter;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentPackets;
import io.stoq.wire.frame.NewTokenFrame;

/**
 * The tokens that a server gives its client, kept until they have arrived. Confined to the connection's loop. RFC 9000
 * §8.1.3, §19.7.
 */
public final class NewTokens {

    /** Most tokens that are kept; those that were given first make room. */
    static final int MAX_KEPT = 8;

    private final byte[][] kept = new byte[MAX_KEPT][];
    private final boolean[] unsent = new boolean[MAX_KEPT];
    private int unsentCount;
    private long nextNumber;

    /** To be sent; the array is not copied. */
    public void offer(byte[] token) {
        int slot = slot(nextNumber++);
        kept[slot] = token;
        mark(slot, true);
    }

    /** Whether a NEW_TOKEN frame is to be sent. */
    public boolean wantsToSend() {
        return unsentCount > 0;
    }

    /** Writes NEW_TOKEN frames as far as they fit. */
    public void writeFrames(ByteWriter out, SentPackets log) {
        for (long number = Math.max(0, nextNumber - MAX_KEPT); number < nextNumber; number++) {
            int slot = slot(number);
            if (unsent[slot] && NewTokenFrame.size(kept[slot].length) <= out.remaining()) {
                NewTokenFrame.write(out, kept[slot]);
                log.addFrame(SentFrame.NEW_TOKEN, number, 0, 0);
                mark(slot, false);
            }
        }
    }

    public void onFrameAcked(long number) {
        if (isKept(number)) {
            kept[slot(number)] = null;
            mark(slot(number), false);
        }
    }

    /** RFC 9000 §13.3: the same token again. */
    public void onFrameLost(long number) {
        if (isKept(number) && kept[slot(number)] != null) {
            mark(slot(number), true);
        }
    }

    private boolean isKept(long number) {
        return number >= nextNumber - MAX_KEPT;
    }

    private void mark(int slot, boolean toBeSent) {
        if (unsent[slot] != toBeSent) {
            unsent[slot] = toBeSent;
            unsentCount += toBeSent ? 1 : -1;
        }
    }

    private static int slot(long number) {
        return (int) (number % MAX_KEPT);
    }
}
