package io.stoq.sim;

import java.net.InetSocketAddress;
import java.util.TreeMap;

/**
 * A NAT whose mapping changes: from given moments on, the client's datagrams carry another source address, and what is
 * sent to an earlier one gets lost. {@link #up()} belongs into the list of elements from the client, {@link #down()}
 * into the one towards it.
 */
public final class Rebind {

    private final TreeMap<Long, InetSocketAddress> mappings = new TreeMap<>();
    private final Element up = new Up();
    private final Element down = new Down();
    private InetSocketAddress inside;

    /** From {@code atNs} on the client appears as {@code outside}; before the first such moment as itself. */
    public Rebind at(long atNs, InetSocketAddress outside) {
        mappings.put(atNs, outside);
        return this;
    }

    public Element up() {
        return up;
    }

    public Element down() {
        return down;
    }

    private InetSocketAddress outside(long nowNs) {
        var mapping = mappings.floorEntry(nowNs);
        return mapping == null ? inside : mapping.getValue();
    }

    private final class Up extends Element {

        @Override
        public void onDatagram(long nowNs, SimDatagram datagram) {
            inside = datagram.from();
            pass(datagram.from(outside(nowNs)), nowNs);
        }
    }

    private final class Down extends Element {

        @Override
        public void onDatagram(long nowNs, SimDatagram datagram) {
            if (datagram.to().equals(outside(nowNs))) {
                pass(datagram.to(inside), nowNs);
            } else {
                drop(datagram);
            }
        }
    }
}
