package io.stoq.congestion.bbr;

/**
 * What recent losses say can be sent until the next bandwidth probe. §5.5.10.3
 *
 * <p>What was delivered in a round trip tells of the path only as far as the path was asked. So it is set against what was
 * sent: less than the bandwidth, by the pacing margin, and less still where a state holds back on purpose. The draft leaves
 * that out, and has a flow go down by its own margin with each single loss. Nor does the rate fall by more than the share of
 * the round trip that was lost, while that is within the loss threshold: a round trip that is longer than the shortest by other
 * hosts' timers, or a sender that was late, delivers less than the rate without any fault of the path's.
 */
final class ShortTermBounds {

    private final int betaPercent;
    private final int askedPercent;
    private final int toleratedPerMille;
    private final int leastCarriedPerMille;
    private long rate = Rates.INFINITE;
    private long inFlight = Rates.INFINITE;

    /** The least share of the bandwidth that a state of this round trip, and of the one before, asked of the path. */
    private int shareThisRound = 100;

    private int shareLastRound = 100;

    ShortTermBounds(BbrParameters parameters) {
        betaPercent = parameters.betaPercent();
        leastCarriedPerMille = 10 * (100 - parameters.lossThresholdPercent());
        toleratedPerMille = 10 * parameters.toleratedLossPercent();
        askedPercent = 100 - parameters.pacingMarginPercent() - parameters.toleratedLossPercent();
    }

    /** BBR.bw_shortterm, bytes per second. */
    long rate() {
        return rate;
    }

    /** BBR.inflight_shortterm, bytes. */
    long inFlight() {
        return inFlight;
    }

    void reset() {
        rate = Rates.INFINITE;
        inFlight = Rates.INFINITE;
    }

    /** A state that sends so much of what the path is believed to carry is current. */
    void onShareAsked(int percent) {
        shareThisRound = Math.min(shareThisRound, percent);
    }

    /** A round trip is over: with losses, down to what it has shown to be carried, but not below Beta of what was allowed. */
    void onRoundOver(boolean lowers, LossEvents losses, long carriedPerMille, long maxBandwidth, long windowBytes) {
        int share = Math.min(shareThisRound, shareLastRound);
        shareLastRound = shareThisRound;
        shareThisRound = 100;
        if (lowers) {
            long allowed = rate == Rates.INFINITE ? maxBandwidth : rate;
            rate = Math.max(kept(allowed, carriedPerMille), lowered(allowed, losses.latestRate(), share));
            long volume = inFlight == Rates.INFINITE ? windowBytes : inFlight;
            inFlight = Math.max(
                    losses.isMarked() ? 0 : kept(volume, carriedPerMille),
                    lowered(volume, losses.latestDelivered(), share));
        }
    }

    /** What remains of a rate of which so much was carried; nothing where too much was lost for such an allowance. */
    private long kept(long allowed, long carriedPerMille) {
        return carriedPerMille < leastCarriedPerMille
                ? 0
                : Math.min(allowed, allowed / (1000 - toleratedPerMille) * carriedPerMille);
    }

    private long lowered(long from, long delivered, int sharePercent) {
        long carried = delivered * 10_000 / ((long) askedPercent * sharePercent);
        return Math.max(carried, Rates.percent(from, betaPercent));
    }

    void raiseTo(long undoRate, long undoInFlight) {
        rate = Math.max(rate, undoRate);
        inFlight = Math.max(inFlight, undoInFlight);
    }
}
