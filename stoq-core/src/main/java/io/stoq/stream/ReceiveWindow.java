package io.stoq.stream;

/**
 * Credit granted to the peer, for one stream or for the connection. Confined to the connection's loop. RFC 9000 §4.1, §4.2.
 *
 * <p>New credit is due when at most half of the window is left. The window doubles when that took less than two round trips:
 * then it is the window that limits the peer. Round trips are counted at their shortest: a window that grew with the queue
 * that it fills would only ever grow.
 */
final class ReceiveWindow {

    /** An update raises the window at least to this, where the maximum allows: a window of 0 could never move. */
    private static final long LEAST_BYTES = 16 * 1024;

    private final long maxWindowBytes;
    private long windowBytes;
    private long maximum;
    private long consumed;
    private long updatedNs;
    private boolean lost;

    ReceiveWindow(long initialBytes, long maxWindowBytes, long nowNs) {
        this.maxWindowBytes = maxWindowBytes;
        this.windowBytes = Math.max(initialBytes, Math.min(LEAST_BYTES, maxWindowBytes));
        this.maximum = initialBytes;
        this.updatedNs = nowNs;
    }

    /** The largest offset that the peer may reach. */
    long maximum() {
        return maximum;
    }

    long windowBytes() {
        return windowBytes;
    }

    /** The application took bytes. */
    void onConsumed(long bytes) {
        consumed += bytes;
    }

    /** Whether the peer should hear of a new maximum. */
    boolean wantsUpdate() {
        return lost || isHalfUsed();
    }

    /** The maximum to tell the peer; the window may grow. */
    long nextMaximum(long nowNs, long minRttNs) {
        if (isHalfUsed()) {
            // Only a window that was in use for less than two round trips was in the peer's way.
            if (nowNs - updatedNs < 2 * minRttNs) {
                windowBytes = Math.min(windowBytes * 2, maxWindowBytes);
            }
            updatedNs = nowNs;
        }
        lost = false;
        maximum = Math.max(maximum, consumed + windowBytes);
        return maximum;
    }

    /** The frame with {@code value} was lost; only the newest value is worth sending again. RFC 9000 §13.3. */
    void onUpdateLost(long value) {
        lost |= value == maximum;
    }

    private boolean isHalfUsed() {
        return maximum - consumed <= windowBytes >> 1 && consumed + windowBytes > maximum;
    }
}
