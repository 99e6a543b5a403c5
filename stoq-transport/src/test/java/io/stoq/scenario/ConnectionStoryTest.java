package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.CloseReason;
import io.stoq.buffer.Transmit;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.sim.Delay;
import io.stoq.sim.Element;
import io.stoq.sim.Loss;
import io.stoq.sim.Rate;
import io.stoq.sim.Rebind;
import io.stoq.sim.Seeds;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionStoryTest {

    private static final int MIB = 1 << 20;

    private static List<Element> delay() {
        return List.of(new Delay(10 * Story.MS));
    }

    private static Story connected(long seed) {
        return new Story(Seeds.one(seed), delay(), delay()).connect();
    }

    @Test
    void aClientThatIsReboundInMidTransferKeepsItsConnection() {
        Seeds.each(4, seed -> {
            Rebind rebind = new Rebind()
                    .at(Story.S, new InetSocketAddress("2001:db8::c", 50_001))
                    .at(2 * Story.S, new InetSocketAddress("2001:db8::d", 50_002));
            Story story = new Story(
                    seed,
                    List.of(new Rate(40_000_000L, MIB), new Loss(0.01), rebind.up(), new Delay(10 * Story.MS)),
                    List.of(new Delay(10 * Story.MS), rebind.down()));
            story.connect();
            story.client.send(true, 20 * MIB);
            story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
            assertEquals(2, story.server.moves.size());
            assertEquals(50_002, story.server.connection.remote().getPort());
        });
    }

    @Test
    void closeCarriesTheApplicationsCodeAndReason() {
        Story story = connected(21);
        story.client.connection.close(story.network.nowNs(), 77, "enough");
        story.network.run(() -> story.server.closeReason != null, Story.S);
        CloseReason.Application reason = assertInstanceOf(CloseReason.Application.class, story.server.closeReason);
        assertEquals(77, reason.code());
        assertEquals("enough", reason.reason());
        assertTrue(reason.byPeer());
        story.network.run(() -> story.serverEndpoint.isIdle() && story.clientEndpoint.isIdle(), 10 * Story.S);
    }

    @Test
    void silenceEndsBothSides() {
        ConnectionConfig short_ =
                ConnectionConfig.builder().idleTimeout(Duration.ofSeconds(3)).build();
        Story story =
                new Story(Seeds.one(22), delay(), delay(), ConnectionConfig.defaults(), EndpointConfig.server(short_));
        story.connect();
        story.network.run(() -> story.clientEndpoint.isIdle() && story.serverEndpoint.isIdle(), 10 * Story.S);
        assertInstanceOf(CloseReason.IdleTimeout.class, story.client.closeReason);
        assertInstanceOf(CloseReason.IdleTimeout.class, story.server.closeReason);
    }

    @Test
    void keepAliveHoldsAnIdleConnection() {
        ConnectionConfig alive = ConnectionConfig.builder()
                .idleTimeout(Duration.ofSeconds(3))
                .keepAlive(Duration.ofSeconds(1))
                .build();
        Story story =
                new Story(Seeds.one(23), delay(), delay(), alive, EndpointConfig.server(ConnectionConfig.defaults()));
        story.connect();
        story.network.runFor(60 * Story.S);
        assertTrue(story.client.connection.isOpen() && story.server.connection.isOpen());
        assertTrue(story.client.connection.statistics().packetsSent() < 200);
    }

    @Test
    void anIdleConnectionIsQuiet() {
        ConnectionConfig patient =
                ConnectionConfig.builder().idleTimeout(Duration.ofSeconds(120)).build();
        Story story = new Story(Seeds.one(24), delay(), delay(), patient, EndpointConfig.server(patient));
        story.connect();
        story.network.runFor(2 * Story.S);
        long packets = story.client.connection.statistics().packetsSent()
                + story.server.connection.statistics().packetsSent();
        story.network.runFor(100 * Story.S);
        assertEquals(
                packets,
                story.client.connection.statistics().packetsSent()
                        + story.server.connection.statistics().packetsSent());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64, 300, 500})
    void smallDatagramsShareTrainsOfEquallyLongPackets(int size) {
        ConnectionConfig ethernet =
                ConnectionConfig.builder().maxUdpPayloadBytes(1452).build();
        Story story = new Story(Seeds.one(26), delay(), delay(), ethernet, EndpointConfig.server(ethernet));
        story.connect();
        // The handshake is confirmed, and the path's size found out.
        story.network.runFor(Story.S);
        while (story.client.connection.sendDatagram(new byte[size], 0, size)) {
            // until the queue is full
        }
        Transmit train = new Transmit(Arena.ofAuto().allocate(65_536), 64);
        assertTrue(story.clientEndpoint.pollTransmit(story.network.nowNs(), train));
        assertTrue(train.length >= 4 * train.segmentSize, train.length + " bytes in " + train.segmentSize);
        assertTrue(train.segmentSize > 800, "packets of " + train.segmentSize);
    }

    @Test
    void datagramsOfManySizesArriveWholeAndInOrder() {
        Story story = connected(27);
        SplittableRandom random = new SplittableRandom(27);
        List<byte[]> sent = new ArrayList<>();
        story.run(
                () -> {
                    while (sent.size() < 3000) {
                        byte[] data = new byte[random.nextInt(random.nextInt(3) == 0 ? 1100 : 100)];
                        random.nextBytes(data);
                        if (!story.client.connection.sendDatagram(data, 0, data.length)) {
                            return false;
                        }
                        sent.add(data);
                    }
                    return story.server.datagrams.size() == sent.size();
                },
                60 * Story.S);
        for (int i = 0; i < sent.size(); i++) {
            assertArrayEquals(sent.get(i), story.server.datagrams.get(i));
        }
    }

    @Test
    void datagramsOfAllSizesArriveWhole() {
        Story story = connected(25);
        int largest = story.client.connection.maxDatagramPayloadBytes();
        assertTrue(largest > 1100, "largest is " + largest);
        for (int size : new int[] {0, 1, 2, 100, largest - 1, largest}) {
            assertTrue(story.client.connection.sendDatagram(new byte[size], 0, size));
        }
        story.run(() -> story.server.datagrams.size() == 6, Story.S);
        assertEquals(largest, story.server.datagrams.get(5).length);
        assertEquals(0, story.server.datagrams.get(0).length);
    }

    @Test
    void aDatagramThatJustFitsDoesNotWaitForAnAcknowledgementThatNobodyNeeds() {
        ConnectionConfig small =
                ConnectionConfig.builder().maxUdpPayloadBytes(1200).build();
        Story story = new Story(Seeds.one(30), delay(), delay(), small, EndpointConfig.server(small));
        story.connect();
        int largest = story.client.connection.maxDatagramPayloadBytes();
        for (int sent = 1; sent <= 10; sent++) {
            // Each time, the server's acknowledgement of the datagram before could be acknowledged along with this one.
            int expected = sent;
            assertTrue(story.client.connection.sendDatagram(new byte[largest], 0, largest));
            story.run(() -> story.server.datagrams.size() == expected, Story.S);
            story.network.runFor(200 * Story.MS);
        }
    }

    @Test
    void aServerThatForgotTheConnectionResetsIt() {
        Story story = connected(26);
        story.network.runFor(Story.S);
        story.serverForgets();
        story.client.send(true, 10_000);
        story.network.run(() -> story.client.closeReason != null, 10 * Story.S);
        assertInstanceOf(CloseReason.StatelessReset.class, story.client.closeReason);
    }

    @Test
    void aRetryValidatesTheAddressAndTheHandshakeGoesOn() {
        Seeds.each(5, seed -> {
            Story story = new Story(
                    seed,
                    List.of(new Loss(0.1), new Delay(10 * Story.MS)),
                    List.of(new Loss(0.1), new Delay(10 * Story.MS)),
                    ConnectionConfig.defaults(),
                    EndpointConfig.server(ConnectionConfig.defaults()).withRetry(EndpointConfig.Retry.ALWAYS));
            story.connect();
            story.client.send(true, 10_000);
            story.run(() -> story.server.finishedStreams() == 1, 30 * Story.S);
            assertTrue(story.serverEndpoint.statistics().retriesSent() > 0);
        });
    }

    @Test
    void anUnknownProtocolIsRefusedByTheServersAlert() {
        Story story = new Story(
                Seeds.one(27),
                delay(),
                delay(),
                ConnectionConfig.defaults(),
                EndpointConfig.server(ConnectionConfig.defaults()),
                StoqTls.builder()
                        .applicationProtocols("nope")
                        .trust(Trust.insecure())
                        .build(),
                Story.serverTls(27));
        story.startConnecting();
        story.network.run(() -> story.client.closeReason != null, 5 * Story.S);
        CloseReason.Tls reason = assertInstanceOf(CloseReason.Tls.class, story.client.closeReason);
        assertEquals(120, reason.alert());
    }

    @Test
    void anUntrustedCertificateIsRefusedByTheClient() {
        Story story = new Story(
                Seeds.one(28),
                delay(),
                delay(),
                ConnectionConfig.defaults(),
                EndpointConfig.server(ConnectionConfig.defaults()),
                Story.tls(28).trust(Trust.platform()).build(),
                Story.serverTls(28));
        story.startConnecting();
        story.network.run(() -> story.client.closeReason != null && story.server.closeReason != null, 5 * Story.S);
        CloseReason.Tls reason = assertInstanceOf(CloseReason.Tls.class, story.client.closeReason);
        assertEquals(48, reason.alert());
        assertInstanceOf(CloseReason.Tls.class, story.server.closeReason);
    }

    @Test
    void aServerThatNeverAnswersEndsInATimeout() {
        Story story = new Story(Seeds.one(29), List.of(new Loss(1.0)), delay());
        story.startConnecting();
        story.network.run(() -> story.client.closeReason != null, 20 * Story.S);
        assertInstanceOf(CloseReason.HandshakeTimeout.class, story.client.closeReason);
    }
}
