package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.CloseReason;
import io.stoq.buffer.ByteWriter;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.congestion.CongestionAlgorithm;
import io.stoq.sim.Delay;
import io.stoq.sim.Element;
import io.stoq.sim.Rate;
import io.stoq.sim.Seeds;
import io.stoq.stream.Stream;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.frame.AckFrame;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What applications, links, clocks and peers can do to each congestion controller, over whole connections. */
class ControlStoryTest {

    private static final int MIB = 1 << 20;

    @ParameterizedTest
    @EnumSource(CongestionAlgorithm.class)
    void anApplicationThatNeverReadsCostsNothingAndCanStillBegin(CongestionAlgorithm algorithm) {
        ConnectionConfig small = config(algorithm)
                .streamWindowBytes(65_536, 65_536)
                .connectionWindowBytes(131_072, 131_072)
                .build();
        Story story = story(71, path(), config(algorithm).build(), small);
        story.connect();
        story.server.paused = true;
        Stream stream = story.client.send(true, 2 * MIB);
        story.network.runFor(10 * Story.S);
        assertEquals(0, story.server.receivedBytes());
        requireQuiet(story, 600);
        story.server.paused = false;
        story.server.incoming.get(stream.id()).stream.resume();
        story.server.connection.ping();
        story.run(() -> story.server.finishedStreams() == 1, 20 * Story.S);
        assertEquals(2 * MIB, story.server.receivedBytes());
        assertEquals(0, story.client.connection.statistics().losses().packets());
    }

    @ParameterizedTest
    @EnumSource(CongestionAlgorithm.class)
    void anApplicationThatNeverWritesCostsNothingAndCanStillBegin(CongestionAlgorithm algorithm) {
        ConnectionConfig config = config(algorithm).build();
        Story story = story(72, path(), config, config);
        story.connect();
        story.network.runFor(10 * Story.S);
        requireQuiet(story, 3600);
        long beginsNs = story.network.nowNs();
        story.client.send(true, 4 * MIB);
        story.run(() -> story.server.finishedStreams() == 1, 20 * Story.S);
        assertTrue(story.network.nowNs() - beginsNs < 3 * Story.S, "took " + (story.network.nowNs() - beginsNs));
    }

    @ParameterizedTest
    @EnumSource(CongestionAlgorithm.class)
    void aLinkOfNoBitsForAWhileIsProbedNowAndThen(CongestionAlgorithm algorithm) {
        ConnectionConfig config = config(algorithm).build();
        Stall up = new Stall(2 * Story.S, 20 * Story.S, 50);
        Stall down = new Stall(2 * Story.S, 20 * Story.S, 50);
        Story story = story(
                73,
                List.of(up, new Rate(20_000_000, 200_000), new Delay(10 * Story.MS)),
                List.of(down, new Delay(10 * Story.MS)),
                config,
                config);
        story.connect();
        story.client.send(true, 16 * MIB);
        story.network.runFor(3 * Story.S - story.network.nowNs());
        story.clientClock.timeouts = 0;
        story.clientClock.transmits = 0;
        story.network.runFor(17 * Story.S - 1);
        assertTrue(story.clientClock.timeouts < 50, story.clientClock.timeouts + " timeouts");
        assertTrue(story.clientClock.transmits < 50, story.clientClock.transmits + " datagrams");
        story.run(() -> story.server.finishedStreams() == 1, 30 * Story.S);
        // 16 MiB take 6.7 s at this rate, the stall 18 s.
        assertTrue(story.network.nowNs() < 36 * Story.S, "took " + story.network.nowNs());
    }

