package io.stoq.sim;

/** Propagation delay with jitter, evenly spread; datagrams keep their order. */
public final class Delay extends Element {

    private final long delayNs;
    private final long jitterNs;
    private long lastDueNs;

    public Delay(long delayNs) {
        this(delayNs, 0);
    }

    /** @param jitterNs each datagram takes between {@code delayNs} and {@code delayNs + jitterNs} */
    public Delay(long delayNs, long jitterNs) {
        this.delayNs = delayNs;
        this.jitterNs = jitterNs;
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        long jitter = jitterNs == 0 ? 0 : random().nextLong(jitterNs + 1);
        lastDueNs = Math.max(lastDueNs, nowNs + delayNs + jitter);
        pass(datagram, lastDueNs);
    }
}
