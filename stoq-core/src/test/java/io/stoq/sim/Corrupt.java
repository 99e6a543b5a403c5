package io.stoq.sim;

/** Flips one bit in some datagrams, as a checksum that misses it would let happen. */
public final class Corrupt extends Element {

    private final double probability;
    private long corruptedDatagrams;

    public Corrupt(double probability) {
        this.probability = probability(probability);
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        if (datagram.length() > 0 && chance(probability)) {
            corruptedDatagrams++;
            byte[] payload = datagram.payload().clone();
            payload[random().nextInt(payload.length)] ^= (byte) (1 << random().nextInt(8));
            pass(datagram.payload(payload), nowNs);
        } else {
            pass(datagram, nowNs);
        }
    }

    public long corruptedDatagrams() {
        return corruptedDatagrams;
    }
}
