package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.buffer.Transmit;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.sim.Blackout;
import io.stoq.sim.Delay;
import io.stoq.sim.Element;
import io.stoq.sim.Loss;
import io.stoq.sim.Mtu;
import io.stoq.sim.Rate;
import io.stoq.sim.Rebind;
import io.stoq.sim.Reorder;
import io.stoq.sim.Seeds;
import io.stoq.sim.Tap;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How large datagrams get: RFC 8899 and RFC 9000 §14, by default settings where nothing else is said. */
class MtuStoryTest {

    private static final int MIB = 1 << 20;
    private static final int ROUND_TRIP_MS = 20;
    private static final int HEADERS_BYTES = 48;
    private static final int LARGEST_BYTES = 65_487;

    /** One direction of a fast link with half a round trip of delay. */
    private static List<Element> link(Element... elements) {
        List<Element> all = new ArrayList<>(List.of(elements));
        all.add(new Rate(400_000_000L, 64 * MIB));
        all.add(new Delay(ROUND_TRIP_MS / 2 * Story.MS));
        return all;
    }

    private static int size(Side side) {
        return side.connection.statistics().path().maxDatagramBytes();
    }

    private static long lost(Side side) {
        return side.connection.statistics().losses().packets();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1280, 1281, 1300, 1400, 1420, 1492, 1500, 2044, 4352, 8192, 9000, 9001, 16_431, 40_000, 65_534})
    void aTransferFillsWhateverTheLinkCarriesWithinFiftyRoundTrips(int linkMtu) {
        for (int interfaceMtu : new int[] {0, 1500, 9000, 65_536}) {
            if (interfaceMtu != 0 && interfaceMtu < linkMtu) {
                continue;
            }
            int carried = linkMtu - HEADERS_BYTES;
            Story story = new Story(Seeds.one(41), link(new Mtu(carried)), link(new Mtu(carried)));
            story.connect();
            story.client.connection.interfaceMtu(interfaceMtu);
            story.client.send(false, 48 * MIB);
            int good = Math.min(LARGEST_BYTES, carried - Math.max(16, carried / 128) + 1);
            story.run(() -> size(story.client) >= good, 50L * ROUND_TRIP_MS * Story.MS);
            assertTrue(size(story.client) <= carried, "datagrams of " + size(story.client));
        }
    }

    @Test
    void theLoopbackIsFilledByTwoProbesAndAFewRoundTrips() {
        Tap tap = new Tap();
        List<Integer> steps = new ArrayList<>();
        tap.observe((nowNs, datagram) -> {
            if (datagram.length() > (steps.isEmpty() ? 1232 : steps.getLast())) {
                steps.add(datagram.length());
            }
        });
        Story story = new Story(Seeds.one(42), link(tap, new Mtu(65_488)), link(new Mtu(65_488)));
        story.startConnecting();
        story.client.connection.interfaceMtu(65_536);
        story.awaitHandshake();
        long startNs = story.network.nowNs();
        story.client.send(false, 20 * MIB);
        story.run(() -> size(story.client) == LARGEST_BYTES, 50L * ROUND_TRIP_MS * Story.MS);
        assertEquals(List.of(8952, LARGEST_BYTES), steps);
        assertTrue(
                story.network.nowNs() - startNs < 8L * ROUND_TRIP_MS * Story.MS,
                "took " + (story.network.nowNs() - startNs) / Story.MS + " ms");
        story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
        assertEquals(0, lost(story.client));
        story.network.requireNoDrops();
    }

    @Test
    void anEthernetIsFilledWithinARoundTripOfTheHandshake() {
        Story story = new Story(Seeds.one(43), link(new Mtu(1452)), link(new Mtu(1452)));
        story.startConnecting();
        story.client.connection.interfaceMtu(1500);
        story.awaitHandshake();
        story.server.connection.interfaceMtu(1500);
        story.network.runFor(2L * ROUND_TRIP_MS * Story.MS + 30 * Story.MS);
        assertEquals(1452, size(story.client));
        assertEquals(1452, size(story.server));
        story.network.requireNoDrops();
    }

    @Test
    void aCeilingIsKept() {
        ConnectionConfig ceiling =
                ConnectionConfig.builder().maxUdpPayloadBytes(1452).build();
        Tap tap = new Tap();
        Story story = new Story(Seeds.one(44), link(tap), link(), ceiling, EndpointConfig.server(ceiling));
        story.connect();
        story.client.connection.interfaceMtu(65_536);
        story.client.send(false, 4 * MIB);
        story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
        assertEquals(1452, tap.largestBytes());
        assertEquals(1452, size(story.client));
    }

    @ParameterizedTest
    @ValueSource(ints = {1200, 1201, 1300, 1452, 4000})
    void aPeersSmallLimitIsHonoured(int limit) {
        ConnectionConfig small =
                ConnectionConfig.builder().maxReceiveUdpPayloadBytes(limit).build();
        Tap tap = new Tap();
        Story story =
                new Story(Seeds.one(45), link(tap), link(), ConnectionConfig.defaults(), EndpointConfig.server(small));
        story.connect();
        story.client.connection.interfaceMtu(65_536);
        story.client.send(false, 4 * MIB);
        story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
        assertEquals(limit, tap.largestBytes());
        assertEquals(limit, size(story.client));
    }

    @Test
    void aLostProbeIsNoSignOfCongestion() {
        Mtu narrow = new Mtu(1232);
        Story story = new Story(Seeds.one(46), link(narrow), link());
        story.connect();
        story.client.connection.interfaceMtu(9000);
        story.client.send(false, MIB);
        long[] window = {0};
        story.run(
                () -> {
                    long now = story.client.connection.statistics().path().windowBytes();
                    assertTrue(now >= window[0], "the window fell from " + window[0] + " to " + now);
                    window[0] = now;
                    return story.server.finishedStreams() == 1;
                },
                60 * Story.S);
        assertTrue(narrow.droppedDatagrams() >= 3, narrow::toString);
        assertEquals(1232, size(story.client));
        assertEquals(0, lost(story.client));
        assertEquals(0, story.client.connection.statistics().losses().probeTimeouts());
        // Probes that were lost are found out about by what comes after them.
        for (int pings = 0; pings < 20; pings++) {
            story.client.connection.ping();
            story.network.runFor(100 * Story.MS);
        }
        assertEquals(0, story.client.connection.statistics().path().bytesInFlight());
    }

    @ParameterizedTest
    @ValueSource(ints = {1252, 1352, 1452, 5000})
    void aTransferSurvivesABlackHole(int afterwards) {
        Seeds.each(3, seed -> {
            Mtu shrinking = new Mtu(8952).then(500 * Story.MS, afterwards);
            Story story = new Story(seed, slow(shrinking), slow());
            story.connect();
            story.client.send(false, 24 * MIB);
            story.run(() -> size(story.client) == 8952, 500 * Story.MS);
            story.run(() -> story.network.nowNs() > 500 * Story.MS && size(story.client) == 1200, Story.S);
            // From the base it is back at what the path carries, which a transfer of this size would not live to see
            // else.
            story.run(() -> size(story.client) > afterwards - Math.max(16, afterwards / 64), 2 * Story.S);
            story.run(() -> story.server.finishedStreams() == 1, 30 * Story.S);
            assertEquals(24 * MIB, story.server.receivedBytes());
            assertTrue(size(story.client) <= afterwards);
        });
    }

    @Test
    void aPathThatCarriesNoMoreThanQuicNeedsIsNotLost() {
        // Some tunnels carry 1200 bytes and not what IPv6 promises.
        Story story = new Story(Seeds.one(47), slow(new Mtu(1200)), slow(new Mtu(1200)));
        story.connect();
        story.client.send(false, MIB);
        story.server.send(false, MIB);
        story.run(() -> story.server.finishedStreams() == 1 && story.client.finishedStreams() == 1, 30 * Story.S);
        assertEquals(1200, size(story.client));
        assertEquals(1200, size(story.server));
    }

    @Test
    void anOutageIsNotTakenForABlackHoleForLong() {
        Story story = new Story(
                Seeds.one(48),
                slow(new Mtu(8952), new Blackout(500 * Story.MS, 2 * Story.S)),
                slow(new Blackout(500 * Story.MS, 2 * Story.S)));
        story.connect();
        story.client.send(false, 40 * MIB);
        story.run(() -> story.network.nowNs() >= 500 * Story.MS, Story.S);
        assertEquals(8952, size(story.client));
        story.run(() -> story.network.nowNs() > 5 * Story.S && size(story.client) == 8952, 6 * Story.S);
        story.run(() -> story.server.finishedStreams() == 1, 30 * Story.S);
    }

    private static List<Element> slow(Element... elements) {
        List<Element> all = new ArrayList<>(List.of(elements));
        all.add(new Rate(100_000_000L, MIB));
        all.add(new Delay(ROUND_TRIP_MS / 2 * Story.MS));
        return all;
    }

    @Test
    void randomLossDoesNotKeepDatagramsSmall() {
        Seeds.each(8, seed -> {
            Story story = new Story(
                    seed,
                    slow(new Loss(0.05), new Reorder(0.05, 5 * Story.MS), new Mtu(1452)),
                    slow(new Loss(0.05), new Reorder(0.05, 5 * Story.MS), new Mtu(1452)));
            story.connect();
            story.client.connection.interfaceMtu(1500);
            story.client.send(false, 6 * MIB);
            long[] full = {0};
            story.run(
                    () -> {
                        full[0] += size(story.client) == 1452 ? 1 : 0;
                        return story.server.finishedStreams() == 1;
                    },
                    600 * Story.S);
            assertTrue(full[0] > 0);
            assertTrue(size(story.client) >= 1200 && size(story.client) <= 1452);
            // However it ended, more traffic brings it back.
            story.client.send(false, 6 * MIB);
            story.run(() -> size(story.client) == 1452, 60 * Story.S);
        });
    }

    @Test
    void aSizeThatWasBeyondThePathIsTriedAgainByTrafficTenMinutesLater() {
        ConnectionConfig patient =
                ConnectionConfig.builder().idleTimeout(Duration.ofHours(1)).build();
        Mtu growing = new Mtu(1232).then(60 * Story.S, 1452);
        Story story = new Story(Seeds.one(49), link(growing), link(), patient, EndpointConfig.server(patient));
        story.connect();
        story.client.connection.interfaceMtu(1500);
        story.client.send(false, MIB);
        story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
        story.network.runFor(60 * Story.S);
        story.client.send(false, MIB);
        story.run(() -> story.server.finishedStreams() == 2, 60 * Story.S);
        assertEquals(1232, size(story.client), "the search rests");

        story.network.runFor(Story.S);
        long packets = story.client.connection.statistics().packetsSent();
        story.network.runFor(900 * Story.S);
        assertEquals(packets, story.client.connection.statistics().packetsSent(), "and wakes nobody up");
        story.client.send(false, MIB);
        story.run(() -> story.server.finishedStreams() == 3, 60 * Story.S);
        story.run(() -> size(story.client) == 1452, Story.S);
    }

    @Test
    void aSearchThatFindsNothingLeavesAnIdleConnectionQuiet() {
        Story story = new Story(Seeds.one(50), link(new Mtu(1232)), link(new Mtu(1232)));
        story.startConnecting();
        story.client.connection.interfaceMtu(9000);
        story.awaitHandshake();
        story.network.runFor(Story.S);
        long packets = story.client.connection.statistics().packetsSent()
                + story.server.connection.statistics().packetsSent();
        assertTrue(packets < 25, packets + " packets");
        story.network.runFor(25 * Story.S);
        assertEquals(
                packets,
                story.client.connection.statistics().packetsSent()
                        + story.server.connection.statistics().packetsSent());
        assertEquals(0, story.client.connection.statistics().losses().probeTimeouts());
        // A probe that nobody waited for does not stand in the way of what comes.
        story.client.send(false, 100_000);
        story.run(() -> story.server.finishedStreams() == 1, 2 * Story.S);
    }

    @Test
    void aProbeTravelsAlone() {
        Story story = new Story(Seeds.one(51), link(), link());
        story.startConnecting();
        story.client.connection.interfaceMtu(1500);
        story.awaitHandshake();
        story.client.send(false, MIB);
        story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
        story.network.runFor(Story.S);
        assertEquals(1452, size(story.client));

        story.client.connection.interfaceMtu(9000);
        story.client.send(false, MIB);
        Transmit out = new Transmit(MemorySegment.ofArray(new byte[1 << 16]), Transmit.MAX_SEGMENTS);
        List<Integer> probes = new ArrayList<>();
        int trains = 0;
        while (story.client.connection.pollTransmit(story.network.nowNs(), out)) {
            if (out.segmentSize > 1452) {
                probes.add(out.length);
            } else {
                trains += out.segments() > 1 ? 1 : 0;
            }
        }
        assertEquals(List.of(8952), probes);
        assertTrue(trains > 0);
    }

    @Test
    void lyingHintsLeadNowhere() {
        Story story = new Story(Seeds.one(52), link(new Mtu(1452)), link(new Mtu(1452)));
        story.connect();
        story.client.send(false, 8 * MIB);
        story.run(() -> size(story.client) == 1452, Story.S);
        for (int lie : new int[] {Integer.MIN_VALUE, -1, 0, 68, 576, 1199, 1200, 1279}) {
            story.client.connection.interfaceMtu(lie);
            story.clientEndpoint.onDatagramTooLong(Story.SERVER, Math.min(lie, 1200));
            story.clientEndpoint.onDatagramTooLong(new InetSocketAddress("2001:db8::66", 4433), 1300);
            assertEquals(1452, size(story.client));
        }
        story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
        assertEquals(1452, size(story.client));
    }

    @Test
    void aDatagramThatTheMachineRefusesLeadsToTheBaseAtMostAndUpAgain() {
        Story story = new Story(Seeds.one(53), slow(new Mtu(1452)), slow());
        story.connect();
        story.client.send(false, 8 * MIB);
        story.run(() -> size(story.client) == 1452, Story.S);
        story.clientEndpoint.onDatagramTooLong(Story.SERVER, 1452);
        assertEquals(1200, size(story.client));
        story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
        assertTrue(size(story.client) > 1400 && size(story.client) < 1452, "found " + size(story.client));
        assertEquals(0, lost(story.client));
    }

    @Test
    void aNewPathStartsAnew() {
        Rebind rebind = new Rebind().at(Story.S, new InetSocketAddress("2001:db8::d", 50_002));
        Story story = new Story(
                Seeds.one(54),
                List.of(rebind.up(), new Delay(10 * Story.MS)),
                List.of(
                        new Mtu(8952).then(Story.S, 1452),
                        new Rate(50_000_000L, MIB),
                        new Delay(10 * Story.MS),
                        rebind.down()));
        story.connect();
        story.server.send(false, 16 * MIB);
        story.client.send(false, 1);
        story.run(() -> size(story.server) == 8952, Story.S);
        story.run(
                () -> {
                    if (story.network.nowNs() > Story.S && story.server.moves.isEmpty()) {
                        story.client.connection.ping();
                    }
                    return !story.server.moves.isEmpty();
                },
                3 * Story.S);
        assertEquals(1232, size(story.server));
        story.run(() -> story.client.finishedStreams() == 1, 60 * Story.S);
        assertEquals(1452, size(story.server));
        assertFalse(story.server.datagramSizes.contains(1200), "no black hole: " + story.server.datagramSizes);
    }

    @Test
    void datagramFramesShrinkWithThePath() {
        Mtu shrinking = new Mtu(1452).then(Story.S, 1280);
        Story story = new Story(Seeds.one(55), link(shrinking), link());
        story.connect();
        story.client.connection.interfaceMtu(1500);
        story.network.runFor(500 * Story.MS);
        int before = story.client.connection.maxDatagramPayloadBytes();
        assertTrue(before > 1400, "largest " + before);
        assertTrue(story.client.connection.sendDatagram(new byte[before], 0, before));
        story.run(() -> story.server.datagrams.size() == 1, Story.S);
        assertEquals(before, story.server.datagrams.getFirst().length);

        story.network.runFor(story.network.nowNs() < Story.S ? Story.S : 0);
        story.client.send(false, MIB);
        story.run(
                () -> {
                    int largest = story.client.connection.maxDatagramPayloadBytes();
                    // Queued for the size of before; what is too long when its turn comes is dropped.
                    story.client.connection.sendDatagram(new byte[largest], 0, largest);
                    return story.server.finishedStreams() == 1;
                },
                30 * Story.S);
        int after = story.client.connection.maxDatagramPayloadBytes();
        assertTrue(after < 1280 && after > 1150, "largest " + after);
        assertThrows(
                IllegalArgumentException.class,
                () -> story.client.connection.sendDatagram(new byte[before], 0, before));
        story.network.runFor(Story.S);
        int arrived = story.server.datagrams.size();
        assertTrue(story.client.connection.sendDatagram(new byte[after], 0, after));
        story.run(() -> story.server.datagrams.size() > arrived, Story.S);
        assertEquals(after, story.server.datagrams.getLast().length);
    }

    @Test
    void theLargestDatagramsCrossALossyLinkBothWays() {
        Seeds.each(3, seed -> {
            Story story = new Story(seed, link(new Loss(0.02)), link(new Loss(0.02)));
            story.connect();
            story.client.connection.interfaceMtu(65_536);
            story.server.connection.interfaceMtu(65_536);
            story.client.send(false, 40 * MIB);
            story.server.send(false, 40 * MIB);
            story.run(() -> story.server.finishedStreams() == 1 && story.client.finishedStreams() == 1, 120 * Story.S);
            assertTrue(story.client.datagramSizes.contains(LARGEST_BYTES), story.client.datagramSizes::toString);
            assertTrue(story.server.datagramSizes.contains(LARGEST_BYTES), story.server.datagramSizes::toString);
        });
    }
}
