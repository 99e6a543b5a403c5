package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.CloseReason;
import io.stoq.MemoryStatistics;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.connection.Connection;
import io.stoq.endpoint.Endpoint;
import io.stoq.sim.Delay;
import io.stoq.sim.Element;
import io.stoq.sim.EndpointNode;
import io.stoq.sim.Loss;
import io.stoq.sim.Rate;
import io.stoq.sim.Reorder;
import io.stoq.sim.Seeds;
import io.stoq.stream.Stream;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.frame.StreamFrame;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many connections and one budget: newcomers are refused, those that hold most give way, the others notice nothing. */
class EndpointMemoryStoryTest {

    private static final int MIB = 1 << 20;
    private static final InetSocketAddress OTHER = new InetSocketAddress("2001:db8::d", 50_001);

    private static List<Element> delay() {
        return List.of(new Delay(5 * Story.MS));
    }

    @Test
    void newConnectionsAreRefusedWhileOldOnesWork() {
        Story story = new Story(
                Seeds.one(1),
                delay(),
                delay(),
                ConnectionConfig.defaults(),
                EndpointConfig.server(ConnectionConfig.defaults()).withMemoryBytes(MIB));
        story.connect();
        List<Side> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            clients.add(connect(story));
            story.network.runFor(20 * Story.MS);
        }
        List<Side> accepted = clients.stream().filter(side -> side.complete).toList();
        List<Side> refused =
                clients.stream().filter(side -> side.closeReason != null).toList();
        assertTrue(accepted.size() > 10, () -> accepted.size() + " were accepted");
        assertEquals(100, accepted.size() + refused.size());
        for (Side side : refused) {
            CloseReason.Transport reason = assertInstanceOf(CloseReason.Transport.class, side.closeReason);
            assertEquals(TransportErrorCode.CONNECTION_REFUSED, reason.code());
        }
        MemoryStatistics memory = story.serverEndpoint.statistics().memory();
        assertTrue(memory.connectionsRefused() >= refused.size());
        assertTrue(memory.peakBytes() <= MIB);
        assertEquals(0, memory.withheld());

        story.client.send(true, 300_000);
        story.run(() -> story.server.receivedBytes() == 300_000, 60 * Story.S);

        accepted.subList(0, 10).forEach(side -> side.connection.close(story.network.nowNs(), 0, ""));
        story.server.closeReason = null;
        story.network.runFor(5 * Story.S);
        Side late = connect(story);
        story.network.run(() -> late.complete, Story.S);
    }

    private static Side connect(Story story) {
        Side side = new Side();
        side.connection = story.clientEndpoint.connect(
                story.network.nowNs(), Story.SERVER, "server.test", ConnectionConfig.defaults(), side);
        return side;
    }

    /** A peer that makes the server hold more and more, and a client that just wants to transfer something. */
    private static final class Neighbours {

        static final int ENDPOINT_BYTES = 2 * MIB;
        final HostilePeer hog;
        final Connection hogAtServer;
        final Side other = new Side();
        private int blocks;

        Neighbours(long seed) {
            ConnectionConfig config = ConnectionConfig.builder()
                    .connectionWindowBytes(16 * MIB, 16 * MIB)
                    .streamWindowBytes(MIB, MIB)
                    .maxStreams(100, 0)
                    .build();
            hog = new HostilePeer(seed, EndpointConfig.server(config).withMemoryBytes(ENDPOINT_BYTES));
            hogAtServer = hog.story.server.connection;
            Endpoint endpoint = new Endpoint(EndpointConfig.client(), Story.clientTls(seed + 1), connection -> null);
            hog.story.network.node(OTHER, new EndpointNode(endpoint, OTHER, Story.MS));
            hog.story.network.link(OTHER, Story.SERVER, delay(), delay());
            other.connection = endpoint.connect(
                    hog.story.network.nowNs(), Story.SERVER, "server.test", ConnectionConfig.defaults(), other);
            hog.story.network.run(() -> other.complete, Story.S);
        }

        /** One byte in each of some blocks, of one stream after the other. */
        void hog() {
            hog.send(out -> {
                for (int i = 0; i < 8; i++, blocks++) {
                    StreamFrame.writeHeader(out, 4L * (1 + blocks / 100), 1 + 8192L * (blocks % 100), 1, false);
                    out.putByte(1);
                }
            });
            assertTrue(hog.held() <= 2 * ENDPOINT_BYTES, () -> hog.held() + " are held");
        }

        MemoryStatistics memory() {
            return hog.memory().statistics();
        }

        /** All of what the other client has to send arrives, and it gets an answer. */
        void requireOtherWorks() {
            Stream stream = other.send(true, 3 * MIB);
            hog.story.network.run(() -> other.incoming.get(stream.id()).closed, 60 * Story.S);
            assertEquals(-1, other.incoming.get(stream.id()).stopCode);
        }
    }

    @Test
    void theConnectionThatHoldsMostLosesStreamsAndItsNeighbourNothing() {
        Neighbours neighbours = new Neighbours(Seeds.one(2));
        while (neighbours.memory().streamsReset() == 0) {
            neighbours.hog();
        }
        assertEquals(1, neighbours.memory().withheld());
        neighbours.requireOtherWorks();
        for (int i = 0; i < 60; i++) {
            neighbours.hog();
        }
        neighbours.requireOtherWorks();
        assertTrue(neighbours.hog.serverIsOpen());
    }

    @Test
    void theConnectionThatCannotGiveBackIsClosedForItsNeighbour() {
        Neighbours neighbours = new Neighbours(Seeds.one(3));
        int kept = 256 << 10;
        neighbours.hog.story.server.onOpened = at -> at.memory().charge(at == neighbours.hogAtServer ? kept : 0);
        int[] opened = {0};
        neighbours.hog.story.server.onEnded =
                at -> at.memory().release(at == neighbours.hogAtServer ? opened[0] * kept : 0);
        while (neighbours.hog.serverIsOpen()) {
            opened[0]++;
            long id = 4L * (opened[0] - 1);
            neighbours.hog.send(out -> {
                StreamFrame.writeHeader(out, id, 0, 1, false);
                out.putByte(1);
            });
        }
        CloseReason reason = neighbours.hog.story.server.closeReason;
        assertTrue(reason.describe().contains("endpoint"), reason::describe);
        assertEquals(1, neighbours.memory().connectionsClosed());
        assertTrue(neighbours.memory().peakBytes() <= 2 * Neighbours.ENDPOINT_BYTES);
        neighbours.hog.story.server.onOpened = at -> {};
        neighbours.requireOtherWorks();
    }

    @Test
    void transfersOverLongAndLossyPathsNeverComeNear() {
        Seeds.each(2, seed -> {
            Story story = new Story(seed, longPath(), longPath());
            story.connect();
            for (int i = 0; i < 64; i++) {
                story.client.send(true, MIB / 2);
                story.server.send(false, MIB / 2);
            }
            story.run(
                    () -> story.server.finishedStreams() == 64 && story.client.finishedStreams() == 128, 600 * Story.S);
            for (Endpoint endpoint : List.of(story.clientEndpoint, story.serverEndpoint)) {
                MemoryStatistics memory = endpoint.statistics().memory();
                assertEquals(0, memory.withheld());
                assertEquals(0, memory.streamsReset());
                assertTrue(memory.peakBytes() > MIB, "there was something to hold");
            }
        });
    }

    private static List<Element> longPath() {
        return List.of(
                new Loss(0.005),
                new Reorder(0.02, 10 * Story.MS),
                new Rate(400_000_000L, 8L * MIB),
                new Delay(75 * Story.MS));
    }
}
