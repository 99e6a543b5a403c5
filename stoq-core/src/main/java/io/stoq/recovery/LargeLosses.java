package io.stoq.recovery;

/**
 * Whether large packets get lost where small ones arrive, which is what an MTU black hole looks like. Confined to the
 * connection's loop. RFC 8899 §4.3.
 */
final class LargeLosses {

    /** Packets up to this size pass every path of QUIC. RFC 9000 §14. */
    private static final int SMALL_BYTES = 1200;

    /** Losses without a packet that is as large and was sent later having arrived. */
    private static final int SUSPICIOUS = 3;

    private static final int NONE = Integer.MAX_VALUE;

    private int losses;
    private int smallestBytes = NONE;
    private long fromNumber;

    /** From this packet on, the size is another one. */
    void begin(long packetNumber) {
        fromNumber = packetNumber;
        reset();
    }

    /** Losses and acknowledgments come in ascending order. */
    void onLost(long packetNumber, int bytes) {
        if (bytes > SMALL_BYTES && packetNumber >= fromNumber) {
            losses++;
            smallestBytes = Math.min(smallestBytes, bytes);
        }
    }

    void onAcked(int bytes) {
        if (bytes >= smallestBytes) {
            reset();
        }
    }

    /** Tells it once. */
    boolean pollSuspicion() {
        boolean suspicious = losses >= SUSPICIOUS;
        if (suspicious) {
            reset();
        }
        return suspicious;
    }

    private void reset() {
        losses = 0;
        smallestBytes = NONE;
    }
}
