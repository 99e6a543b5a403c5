package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.CloseReason;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.sim.Corrupt;
import io.stoq.sim.Delay;
import io.stoq.sim.Element;
import io.stoq.sim.Loss;
import io.stoq.sim.Reorder;
import io.stoq.sim.Seeds;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Data that goes with the client's first flight. RFC 9001 §4.6. */
class EarlyDataStoryTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000L));
    private static final byte[] SECRET = new byte[32];

    private static StoqTls.Builder client(long seed) {
        return Story.tls(2 * seed)
                .trust(Trust.certificates(Story.IDENTITY.certificates().getFirst()))
                .clock(CLOCK)
                .earlyData(true);
    }

    private static StoqTls.Builder server(long seed) {
        return Story.tls(2 * seed + 1).identity(Story.IDENTITY).clock(CLOCK).ticketSecrets(SECRET);
    }

    private static List<Element> delay() {
        return List.of(new Delay(10 * Story.MS));
    }

    private static Story story(
            long seed, List<Element> up, List<Element> down, EndpointConfig config, StoqTls client, StoqTls server) {
        return new Story(seed, up, down, ConnectionConfig.defaults(), config, client, server);
    }

    private static Story story(long seed, StoqTls.Builder server) {
        EndpointConfig config = EndpointConfig.server(ConnectionConfig.defaults());
        return story(seed, delay(), delay(), config, client(seed).build(), server.build());
    }

    /** The connection that the tickets come on. */
    private static Story meet(Story story) {
        story.connect();
        story.network.runFor(Story.S);
        story.client.connection.close(story.network.nowNs(), 0, "");
        story.network.runFor(Story.S);
        story.renewSides();
        return story;
    }

    private static void sendEarly(Story story, int bytes) {
        story.client.atEarlyData = () -> story.client.send(true, bytes);
        story.startConnecting();
    }

    @Test
    void itArrivesAndIsAnsweredBeforeTheHandshakeIsComplete() {
        Story story = meet(story(Seeds.one(1), server(1).earlyData(true)));
        story.server.echo = true;
        long startNs = story.network.nowNs();
        sendEarly(story, 1000);
        story.run(() -> story.server.receivedBytes() == 1000, Story.S);
        assertTrue(story.network.nowNs() - startNs < 15 * Story.MS, "one way");
        assertFalse(story.server.complete);
        assertTrue(story.server.incoming.get(0L).stream.isEarly());
        story.run(() -> story.client.incoming.get(0L).finished, Story.S);
        assertTrue(story.network.nowNs() - startNs < 30 * Story.MS, "there and back, once");
        assertEquals(true, story.client.earlyDataTaken);
        assertTrue(story.client.connection.handshakeResult().resumed());
        story.client.send(true, 100_000);
        story.run(() -> story.server.receivedBytes() == 101_000, Story.S);
        assertFalse(story.server.incoming.get(4L).stream.isEarly());
        assertTrue(story.client.connection.updateKeys());
        story.network.requireNoDrops();
    }

    @Test
    void moreThanTheFirstWindowGoesOnAfterTheHandshake() {
        Seeds.each(5, seed -> {
            Story story = meet(story(seed, server(seed).earlyData(true)));
            sendEarly(story, 500_000);
            story.run(() -> story.server.finishedStreams() == 1, 10 * Story.S);
            assertEquals(500_000, story.server.receivedBytes());
            assertEquals(true, story.client.earlyDataTaken);
        });
    }

    @Test
    void nothingGoesEarlyWhereTheServerDoesNotAllowIt() {
        Story story = meet(story(Seeds.one(2), server(2)));
        sendEarly(story, 1000);
        story.awaitHandshake();
        assertTrue(story.client.connection.handshakeResult().resumed());
        assertNull(story.client.earlyDataTaken);
        assertEquals(0, story.server.receivedBytes());
    }

    /** A server that was started anew takes the tickets by their shared secret, but no early data with them. */
    @Test
    void whatIsRejectedIsSentAgain() {
        Seeds.each(5, seed -> {
            StoqTls client = client(seed).build();
            EndpointConfig config = EndpointConfig.server(ConnectionConfig.defaults());
            meet(story(
                    seed,
                    delay(),
                    delay(),
                    config,
                    client,
                    server(seed).earlyData(true).build()));
            Story story = story(
                    seed,
                    delay(),
                    delay(),
                    config,
                    client,
                    server(seed + 100).earlyData(true).build());
            sendEarly(story, 5000);
            story.run(() -> story.server.finishedStreams() == 1, 10 * Story.S);
            assertEquals(false, story.client.earlyDataTaken);
            assertEquals(5000, story.server.receivedBytes());
            assertFalse(story.server.incoming.get(0L).stream.isEarly());
            assertTrue(story.client.connection.handshakeResult().resumed());
        });
    }

    /** Words of one protocol must not be said again in another. */
    @Test
    void whatIsRejectedForAnotherProtocolIsNotSentAgain() {
        StoqTls client = client(4).applicationProtocols("story", "novel").build();
        EndpointConfig config = EndpointConfig.server(ConnectionConfig.defaults());
        meet(story(
                4, delay(), delay(), config, client, server(4).earlyData(true).build()));
        StoqTls other =
                server(104).applicationProtocols("novel").earlyData(true).build();
        Story story = story(Seeds.one(4), delay(), delay(), config, client, other);
        sendEarly(story, 5000);
        story.network.run(() -> story.client.closeReason != null, Story.S);
        CloseReason.Transport reason = assertInstanceOf(CloseReason.Transport.class, story.client.closeReason);
        assertTrue(reason.reason().contains("another application protocol"), reason.reason());
        story.network.runFor(Story.S);
        assertEquals(0, story.server.receivedBytes());
    }

    @Test
    void aHelloRetryRequestRejectsIt() {
        StoqTls client = client(3).build();
        EndpointConfig config = EndpointConfig.server(ConnectionConfig.defaults());
        Story story = meet(story(
                Seeds.one(3),
                delay(),
                delay(),
                config,
                client,
                server(3).earlyData(true).keyExchangeGroups("secp384r1").build()));
        sendEarly(story, 5000);
        story.run(() -> story.server.finishedStreams() == 1, 10 * Story.S);
        assertEquals(false, story.client.earlyDataTaken);
        assertTrue(story.client.connection.handshakeResult().resumed());
    }

    @Test
    void aRetryHasItSentAgainWithTheToken() {
        Seeds.each(3, seed -> {
            EndpointConfig config =
                    EndpointConfig.server(ConnectionConfig.defaults()).withRetry(EndpointConfig.Retry.ALWAYS);
            Story story = meet(story(
                    seed,
                    delay(),
                    delay(),
                    config,
                    client(seed).build(),
                    server(seed).earlyData(true).build()));
            sendEarly(story, 2000);
            story.run(() -> story.server.receivedBytes() == 2000, Story.S);
            assertTrue(story.server.incoming.get(0L).stream.isEarly());
            story.awaitHandshake();
            assertEquals(true, story.client.earlyDataTaken);
        });
    }

    @Test
    void itSurvivesLossReorderingAndDamage() {
        Seeds.each(20, seed -> {
            List<Element> up = List.of(
                    new Loss(0.15), new Corrupt(0.02), new Reorder(0.3, 15 * Story.MS), new Delay(10 * Story.MS));
            List<Element> down = List.of(new Loss(0.15), new Reorder(0.3, 15 * Story.MS), new Delay(10 * Story.MS));
            ConnectionConfig patient = ConnectionConfig.builder()
                    .handshakeTimeout(Duration.ofSeconds(60))
                    .idleTimeout(Duration.ofSeconds(60))
                    .build();
            Story story = new Story(
                    seed,
                    up,
                    down,
                    patient,
                    EndpointConfig.server(patient),
                    client(seed).build(),
                    server(seed).earlyData(true).build());
            story.connect();
            story.network.runFor(5 * Story.S);
            story.client.connection.close(story.network.nowNs(), 0, "");
            story.network.runFor(90 * Story.S);
            story.renewSides();
            story.server.echo = true;
            sendEarly(story, 20_000);
            story.run(() -> story.server.finishedStreams() == 1 && story.client.finishedStreams() == 1, 120 * Story.S);
            assertEquals(20_000, story.client.receivedBytes());
        });
    }
}
