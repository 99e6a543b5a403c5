package io.stoq.sim;

import java.util.TreeMap;

/** Drops datagrams whose UDP payload is longer than a limit, which may change, without telling anybody. */
public final class Mtu extends Element {

    private final TreeMap<Long, Integer> limits = new TreeMap<>();

    public Mtu(int maxPayloadBytes) {
        limits.put(0L, maxPayloadBytes);
    }

    /** From {@code atNs} on the limit is another one. */
    public Mtu then(long atNs, int maxPayloadBytes) {
        limits.put(atNs, maxPayloadBytes);
        return this;
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        if (datagram.length() > limits.floorEntry(nowNs).getValue()) {
            drop(datagram);
        } else {
            pass(datagram, nowNs);
        }
    }
}
