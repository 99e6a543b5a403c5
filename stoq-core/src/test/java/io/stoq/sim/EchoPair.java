package io.stoq.sim;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * A client that sends numbered datagrams at an interval, and a server that sends them back: traffic for tests of the
 * network.
 */
final class EchoPair {

    static final InetSocketAddress CLIENT = new InetSocketAddress("2001:db8::c", 50_000);
    static final InetSocketAddress SERVER = new InetSocketAddress("2001:db8::5", 443);

    final Client client;
    final Server server = new Server();

    /** @param intervalNs 0 to send all at once */
    EchoPair(int datagrams, int bytes, long intervalNs) {
        client = new Client(datagrams, bytes, intervalNs);
    }

    /** Adds both nodes and a link between them. */
    Simulation join(Simulation simulation, List<? extends Element> up, List<? extends Element> down) {
        simulation.node(CLIENT, client);
        simulation.node(SERVER, server);
        simulation.link(CLIENT, SERVER, up, down);
        return simulation;
    }

    static int numberOf(SimDatagram datagram) {
        return ByteBuffer.wrap(datagram.payload()).getInt();
    }

    /** What arrived: number, time, source. */
    record Arrival(int number, long atNs, InetSocketAddress from, int ecn) {}

    static final class Client implements SimNode {

        final List<Arrival> arrivals = new ArrayList<>();
        private final int total;
        private final int bytes;
        private final long intervalNs;
        private int sent;

        Client(int total, int bytes, long intervalNs) {
            this.total = total;
            this.bytes = bytes;
            this.intervalNs = intervalNs;
        }

        @Override
        public void onDatagram(long nowNs, SimDatagram datagram) {
            arrivals.add(new Arrival(numberOf(datagram), nowNs, datagram.from(), datagram.ecn()));
        }

        @Override
        public void onTimeout(long nowNs) {}

        @Override
        public SimDatagram pollTransmit(long nowNs) {
            if (sent == total || nowNs < sent * intervalNs) {
                return null;
            }
            byte[] payload = ByteBuffer.allocate(bytes).putInt(sent++).array();
            return new SimDatagram(CLIENT, SERVER, payload, 2);
        }

        @Override
        public long nextDeadlineNs() {
            return sent == total ? Long.MAX_VALUE : sent * intervalNs;
        }
    }

    static final class Server implements SimNode {

        final List<Arrival> arrivals = new ArrayList<>();
        private final Queue<SimDatagram> answers = new ArrayDeque<>();

        @Override
        public void onDatagram(long nowNs, SimDatagram datagram) {
            arrivals.add(new Arrival(numberOf(datagram), nowNs, datagram.from(), datagram.ecn()));
            answers.add(new SimDatagram(SERVER, datagram.from(), datagram.payload(), datagram.ecn()));
        }

        @Override
        public void onTimeout(long nowNs) {}

        @Override
        public SimDatagram pollTransmit(long nowNs) {
            return answers.poll();
        }

        @Override
        public long nextDeadlineNs() {
            return Long.MAX_VALUE;
        }
    }
}
