package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.congestion.CongestionAlgorithm;
import io.stoq.crypto.PacketProtection;
import io.stoq.protection.Aead;
import io.stoq.sim.Blackout;
import io.stoq.sim.Corrupt;
import io.stoq.sim.Delay;
import io.stoq.sim.Duplicate;
import io.stoq.sim.Element;
import io.stoq.sim.Loss;
import io.stoq.sim.Mtu;
import io.stoq.sim.Rate;
import io.stoq.sim.Reorder;
import io.stoq.sim.Seeds;
import io.stoq.tls.Trust;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransferStoryTest {

    private static final int MIB = 1 << 20;

    private static List<Element> delay() {
        return List.of(new Delay(10 * Story.MS));
    }

    @ParameterizedTest
    @EnumSource(CongestionAlgorithm.class)
    void aCleanLinkSeesNoRetransmission(CongestionAlgorithm algorithm) {
        ConnectionConfig config =
                ConnectionConfig.builder().congestion(algorithm).build();
        Story story = new Story(
                Seeds.one(3),
                List.of(new Rate(1_000_000_000L, 64 * MIB), new Delay(10 * Story.MS)),
                List.of(new Rate(1_000_000_000L, 64 * MIB), new Delay(10 * Story.MS)),
                config,
                EndpointConfig.server(config));
        story.connect();
        story.client.send(true, 10 * MIB);
        story.server.connection.ping();
        story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
        assertEquals(10 * MIB, story.server.receivedBytes());
        assertEquals(0, story.client.connection.statistics().losses().packets());
        assertEquals(0, story.server.connection.statistics().losses().packets());
        assertEquals(0, story.client.connection.statistics().losses().probeTimeouts());
        assertEquals(0, story.server.connection.statistics().packetsDuplicate());
        story.network.requireNoDrops();
    }

    @Test
    void tenMebibytesCrossLossAndReorderingInBothDirections() {
        Seeds.each(4, seed -> {
            Story story = new Story(seed, rough(), rough());
            story.connect();
            story.client.send(false, 10 * MIB);
            story.server.send(false, 10 * MIB);
            story.run(() -> story.server.finishedStreams() == 1 && story.client.finishedStreams() == 1, 600 * Story.S);
            assertEquals(10 * MIB, story.server.receivedBytes());
            assertEquals(10 * MIB, story.client.receivedBytes());
        });
    }

    private static List<Element> rough() {
        return List.of(
                new Mtu(1452),
                new Rate(100_000_000L, MIB),
                new Loss(0.05),
                new Reorder(0.05, 5 * Story.MS),
                new Duplicate(0.01),
                new Delay(10 * Story.MS));
    }

    @Test
    void corruptedPacketsAreDroppedAndRepaired() {
        Seeds.each(4, seed -> {
            Story story = new Story(
                    seed,
                    List.of(new Mtu(1452), new Rate(100_000_000L, MIB), new Corrupt(0.05), new Delay(5 * Story.MS)),
                    List.of(new Mtu(1452), new Rate(100_000_000L, MIB), new Corrupt(0.05), new Delay(5 * Story.MS)));
            story.connect();
            story.client.send(true, 2 * MIB);
            story.run(() -> story.server.finishedStreams() == 1, 120 * Story.S);
            assertTrue(story.server.connection.statistics().packetsUndecryptable() > 0);
        });
    }

    @Test
    void aBlackoutEndsInProbesAndThenInDelivery() {
        Story story = new Story(
                Seeds.one(5),
                List.of(new Rate(50_000_000L, MIB), new Blackout(Story.S, 4 * Story.S), new Delay(10 * Story.MS)),
                List.of(new Blackout(Story.S, 4 * Story.S), new Delay(10 * Story.MS)));
        story.connect();
        story.client.send(true, 20 * MIB);
        story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
        assertTrue(story.client.connection.statistics().losses().probeTimeouts() > 0);
        assertTrue(story.network.nowNs() < 12 * Story.S, "took " + story.network.nowNs());
    }

    @Test
    void keysAreUpdatedUnderLossByEitherSideAgainAndAgain() {
        Seeds.each(5, seed -> {
            Story story = new Story(
                    seed,
                    List.of(
                            new Mtu(1452),
                            new Rate(50_000_000L, MIB),
                            new Loss(0.03),
                            new Reorder(0.03, 8 * Story.MS),
                            new Delay(10 * Story.MS)),
                    List.of(new Loss(0.03), new Reorder(0.03, 8 * Story.MS), new Delay(10 * Story.MS)));
            story.connect();
            story.client.send(true, 8 * MIB);
            long[] next = {MIB, 0};
            story.run(
                    () -> {
                        if (story.server.receivedBytes() > next[0]) {
                            next[0] += MIB / 2;
                            boolean byClient = next[1]++ % 2 == 0;
                            (byClient ? story.client : story.server).connection.updateKeys();
                        }
                        return story.server.finishedStreams() == 1;
                    },
                    120 * Story.S);
            assertTrue(story.client.connection.statistics().keyUpdates() >= 4);
            assertEquals(
                    story.client.connection.statistics().keyUpdates(),
                    story.server.connection.statistics().keyUpdates(),
                    1);
        });
    }

    /** Wherever in a train the limit is met. */
    @Test
    void keysAreUpdatedBeforeTheirLimitWithoutBeingAsked() {
        Seeds.each(10, seed -> {
            List<Element> link =
                    List.of(new Mtu(1452), new Rate(20_000_000, MIB), new Loss(0.01), new Delay(10 * Story.MS));
            List<Element> back = List.of(new Loss(0.01), new Delay(10 * Story.MS));
            PacketProtection protection = new ShortLivedKeys(Aead.JCA.protection(), 1500 + seed);
            Story story = new Story(
                    seed,
                    link,
                    back,
                    ConnectionConfig.defaults(),
                    EndpointConfig.server(ConnectionConfig.defaults()),
                    Story.tls(2 * seed)
                            .protection(protection)
                            .trust(Trust.certificates(
                                    Story.IDENTITY.certificates().getFirst()))
                            .build(),
                    Story.tls(2 * seed + 1)
                            .protection(protection)
                            .identity(Story.IDENTITY)
                            .build());
            story.connect();
            story.client.send(true, 8 * MIB);
            story.run(() -> story.server.finishedStreams() == 1, 120 * Story.S);
            long updates = story.client.connection.statistics().keyUpdates();
            assertTrue(updates >= 4, "only " + updates + " key updates");
        });
    }

    @Test
    void aReaderThatPausesStallsTheWriterAndResumes() {
        ConnectionConfig small = ConnectionConfig.builder()
                .streamWindowBytes(16_384, 65_536)
                .connectionWindowBytes(32_768, 65_536)
                .build();
        Story story =
                new Story(Seeds.one(7), delay(), delay(), ConnectionConfig.defaults(), EndpointConfig.server(small));
        story.connect();
        story.server.paused = true;
        var stream = story.client.send(true, MIB);
        story.network.runFor(5 * Story.S);
        assertEquals(0, story.server.receivedBytes());
        assertTrue(stream.bufferedBytes() > MIB - 65_536);
        story.server.paused = false;
        story.server.connection.ping();
        story.server.incoming.get(stream.id()).stream.resume();
        story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
        assertEquals(0, story.client.connection.statistics().losses().packets());
    }

    @Test
    void receiveWindowsGrowToWhatThePathHolds() {
        // One MiB a round trip of 100 ms would be 84 Mbit/s: 100 MiB in ten seconds.
        Story story = new Story(
                Seeds.one(8),
                List.of(new Rate(1_000_000_000L, 64 * MIB), new Delay(50 * Story.MS)),
                List.of(new Rate(1_000_000_000L, 64 * MIB), new Delay(50 * Story.MS)));
        story.connect();
        story.client.send(true, 100 * MIB);
        story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
        assertTrue(story.network.nowNs() < 4 * Story.S, "took " + story.network.nowNs() + " ns");
    }

    @Test
    void aThousandStreamsRunAtOnce() {
        Story story = new Story(
                Seeds.one(9),
                List.of(new Rate(200_000_000L, MIB), new Loss(0.01), new Delay(10 * Story.MS)),
                List.of(new Rate(200_000_000L, MIB), new Loss(0.01), new Delay(10 * Story.MS)));
        story.server.echo = true;
        story.connect();
        for (int i = 0; i < 1000; i++) {
            story.client.send(true, 3000);
        }
        assertFalse(story.client.connection.openStream(true) != null, "the 1001st stream must wait");
        story.run(() -> story.client.finishedStreams() == 1000, 60 * Story.S);
        assertEquals(3_000_000, story.client.receivedBytes());
        story.run(() -> story.client.streamsAvailable > 0, 5 * Story.S);
    }

    @Test
    void largeDatagramsWork() {
        ConnectionConfig large =
                ConnectionConfig.builder().maxUdpPayloadBytes(65_487).build();
        Story story = new Story(
                Seeds.one(11),
                List.of(new Rate(1_000_000_000L, 8 * MIB), new Loss(0.01), new Delay(Story.MS)),
                List.of(new Rate(1_000_000_000L, 8 * MIB), new Delay(Story.MS)),
                large,
                EndpointConfig.server(large));
        story.connect();
        story.client.send(true, 20 * MIB);
        story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
    }
}
