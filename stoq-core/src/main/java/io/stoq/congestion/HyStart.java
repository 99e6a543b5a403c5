package io.stoq.congestion;

/**
 * HyStart++: ends the first slow start when round trips grow, before the queue overflows. Confined to the connection's loop.
 * RFC 9406.
 *
 * <p>A round ends when something is acknowledged that was sent since it began. Growth within an ACK frame is not limited (the
 * RFC's L is infinite), because packets are paced.
 */
final class HyStart {

    /** RFC 9406 §4.3. */
    private static final long MIN_RTT_THRESHOLD_NS = 4_000_000;

    private static final long MAX_RTT_THRESHOLD_NS = 16_000_000;
    private static final int MIN_RTT_DIVISOR = 8;
    private static final int ROUND_SAMPLES = 8;
    private static final int CONSERVATIVE_ROUNDS = 5;
    static final int CONSERVATIVE_GROWTH_DIVISOR = 4;

    private static final long NONE = Long.MAX_VALUE;

    private long roundStartNs = Long.MIN_VALUE;
    private boolean roundEnded;
    private long roundMinRttNs = NONE;
    private long lastRoundMinRttNs = NONE;
    private int samples;

    /** The round trip time at which growth became conservative; {@link #NONE} while it is not. */
    private long baselineNs = NONE;

    private int conservativeRounds;

    /** Whether the window grows by a quarter of what is acknowledged, to see whether the round trip time falls back. */
    boolean isConservative() {
        return baselineNs != NONE;
    }

    void onPacketAcked(long sentNs) {
        roundEnded |= sentNs >= roundStartNs;
    }

    /**
     * An ACK frame is worked through.
     *
     * @param rttSampleNs what it measured, or 0
     * @return whether slow start is over
     */
    boolean onAckEnd(long nowNs, long rttSampleNs) {
        if (roundEnded) {
            roundEnded = false;
            boolean over = isConservative() && ++conservativeRounds >= CONSERVATIVE_ROUNDS;
            beginRound(nowNs);
            if (over) {
                return true;
            }
        }
        if (rttSampleNs > 0) {
            roundMinRttNs = Math.min(roundMinRttNs, rttSampleNs);
            samples++;
            if (samples >= ROUND_SAMPLES) {
                judge();
            }
        }
        return false;
    }

    private void beginRound(long nowNs) {
        roundStartNs = nowNs;
        lastRoundMinRttNs = roundMinRttNs;
        roundMinRttNs = NONE;
        samples = 0;
    }

    private void judge() {
        if (isConservative()) {
            if (roundMinRttNs < baselineNs) {
                baselineNs = NONE; // it was no queue
            }
        } else if (lastRoundMinRttNs != NONE) {
            long threshold =
                    Math.clamp(lastRoundMinRttNs / MIN_RTT_DIVISOR, MIN_RTT_THRESHOLD_NS, MAX_RTT_THRESHOLD_NS);
            if (roundMinRttNs >= lastRoundMinRttNs + threshold) {
                baselineNs = roundMinRttNs;
                conservativeRounds = 0;
            }
        }
    }
}
