package io.stoq.sim;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One element that several links pass through, such as the queue of a bottleneck. Each link takes a {@link #port()} into its
 * list; what enters by a port leaves by the same one and goes on along that link. Whose a datagram is tell its two
 * addresses, which the element must not change, and which no two links may have in common.
 */
public final class Shared<E extends Element> {

    private final E element;
    private final Map<Route, Port> ports = new HashMap<>();
    private boolean attached;

    private record Route(InetSocketAddress from, InetSocketAddress to) {

        static Route of(SimDatagram datagram) {
            return new Route(datagram.from(), datagram.to());
        }
    }

    public Shared(E element) {
        this.element = element;
    }

    /** What is shared, for its counts. */
    public E element() {
        return element;
    }

    /** An entrance and exit, for one link. */
    public Element port() {
        return new Port();
    }

    private final class Port extends Element {

        private final ArrayDeque<SimDatagram> out = new ArrayDeque<>();
        private long outSinceNs;

        @Override
        public void onDatagram(long nowNs, SimDatagram datagram) {
            ports.put(Route.of(datagram), this);
            element.onDatagram(nowNs, datagram);
        }

        /** Takes out what is due for any port, so that the element's order is kept; the others find theirs waiting. */
        @Override
        public SimDatagram pollTransmit(long nowNs) {
            SimDatagram datagram;
            while (out.isEmpty() && (datagram = element.pollTransmit(nowNs)) != null) {
                Port owner = ports.get(Route.of(datagram));
                owner.out.add(datagram);
                owner.outSinceNs = nowNs;
            }
            return out.poll();
        }

        @Override
        public long nextDeadlineNs() {
            return out.isEmpty() ? element.nextDeadlineNs() : outSinceNs;
        }

        @Override
        public int heldDatagrams() {
            return element.heldDatagrams();
        }

        @Override
        public long passedDatagrams() {
            return element.passedDatagrams();
        }

        @Override
        public long passedBytes() {
            return element.passedBytes();
        }

        @Override
        public long droppedDatagrams() {
            return element.droppedDatagrams();
        }

        @Override
        public long droppedBytes() {
            return element.droppedBytes();
        }

        @Override
        void attach(SplittableRandom source) {
            super.attach(source);
            if (!attached) {
                attached = true;
                element.attach(source.split());
            }
        }

        @Override
        public String toString() {
            return "port of " + element;
        }
    }
}
