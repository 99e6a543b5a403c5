package io.stoq.sim;

/** Passes some datagrams twice. */
public final class Duplicate extends Element {

    private final double probability;
    private long duplicatedDatagrams;

    public Duplicate(double probability) {
        this.probability = probability(probability);
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        pass(datagram, nowNs);
        if (chance(probability)) {
            duplicatedDatagrams++;
            pass(datagram.copy(), nowNs);
        }
    }

    public long duplicatedDatagrams() {
        return duplicatedDatagrams;
    }
}
