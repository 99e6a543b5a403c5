package io.stoq.sim;

/** Holds some datagrams back, so that later ones overtake them. */
public final class Reorder extends Element {

    private final double probability;
    private final long extraDelayNs;
    private long delayedDatagrams;

    public Reorder(double probability, long extraDelayNs) {
        this.probability = probability(probability);
        this.extraDelayNs = extraDelayNs;
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        boolean late = chance(probability);
        delayedDatagrams += late ? 1 : 0;
        pass(datagram, late ? nowNs + extraDelayNs : nowNs);
    }

    public long delayedDatagrams() {
        return delayedDatagrams;
    }
}
