package io.stoq.sim;

/**
 * Loss in bursts, the Gilbert model: a burst begins with one probability per datagram and ends with another; within it
 * everything is dropped. A burst has {@code 1 / ends} datagrams on average.
 */
public final class BurstLoss extends Element {

    private final double begins;
    private final double ends;
    private boolean inBurst;
    private long bursts;

    public BurstLoss(double begins, double ends) {
        this.begins = probability(begins);
        this.ends = probability(ends);
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        if (inBurst) {
            inBurst = !chance(ends);
        } else if (chance(begins)) {
            inBurst = true;
            bursts++;
        }
        if (inBurst) {
            drop(datagram);
        } else {
            pass(datagram, nowNs);
        }
    }

    public long bursts() {
        return bursts;
    }
}
