package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.ConnectionStatistics;
import io.stoq.EcnState;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.congestion.CongestionAlgorithm;
import io.stoq.sim.Delay;
import io.stoq.sim.Duplicate;
import io.stoq.sim.Element;
import io.stoq.sim.Mtu;
import io.stoq.sim.Rate;
import io.stoq.sim.Rebind;
import io.stoq.sim.Reorder;
import io.stoq.sim.Seeds;
import io.stoq.sim.SimDatagram;
import io.stoq.sim.Tap;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Explicit Congestion Notification over paths that carry it, and over those that do not. RFC 9000 §13.4 */
class EcnStoryTest {

    private static final int MIB = 1 << 20;
    private static final int ECT1 = 1;
    private static final int ECT0 = 2;

    @Test
    void aCleanPathIsCapableInBothDirections() {
        Tap up = new Tap();
        Tap down = new Tap();
        Story story = new Story(Seeds.one(61), path(up), path(down));
        story.connect();
        transfer(story);
        for (Side side : List.of(story.client, story.server)) {
            ConnectionStatistics statistics = side.connection.statistics();
            assertEquals(EcnState.CAPABLE, statistics.ecn().state());
            assertEquals(0, statistics.ecn().marksReported());
            assertEquals(0, statistics.losses().packets());
        }
        ConnectionStatistics client = story.client.connection.statistics();
        ConnectionStatistics server = story.server.connection.statistics();
        // Some are under way, and some of the handshake come when their keys are gone.
        assertEquals(client.ecn().packetsSent(), server.ecn().packetsReceived(), 5);
        assertTrue(client.ecn().packetsSent() > client.packetsSent() * 9 / 10, client.toString());
    }

    @ParameterizedTest
    @EnumSource(CongestionAlgorithm.class)
    void aQueueThatMarksSlowsTheSenderDownWithoutLoss(CongestionAlgorithm algorithm) {
        ConnectionConfig config =
                ConnectionConfig.builder().congestion(algorithm).build();
        Rate bottleneck = new Rate(20_000_000, MIB, 60_000);
        Story story = new Story(
                Seeds.one(62),
                List.of(bottleneck, new Delay(10 * Story.MS)),
                List.of(new Delay(10 * Story.MS)),
                config,
                EndpointConfig.server(config));
        story.connect();
        story.client.send(true, 8 * MIB);
        story.run(() -> story.server.finishedStreams() == 1, 30 * Story.S);
        ConnectionStatistics statistics = story.client.connection.statistics();
        assertEquals(EcnState.CAPABLE, statistics.ecn().state());
        assertTrue(statistics.ecn().marksReported() > 0, statistics.toString());
        // The last ones may be under way still.
        assertEquals(
                bottleneck.markedDatagrams(),
                story.server.connection.statistics().ecn().marksReceived(),
                2);
        assertEquals(0, statistics.losses().packets());
        assertTrue(bottleneck.maxQueuedBytes() < MIB / 2, "the queue held " + bottleneck.maxQueuedBytes());
        story.network.requireNoDrops();
        long floorNs = 8L * MIB * 8 * Story.S / 20_000_000;
        assertTrue(story.network.nowNs() < floorNs * 5 / 4, "took " + story.network.nowNs());
    }

    @Test
    void lossReorderingAndDuplicationAreNoReasonToEndIt() {
        Seeds.each(8, seed -> {
            Tap up = new Tap();
            Tap down = new Tap();
            Rate bottleneck = new Rate(50_000_000, 100_000, 40_000);
            Story story = new Story(seed, rough(up, bottleneck), rough(down, new Rate(50_000_000, 100_000, 40_000)));
            story.connect();
            transfer(story);
            SplittableRandom random = story.network.random();
            up.dropIf(datagram -> random.nextInt(30) == 0);
            down.dropIf(datagram -> random.nextInt(30) == 0);
            for (int i = 0; i < 6; i++) {
                transfer(story);
            }
            for (Side side : List.of(story.client, story.server)) {
                ConnectionStatistics statistics = side.connection.statistics();
                assertEquals(EcnState.CAPABLE, statistics.ecn().state(), () -> "seed " + seed + ": " + statistics);
                assertTrue(statistics.losses().packets() > 20, statistics.toString());
            }
            assertTrue(bottleneck.markedDatagrams() > 0);
        });
    }

    private static List<Element> rough(Tap tap, Rate rate) {
        return List.of(
                tap,
                new Mtu(1452),
                rate,
                new Reorder(0.05, 5 * Story.MS),
                new Duplicate(0.02),
                new Delay(10 * Story.MS));
    }

    @Test
    void bleachedPacketsEndIt() {
        assertFails(63, datagram -> datagram.ecn(0));
    }

    @Test
    void packetsTurnedIntoEct1EndIt() {
        assertFails(64, datagram -> datagram.ecn() == ECT0 ? datagram.ecn(ECT1) : datagram);
    }

