package io.stoq.sim;

/** Drops datagrams whose UDP payload is longer than a limit, without telling anybody. */
public final class Mtu extends Element {

    private final int maxPayloadBytes;

    public Mtu(int maxPayloadBytes) {
        this.maxPayloadBytes = maxPayloadBytes;
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        if (datagram.length() > maxPayloadBytes) {
            drop(datagram);
        } else {
            pass(datagram, nowNs);
        }
    }
}
