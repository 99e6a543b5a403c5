package io.stoq.congestion;

/** The controller of RFC 9002 §7: slow start, one datagram per round trip after that, half at a loss. */
public final class NewReno extends WindowController {

    /** Bytes acknowledged in congestion avoidance that did not make the window grow yet. */
    private long avoidedBytes;

    public NewReno(CongestionParameters parameters) {
        this(parameters, false);
    }

    /** @param hyStart whether slow start ends when round trips grow (HyStart++, RFC 9406), not only at a loss */
    public NewReno(CongestionParameters parameters, boolean hyStart) {
        super(parameters, hyStart);
    }

    @Override
    public String name() {
        return "newreno";
    }

    @Override
    void avoidCongestion(long nowNs, long ackedBytes, long smoothedRttNs) {
        // RFC 9002 §7.3.3: one datagram for each window that is acknowledged.
        avoidedBytes += ackedBytes;
        while (avoidedBytes >= window.bytes()) {
            avoidedBytes -= window.bytes();
            window.growTo(window.bytes() + window.maxDatagramBytes());
        }
    }

    @Override
    void reduce() {
        avoidedBytes = 0;
        window.reduceTo(window.bytes() / 2);
    }

    @Override
    void undo() {}

    @Override
    void collapse() {}
}
