package io.stoq.congestion.bbr;

/** Whether more rate still brings more delivery: three round trips without are a plateau. §5.3.1.2 */
final class FullPipe {

    private static final int GROWTH_PERCENT = 125;
    private static final int ROUNDS = 3;

    private long baseline;
    private int rounds;
    private boolean now;
    private boolean reached;

    /** BBR.full_bw_now: since {@link #restart}. */
    boolean isFull() {
        return now;
    }

    /** BBR.full_bw_reached: ever. */
    boolean wasReached() {
        return reached;
    }

    void restart(long baselineBytesPerSecond) {
        baseline = baselineBytesPerSecond;
        rounds = 0;
        now = false;
    }

    void onAck(boolean roundStart, DeliveryRate delivery) {
        // A sample too short to be reliable says nothing of a plateau either.
        if (now || !roundStart || delivery.isSampleLimited() || delivery.sampleRate() == 0) {
            return;
        }
        if (delivery.sampleRate() >= Rates.percent(baseline, GROWTH_PERCENT)) {
            restart(delivery.sampleRate());
            return;
        }
        rounds++;
        now = rounds >= ROUNDS;
        reached |= now;
    }

    void markReached() {
        now = true;
        reached = true;
    }

    void forgetReached() {
        reached = false;
    }
}
