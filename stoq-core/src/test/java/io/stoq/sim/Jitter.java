package io.stoq.sim;

/**
 * Holds each datagram up for a while that is mostly short and sometimes long, as radio links do: exponentially distributed,
 * with a bound. Datagrams keep their order. For an even spread see {@link Delay}.
 */
public final class Jitter extends Element {

    private final long meanNs;
    private final long maxNs;
    private long lastDueNs;

    public Jitter(long meanNs, long maxNs) {
        if (meanNs < 1 || maxNs < meanNs) {
            throw new IllegalArgumentException(
                    "jitter of " + meanNs + " ns, at most " + maxNs + " ns; needed is 1 <= mean <= max");
        }
        this.meanNs = meanNs;
        this.maxNs = maxNs;
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        long drawn = (long) (-meanNs * Math.log(1 - random().nextDouble()));
        lastDueNs = Math.max(lastDueNs, nowNs + Math.min(drawn, maxNs));
        pass(datagram, lastDueNs);
    }
}
