package io.stoq.scenario;

import io.stoq.sim.Element;
import io.stoq.sim.SimDatagram;

/** A link of 0 bit/s for a while: what comes then waits in a queue until the link is back, and is dropped beyond it. */
final class Stall extends Element {

    private final long fromNs;
    private final long toNs;
    private final int queueDatagrams;

    Stall(long fromNs, long toNs, int queueDatagrams) {
        this.fromNs = fromNs;
        this.toNs = toNs;
        this.queueDatagrams = queueDatagrams;
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        if (nowNs < fromNs || nowNs >= toNs) {
            pass(datagram, nowNs);
        } else if (heldDatagrams() < queueDatagrams) {
            pass(datagram, toNs);
        } else {
            drop(datagram);
        }
    }
}
