package io.stoq.congestion.bbr;

/** How fast packets leave, and how many bytes at a time. §5.6.2, §5.6.3 */
final class Pacing {

    private static final long ASSUMED_RTT_NS = 1_000_000;
    private static final long QUANTA_PER_SECOND = 1_000;
    private static final long MAX_QUANTUM_BYTES = 65_536;
    private static final int MIN_QUANTUM_DATAGRAMS = 2;

    private final BbrParameters parameters;
    private final Window window;
    private long rate;
    private boolean rttSeen;

    Pacing(BbrParameters parameters, Window window) {
        this.parameters = parameters;
        this.window = window;
        rate = initialRate(ASSUMED_RTT_NS);
    }

    long bytesPerSecond() {
        return rate;
    }

    /** The first round trip tells more than the assumed one. */
    void onRtt(long smoothedNs) {
        if (!rttSeen && smoothedNs > 0) {
            rttSeen = true;
            rate = initialRate(smoothedNs);
        }
    }

    private long initialRate(long rttNs) {
        long windowPerRtt = Rates.bytesPerSecond(window.initialBytes(), rttNs);
        return bounded(Rates.percent(windowPerRtt, parameters.startupPacingPercent()));
    }

    /** Before the pipe was full the rate does not fall: the samples may be the application's. */
    void update(long bandwidth, int gainPercent, boolean pipeWasFull) {
        long wanted = Rates.percent(Rates.percent(bandwidth, gainPercent), 100 - parameters.pacingMarginPercent());
        if (pipeWasFull || wanted > rate) {
            rate = bounded(wanted);
        }
    }

    /** A datagram a second is slow enough for any path, and fast enough to notice when it recovers. */
    private long bounded(long bytesPerSecond) {
        return Math.clamp(bytesPerSecond, window.datagramBytes(), Rates.MAX_BYTES_PER_SECOND);
    }

    long quantumBytes() {
        return Math.max(aggregateBytes(), (long) MIN_QUANTUM_DATAGRAMS * window.datagramBytes());
    }

    /** What has to be in flight for quanta to be segmented here, reassembled there and acknowledged meanwhile. §5.5.8 */
    long offloadBudgetBytes() {
        return Math.max(parameters.offloadQuanta() * aggregateBytes(), quantumBytes());
    }

    private long aggregateBytes() {
        return Math.min(rate / QUANTA_PER_SECOND, MAX_QUANTUM_BYTES);
    }
}
