package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.EndpointStatistics;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.connection.Connection;
import io.stoq.connection.ConnectionListener;
import io.stoq.endpoint.Endpoint;
import io.stoq.endpoint.EndpointListener;
import io.stoq.sim.Delay;
import io.stoq.sim.Element;
import io.stoq.sim.EndpointNode;
import io.stoq.sim.Rate;
import io.stoq.sim.Seeds;
import io.stoq.sim.SimDatagram;
import io.stoq.sim.SimNode;
import io.stoq.sim.Simulation;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.openjdk.jol.info.GraphLayout;

/**
 * Forged first packets for ten seconds, up to a million, from everywhere and from one place, junk and authentic ones: what the server
 * holds stays flat, what it answers is less than what came, and a connection that was there before goes on.
 */
class FloodStoryTest {

    private static final int MILLION = 1_000_000;
    private static final int DURATION_MS = 10_000;
    private static final long FLAT_BYTES = 16 << 20;

    /** Four fifths of what the path carries in the time of the flood. */
    private static final int UPLOAD_BYTES = 40_000_000;

    private static final long PATH_BITS_PER_SECOND = 40_000_000;

    /** Authentic first packets that were prepared; each can open one connection at a time. */
    private static final int PREPARED = 2048;

    private enum Source {
        EVERYWHERE,
        ONE_PREFIX
    }

    /** The server, which hears the flood beside its network; answers to strangers are counted and go nowhere. */
    private static final class Flooded implements SimNode {

        private final EndpointNode node;
        private final Endpoint endpoint;
        private long strangersBytes;
        private long answeredBytes;
        private int longestAnswerBytes;

        Flooded(Endpoint endpoint) {
            this.endpoint = endpoint;
            this.node = new EndpointNode(endpoint, Story.SERVER, Story.MS);
        }

        void flood(long nowNs, InetSocketAddress from, byte[] packet) {
            strangersBytes += packet.length;
            endpoint.onDatagram(nowNs, new SimDatagram(from, Story.SERVER, packet.clone()).toDatagram());
        }

        @Override
        public void onDatagram(long nowNs, SimDatagram datagram) {
            node.onDatagram(nowNs, datagram);
        }

        @Override
        public void onTimeout(long nowNs) {
            node.onTimeout(nowNs);
        }

        @Override
        public SimDatagram pollTransmit(long nowNs) {
            SimDatagram datagram = node.pollTransmit(nowNs);
            while (datagram != null && !datagram.to().equals(Story.CLIENT)) {
                answeredBytes += datagram.length();
                longestAnswerBytes = Math.max(longestAnswerBytes, datagram.length());
                datagram = node.pollTransmit(nowNs);
            }
            return datagram;
        }

        @Override
        public long nextDeadlineNs() {
            return node.nextDeadlineNs();
        }
    }

    /** Remembers the first connection alone: what the server holds is measured, and nothing of the test with it. */
    private static final class Accepting implements EndpointListener {

        private final Side first = new Side();

        @Override
        public ConnectionListener onConnection(Connection connection) {
            if (first.connection != null) {
                return new Side();
            }
            first.connection = connection;
            return first;
        }
    }

    /** A client that was there before, and uploads for as long as the flood lasts. */
    private static final class Stage {

        final SplittableRandom random;
        final Simulation network;
        final Side client = new Side();
        final Flooded server;
        final Side accepted;
        private final List<byte[]> authentic = new ArrayList<>();
        private int next;

        Stage(long seed) {
            random = new SplittableRandom(seed);
            network = new Simulation(seed);
            Endpoint clientEndpoint = new Endpoint(EndpointConfig.client(), Story.clientTls(seed), connection -> null);
            Accepting accepting = new Accepting();
            accepted = accepting.first;
            server = new Flooded(
                    new Endpoint(EndpointConfig.server(ConnectionConfig.defaults()), Story.serverTls(seed), accepting));
            network.node(Story.CLIENT, new EndpointNode(clientEndpoint, Story.CLIENT, Story.MS));
            network.node(Story.SERVER, server);
            network.link(Story.CLIENT, Story.SERVER, path(), path());
            client.connection = clientEndpoint.connect(
                    network.nowNs(), Story.SERVER, "server.test", ConnectionConfig.defaults(), client);
            network.run(() -> client.complete && accepted.complete, Story.S);
            network.runFor(Story.S);
        }