    @ParameterizedTest
    @EnumSource(CongestionAlgorithm.class)
    void aClockMayJumpAheadAndBack(CongestionAlgorithm algorithm) {
        ConnectionConfig config = config(algorithm).build();
        Story story = story(74, path(), config, config);
        story.connect();
        story.client.send(true, 8 * MIB);
        for (long jumpNs : new long[] {Story.S, -Story.S, 20 * Story.MS, -20 * Story.MS, 10 * Story.S, -2 * Story.S}) {
            story.network.runFor(100 * Story.MS);
            story.clientClock.jump(jumpNs);
        }
        story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
        assertEquals(8 * MIB, story.server.receivedBytes());
        long beginsNs = story.network.nowNs();
        story.client.send(true, 4 * MIB);
        story.run(() -> story.server.finishedStreams() == 2, 20 * Story.S);
        assertTrue(story.network.nowNs() - beginsNs < 5 * Story.S, "took " + (story.network.nowNs() - beginsNs));
    }

    @ParameterizedTest
    @EnumSource(CongestionAlgorithm.class)
    void aNetworkWithoutAnyDelayIsNoTrouble(CongestionAlgorithm algorithm) {
        ConnectionConfig config = config(algorithm).build();
        Story story = story(75, List.of(), List.of(), config, config);
        story.connect();
        story.client.send(false, 4 * MIB);
        story.server.send(false, 4 * MIB);
        story.run(() -> story.server.finishedStreams() == 1 && story.client.finishedStreams() == 1, 10 * Story.S);
        assertEquals(0, story.client.connection.statistics().losses().packets());
    }

    @ParameterizedTest
    @EnumSource(CongestionAlgorithm.class)
    void acknowledgingSkippedNumbersClosesTheConnection(CongestionAlgorithm algorithm) {
        long seed = Seeds.one(76);
        Tampering tampering = new Tampering(Story.clientTls(seed));
        ConnectionConfig config = config(algorithm).maxUdpPayloadBytes(1232).build();
        Story story = new Story(
                seed,
                List.of(new Delay(5 * Story.MS)),
                List.of(new Rate(50_000_000, 4 * MIB), new Delay(5 * Story.MS)),
                config,
                EndpointConfig.server(config),
                tampering,
                Story.serverTls(seed));
        story.connect();
        story.server.send(false, 2 * MIB);
        story.run(() -> story.server.connection.statistics().packetsSent() > 1000, 20 * Story.S);
        // One of the first numbers was left out; this acknowledges all of them.
        ByteWriter frame = new ByteWriter(100);
        AckFrame.writeHead(frame, false, 600, 0, 0, 600);
        tampering.replaceNext(2, Arrays.copyOf(frame.array, frame.position));
        story.network.run(() -> story.client.closeReason != null, 20 * Story.S);
        CloseReason.Transport reason = assertInstanceOf(CloseReason.Transport.class, story.client.closeReason);
        assertEquals(TransportErrorCode.PROTOCOL_VIOLATION, reason.code());
        assertTrue(reason.byPeer());
    }

    /** While nothing can be done, nothing is: no timers that turn in circles, no datagrams but few. */
    private static void requireQuiet(Story story, long seconds) {
        story.clientClock.timeouts = 0;
        story.clientClock.transmits = 0;
        story.network.runFor(seconds * Story.S);
        assertTrue(story.clientClock.timeouts < 20, story.clientClock.timeouts + " timeouts");
        assertTrue(story.clientClock.transmits < 20, story.clientClock.transmits + " datagrams");
        story.requireHealthy(story.client, "client");
        story.requireHealthy(story.server, "server");
    }

    private static ConnectionConfig.Builder config(CongestionAlgorithm algorithm) {
        return ConnectionConfig.builder().congestion(algorithm).idleTimeout(Duration.ZERO);
    }

    private static List<Element> path() {
        return List.of(new Rate(50_000_000, MIB), new Delay(10 * Story.MS));
    }

    private static Story story(long seed, List<Element> up, ConnectionConfig client, ConnectionConfig server) {
        return story(seed, up, path(), client, server);
    }

    private static Story story(
            long seed,
            List<? extends Element> up,
            List<? extends Element> down,
            ConnectionConfig client,
            ConnectionConfig server) {
        return new Story(Seeds.one(seed), up, down, client, EndpointConfig.server(server));
    }
}