    @Test
    void aPathThatMarksEverythingIsNotBelieved() {
        ConnectionStatistics statistics =
                assertFails(65, datagram -> datagram.ecn() == 0 ? datagram : datagram.ecn(SimDatagram.CE));
        assertTrue(statistics.path().windowBytes() > 200_000, statistics.toString());
    }

    @Test
    void bleachingThatBeginsLaterEndsItThen() {
        Tap up = new Tap();
        Story story = new Story(Seeds.one(66), path(up), path(new Tap()));
        story.connect();
        transfer(story);
        assertEquals(
                EcnState.CAPABLE, story.client.connection.statistics().ecn().state());
        up.change(datagram -> datagram.ecn(0));
        transfer(story);
        assertEquals(EcnState.FAILED, story.client.connection.statistics().ecn().state());
        assertEquals(
                EcnState.CAPABLE, story.server.connection.statistics().ecn().state());
        assertEquals(0, story.client.connection.statistics().losses().packets());
    }

    @Test
    void aPathThatDropsEverythingMarkedCostsOneTimeoutAndNotTheConnection() {
        Tap up = new Tap().dropIf(datagram -> datagram.ecn() != 0);
        Tap down = new Tap().dropIf(datagram -> datagram.ecn() != 0);
        Story story = new Story(Seeds.one(67), path(up), path(down));
        story.connect();
        assertTrue(story.network.nowNs() < 5 * Story.S, "took " + story.network.nowNs());
        transfer(story);
        assertEquals(EcnState.FAILED, story.client.connection.statistics().ecn().state());
        assertEquals(EcnState.FAILED, story.server.connection.statistics().ecn().state());
        long marked = up.droppedDatagrams() + down.droppedDatagrams();
        assertTrue(marked <= 20, marked + " datagrams were lost for their marks");
    }

    @Test
    void anotherPathIsTestedAnew() {
        Tap down = new Tap().change(datagram -> datagram.ecn(0));
        Rebind rebind = new Rebind().at(5 * Story.S, new InetSocketAddress("2001:db8::d", 50_002));
        Story story = new Story(
                Seeds.one(68),
                List.of(rebind.up(), new Delay(5 * Story.MS)),
                List.of(down, new Delay(5 * Story.MS), rebind.down()));
        story.connect();
        transfer(story);
        assertEquals(EcnState.FAILED, story.server.connection.statistics().ecn().state());
        story.network.runFor(5 * Story.S - story.network.nowNs());
        down.change(UnaryOperator.identity());
        transfer(story);
        assertEquals(1, story.server.moves.size());
        assertEquals(
                EcnState.CAPABLE, story.server.connection.statistics().ecn().state());
    }

    @Test
    void aSenderThatDoesWithoutSendsNothingMarked() {
        ConnectionConfig without = ConnectionConfig.builder().ecn(false).build();
        Tap up = new Tap().observe((nowNs, datagram) -> assertEquals(0, datagram.ecn()));
        Story story = new Story(
                Seeds.one(69), path(up), path(new Tap()), without, EndpointConfig.server(ConnectionConfig.defaults()));
        story.connect();
        transfer(story);
        assertEquals(EcnState.OFF, story.client.connection.statistics().ecn().state());
        assertEquals(
                EcnState.CAPABLE, story.server.connection.statistics().ecn().state());
    }

    private static ConnectionStatistics assertFails(long seed, UnaryOperator<SimDatagram> mangling) {
        Tap up = new Tap().change(mangling);
        Story story = new Story(Seeds.one(seed), path(up), path(new Tap()));
        story.connect();
        transfer(story);
        ConnectionStatistics statistics = story.client.connection.statistics();
        assertEquals(EcnState.FAILED, statistics.ecn().state());
        assertEquals(
                EcnState.CAPABLE, story.server.connection.statistics().ecn().state());
        assertEquals(0, statistics.ecn().marksReported());
        assertEquals(0, statistics.losses().packets());
        long marked = statistics.ecn().packetsSent();
        assertTrue(marked <= 20, marked + " packets were marked");
        transfer(story);
        assertEquals(marked, story.client.connection.statistics().ecn().packetsSent(), "no more of them");
        return story.client.connection.statistics();
    }

    /** Each side sends a MiB on a stream of its own. */
    private static void transfer(Story story) {
        long clientDone = story.client.finishedStreams() + 1;
        long serverDone = story.server.finishedStreams() + 1;
        story.client.send(false, MIB);
        story.server.send(false, MIB);
        story.run(
                () -> story.client.finishedStreams() == clientDone && story.server.finishedStreams() == serverDone,
                30 * Story.S);
    }

    private static List<Element> path(Tap tap) {
        return List.of(tap, new Rate(1_000_000_000, 16 * MIB), new Delay(5 * Story.MS));
    }
}
