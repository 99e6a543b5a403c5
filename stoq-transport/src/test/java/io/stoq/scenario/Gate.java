package io.stoq.scenario;

import io.stoq.buffer.Transmit;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.connection.Connection;
import io.stoq.connection.ConnectionListener;
import io.stoq.crypto.CryptoProvider;
import io.stoq.endpoint.Endpoint;
import io.stoq.endpoint.EndpointListener;
import io.stoq.endpoint.HandshakeTask;
import io.stoq.sim.SimDatagram;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A server that is handed datagrams by whoever wants, from whatever address: what it answers is counted, and goes nowhere
 * unless it is taken there. Time passes when the test says so; handshake work takes none.
 */
final class Gate {

    final Endpoint server;
    final List<Side> accepted = new ArrayList<>();
    long nowNs;
    long receivedBytes;
    long sentBytes;
    private final Transmit transmit = new Transmit(MemorySegment.ofArray(new byte[1 << 16]), Transmit.MAX_SEGMENTS);

    Gate(EndpointConfig config, CryptoProvider tls) {
        EndpointListener listener = this::onConnection;
        server = new Endpoint(config, tls, listener);
    }

    private ConnectionListener onConnection(Connection connection) {
        Side side = new Side();
        side.connection = connection;
        accepted.add(side);
        return side;
    }

    /** Takes one datagram; returns what the server says to it at once. */
    List<byte[]> receive(byte[] payload, InetSocketAddress from) {
        receivedBytes += payload.length;
        server.onDatagram(nowNs, new SimDatagram(from, Story.SERVER, payload.clone()).toDatagram());
        return answers();
    }

    /** Lets all of this time pass, without a word from anybody. */
    void pass(long ns) {
        long endNs = nowNs + ns;
        answers();
        while (server.nextDeadlineNs() <= endNs) {
            nowNs = Math.max(nowNs, server.nextDeadlineNs());
            server.onTimeout(nowNs);
            answers();
        }
        nowNs = endNs;
    }

    private List<byte[]> answers() {
        List<byte[]> answers = new ArrayList<>();
        drain(server, nowNs, transmit, Story.SERVER, answers);
        answers.forEach(answer -> sentBytes += answer.length);
        return answers;
    }

    private static void drain(
            Endpoint endpoint, long nowNs, Transmit transmit, InetSocketAddress as, List<byte[]> out) {
        boolean more = true;
        while (more) {
            more = false;
            for (HandshakeTask task = endpoint.pollTask(); task != null; task = endpoint.pollTask()) {
                task.run();
                endpoint.onTaskDone(nowNs, task);
                more = true;
            }
            while (endpoint.pollTransmit(nowNs, transmit)) {
                SimDatagram.split(transmit, as, datagram -> out.add(datagram.payload()));
                more = true;
            }
        }
    }

    /** A real client at some address, whose datagrams are carried by hand. */
    static final class Caller {

        final Side side = new Side();
        private final Endpoint endpoint;
        private final InetSocketAddress address;
        private final Transmit transmit = new Transmit(MemorySegment.ofArray(new byte[1 << 16]), Transmit.MAX_SEGMENTS);

        Caller(CryptoProvider tls, InetSocketAddress address) {
            this.endpoint = new Endpoint(EndpointConfig.client(), tls, connection -> null);
            this.address = address;
        }

        /** What a client sends first. */
        List<byte[]> call(long nowNs, byte[] token) {
            side.connection =
                    endpoint.connect(nowNs, Story.SERVER, "server.test", token, ConnectionConfig.defaults(), side);
            return pending(nowNs);
        }

        List<byte[]> hear(long nowNs, List<byte[]> datagrams) {
            for (byte[] datagram : datagrams) {
                endpoint.onDatagram(nowNs, new SimDatagram(Story.SERVER, address, datagram.clone()).toDatagram());
            }
            return pending(nowNs);
        }

        private List<byte[]> pending(long nowNs) {
            List<byte[]> out = new ArrayList<>();
            drain(endpoint, nowNs, transmit, address, out);
            return out;
        }

        /** Calls the server, and goes on until both have nothing more to say. */
        Side converse(Gate gate, byte[] token) {
            List<byte[]> said = call(gate.nowNs, token);
            while (!said.isEmpty()) {
                List<byte[]> answers = new ArrayList<>();
                said.forEach(datagram -> answers.addAll(gate.receive(datagram, address)));
                said = hear(gate.nowNs, answers);
            }
            return side;
        }
    }
}
