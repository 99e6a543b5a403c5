package io.stoq.sim;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/** Two addresses and the elements between them, one list per direction. */
final class Link {

    final InetSocketAddress client;
    final InetSocketAddress server;
    final List<Element> up;
    final List<Element> down;

    Link(InetSocketAddress client, InetSocketAddress server, List<? extends Element> up, List<? extends Element> down) {
        this.client = client;
        this.server = server;
        this.up = List.copyOf(up);
        this.down = List.copyOf(down);
    }

    /** Moves everything that is due one way, in one pass from the first element to the last. */
    static boolean advance(long nowNs, List<Element> elements, Consumer<SimDatagram> arrival) {
        boolean moved = false;
        for (int i = 0; i < elements.size(); i++) {
            SimDatagram datagram;
            while ((datagram = elements.get(i).pollTransmit(nowNs)) != null) {
                moved = true;
                enter(nowNs, elements, i + 1, datagram, arrival);
            }
        }
        return moved;
    }

    /** Puts a datagram into element {@code index}, or lets it arrive where there is none. */
    static void enter(
            long nowNs, List<Element> elements, int index, SimDatagram datagram, Consumer<SimDatagram> arrival) {
        if (index < elements.size()) {
            elements.get(index).onDatagram(nowNs, datagram);
        } else {
            arrival.accept(datagram);
        }
    }
}
