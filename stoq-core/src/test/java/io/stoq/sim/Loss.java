package io.stoq.sim;

/** Drops each datagram with the same probability, independently. */
public final class Loss extends Element {

    private final double probability;

    public Loss(double probability) {
        this.probability = probability(probability);
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        if (chance(probability)) {
            drop(datagram);
        } else {
            pass(datagram, nowNs);
        }
    }
}
