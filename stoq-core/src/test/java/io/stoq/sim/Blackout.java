package io.stoq.sim;

/** Drops everything that arrives from one moment of virtual time (inclusive) to another (exclusive). */
public final class Blackout extends Element {

    private final long fromNs;
    private final long toNs;

    public Blackout(long fromNs, long toNs) {
        this.fromNs = fromNs;
        this.toNs = toNs;
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        if (nowNs >= fromNs && nowNs < toNs) {
            drop(datagram);
        } else {
            pass(datagram, nowNs);
        }
    }
}
