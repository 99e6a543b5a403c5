package io.stoq.congestion.bbr;

/** What recent losses say can be sent until the next bandwidth probe. §5.5.10.3 */
final class ShortTermBounds {

    private final int betaPercent;
    private long rate = Rates.INFINITE;
    private long inFlight = Rates.INFINITE;

    ShortTermBounds(BbrParameters parameters) {
        betaPercent = parameters.betaPercent();
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

    /** A round trip with losses is over: down to what it delivered, but not below Beta of what was allowed. */
    void onLossRound(LossEvents losses, long maxBandwidth, long windowBytes) {
        long fromRate = rate == Rates.INFINITE ? maxBandwidth : rate;
        long fromInFlight = inFlight == Rates.INFINITE ? windowBytes : inFlight;
        rate = Math.max(losses.latestRate(), Rates.percent(fromRate, betaPercent));
        inFlight = Math.max(losses.latestDelivered(), Rates.percent(fromInFlight, betaPercent));
    }

    void raiseTo(long undoRate, long undoInFlight) {
        rate = Math.max(rate, undoRate);
        inFlight = Math.max(inFlight, undoInFlight);
    }
}
