package io.stoq.congestion.bbr;

import io.stoq.congestion.CongestionParameters;

/** What is known of the path, and what is wanted in flight on it therefore. Each quantity is kept by a class of its own. §5.5 */
final class Model {

    /** How much of others' queue is allowed for at most, of the bandwidth-delay product. */
    private static final int MAX_QUEUE_PERCENT = 300;

    final BbrParameters parameters;
    final DeliveryRate delivery = new DeliveryRate();
    final Rounds rounds = new Rounds();
    final MaxBandwidth maxBandwidth = new MaxBandwidth();
    final ExtraAcked extraAcked = new ExtraAcked();
    final FullPipe fullPipe = new FullPipe();
    final RisingDelay delay = new RisingDelay();
    final LossEvents losses = new LossEvents();
    final SpuriousLoss undo = new SpuriousLoss();
    final LossShare lossShare;
    final MinRtt minRtt;
    final ShortTermBounds shortTerm;
    final LongTermBound longTerm;
    final Window window;
    final Pacing pacing;

    private long nowNs;
    private long bytesInFlight;
    private long bandwidth;

    Model(BbrParameters parameters, CongestionParameters start) {
        this.parameters = parameters;
        minRtt = new MinRtt(parameters);
        shortTerm = new ShortTermBounds(parameters);
        longTerm = new LongTermBound(parameters);
        lossShare = new LossShare(parameters);
        window = new Window(start);
        pacing = new Pacing(parameters, window);
    }

    /** When the current event happened. */
    long nowNs() {
        return nowNs;
    }

    void nowNs(long ns) {
        nowNs = ns;
    }

    /** C.inflight. */
    long bytesInFlight() {
        return bytesInFlight;
    }

    void bytesInFlight(long bytes) {
        bytesInFlight = bytes;
    }

    /** BBR.bw, bytes per second. */
    long bandwidth() {
        return bandwidth;
    }

    void boundBandwidth() {
        bandwidth = Math.min(maxBandwidth.bytesPerSecond(), shortTerm.rate());
    }

    /** A share of the bandwidth-delay product; the initial window while there is no round trip time. */
    long bdpBytes(long bytesPerSecond, int gainPercent) {
        if (minRtt.ns() == 0) {
            return window.initialBytes();
        }
        return Rates.percent(Rates.bytesWithin(bytesPerSecond, minRtt.ns()), gainPercent);
    }

    /** The same, but at least what keeps both hosts' offloads busy and the peer acknowledging. */
    long inFlightBytes(long bytesPerSecond, int gainPercent) {
        return roomy(bdpBytes(bytesPerSecond, gainPercent));
    }

    /** BBR.max_inflight. */
    long maxInFlightBytes(Phase phase, int gainPercent) {
        long bytes = bdpBytes(bandwidth, gainPercent);
        if (phase.isProbeBw()) {
            bytes = Math.max(bytes, withOthersQueue());
        }
        long probe = phase == Phase.PROBE_BW_UP ? 2L * window.datagramBytes() : 0;
        return roomy(bytes + extraAcked.bytes()) + probe;
    }

    /**
     * What keeps the rate up behind a queue that others have built. Gains alone leave room for a queue as long as the own
     * round trip, so a flow with a short one would be starved by one with a long one; not in the draft.
     */
    private long withOthersQueue() {
        long bdp = bdpBytes(bandwidth, 100);
        long queue = Rates.bytesWithin(bandwidth, parameters.queueAllowanceNs());
        return bdp + Math.min(queue, Rates.percent(bdp, MAX_QUEUE_PERCENT));
    }

    private long roomy(long bytes) {
        return Math.max(bytes, Math.max(pacing.offloadBudgetBytes(), window.minBytes()));
    }

    /** What is wanted in flight, unless congestion has made the window smaller. */
    long targetInFlightBytes() {
        return Math.min(bdpBytes(bandwidth, 100), window.bytes());
    }

    /** Whether so much lost of so much in flight means that it was too much. */
    boolean isTooHigh(long congestedBytes, long inFlightBytes) {
        return congestedBytes > Rates.percent(inFlightBytes, parameters.lossThresholdPercent());
    }

    boolean isSampleTooHigh() {
        return isTooHigh(delivery.sampleCongested(), delivery.sampleInFlight());
    }

    void resetCongestionSignals() {
        losses.reset();
    }

    void restartRound() {
        rounds.restart(delivery.deliveredBytes());
    }
}