        private static List<Element> path() {
            return List.of(new Rate(PATH_BITS_PER_SECOND, 1 << 18), new Delay(5 * Story.MS));
        }

        void prepare() {
            for (int i = 0; i < PREPARED; i++) {
                authentic.add(new Gate.Caller(Story.clientTls(random.nextInt(1 << 20)), Story.CLIENT)
                        .call(0, new byte[0])
                        .getFirst());
            }
        }

        /** One millisecond of it. */
        void flood(Source source, int packets) {
            for (int i = 0; i < packets; i++) {
                byte[] packet = authentic.isEmpty() ? junk() : authentic.get(next++ % authentic.size());
                server.flood(network.nowNs(), address(source), packet);
            }
            network.runFor(Story.MS);
        }

        /** A header that is right in all, and noise. */
        private byte[] junk() {
            byte[] initial = new byte[1200];
            ByteBuffer packet = ByteBuffer.wrap(initial);
            packet.put((byte) 0xc3).putInt(1).put((byte) 8).putLong(random.nextLong());
            packet.put((byte) 8).putLong(random.nextLong());
            packet.put((byte) 0).putShort((short) (0x4000 | 1200 - 26));
            while (packet.remaining() >= Long.BYTES) {
                packet.putLong(random.nextLong());
            }
            return initial;
        }

        private InetSocketAddress address(Source source) {
            long prefix = source == Source.EVERYWHERE
                    ? 0x2000_0000_0000_0000L | random.nextLong() >>> 3
                    : 0x2001_0db8_0666_0000L;
            byte[] bytes = ByteBuffer.allocate(16)
                    .putLong(prefix)
                    .putLong(random.nextLong())
                    .array();
            try {
                return new InetSocketAddress(Inet6Address.getByAddress(null, bytes, -1), 1024 + random.nextInt(64_000));
            } catch (UnknownHostException e) {
                throw new AssertionError(e);
            }
        }

        long measure() {
            return GraphLayout.parseInstance(server.endpoint).totalSize();
        }
    }

    private static void survive(long seed, boolean authentic, Source source, int packets) {
        Stage stage = new Stage(Seeds.one(seed));
        if (authentic) {
            stage.prepare();
        }
        long heldBefore = stage.server.endpoint.memory().heldBytes();
        long measuredBefore = stage.measure();
        stage.client.send(false, UPLOAD_BYTES);
        long mostHeld = 0;
        long mostMeasured = 0;
        for (int ms = 0; ms < DURATION_MS; ms++) {
            stage.flood(source, packets / DURATION_MS);
            mostHeld = Math.max(mostHeld, stage.server.endpoint.memory().heldBytes());
            if (ms % 2500 == 100) {
                mostMeasured = Math.max(mostMeasured, stage.measure());
            }
        }
        EndpointStatistics statistics = stage.server.endpoint.statistics();
        long held = mostHeld - heldBefore;
        long measured = mostMeasured - measuredBefore;
        String told = statistics + "; held " + held + ", measured " + measured + ", " + stage.server.answeredBytes
                + " bytes answered, longest " + stage.server.longestAnswerBytes;
        assertEquals(1200L * packets, stage.server.strangersBytes);
        assertTrue(held <= FLAT_BYTES, told);
        assertTrue(measured <= FLAT_BYTES, told);
        assertTrue(stage.server.answeredBytes <= 3 * stage.server.strangersBytes, told);
        assertTrue(stage.server.longestAnswerBytes <= 1200, told);
        assertTrue(statistics.retriesSent() > packets / 10, told);

        assertEquals(UPLOAD_BYTES, stage.accepted.receivedBytes(), told);
        assertNull(stage.accepted.closeReason);

        // And all is forgotten soon.
        stage.network.runFor(20 * Story.S);
        assertEquals(1, stage.server.endpoint.connections());
    }

    @Test
    void junkFromEverywhere() {
        survive(1, false, Source.EVERYWHERE, MILLION / 5);
    }

    @Test
    void junkFromOnePrefix() {
        survive(2, false, Source.ONE_PREFIX, MILLION / 5);
    }

    /** The worst of it: each packet could be a client's. */
    @Test
    void aMillionAuthenticPacketsFromEverywhere() {
        survive(3, true, Source.EVERYWHERE, MILLION);
    }

    @Test
    void authenticPacketsFromOnePrefix() {
        survive(4, true, Source.ONE_PREFIX, MILLION / 5);
    }
}
