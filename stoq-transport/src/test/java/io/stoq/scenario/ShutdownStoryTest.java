package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.CloseReason;
import io.stoq.sim.Delay;
import io.stoq.sim.Seeds;
import io.stoq.stream.Stream;
import io.stoq.wire.TransportErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server that ends in good order, in virtual time. */
class ShutdownStoryTest {

    private static final CloseReason SERVED = new CloseReason.Application(0, "shutting down", true);

    private final Story story =
            new Story(Seeds.one(7), List.of(new Delay(10 * Story.MS)), List.of(new Delay(10 * Story.MS)));

    @Test
    void aConnectionWithoutStreamsIsClosedAtOnce() {
        story.connect();
        story.serverEndpoint.closeWhenServed();
        story.network.run(() -> story.client.closeReason != null, Story.S);
        assertEquals(SERVED, story.client.closeReason);
        story.network.run(story.serverEndpoint::isIdle, 10 * Story.S);
    }

    @Test
    void streamsInFlightFinishAndNewOnesAreRefused() {
        story.connect();
        story.server.echo = true;
        Stream served = story.client.send(true, 2_000_000);
        story.run(() -> story.server.receivedBytes() > 100_000, 10 * Story.S);
        story.serverEndpoint.closeWhenServed();
        Stream late = story.client.send(true, 1000);
        story.network.run(() -> story.client.closeReason != null, 60 * Story.S);
        assertEquals(SERVED, story.client.closeReason);
        assertEquals(2_000_000, story.client.incoming.get(served.id()).bytes);
        assertTrue(story.client.incoming.get(served.id()).finished);
        assertEquals(0, story.client.incoming.get(late.id()).resetCode);
        assertFalse(story.server.incoming.containsKey(late.id()), "nobody was asked about it");
    }

    /** A peer that opens and is refused without end does not hold the connection open. */
    @Test
    void whatIsRefusedIsNotInFlight() {
        story.connect();
        Stream held = story.client.open(true);
        story.client.write(held, 10);
        story.run(() -> story.server.receivedBytes() == 10, Story.S);
        story.serverEndpoint.closeWhenServed();
        for (int i = 0; i < 50; i++) {
            story.client.write(story.client.open(false), 10);
        }
        story.network.runFor(Story.S);
        assertNull(story.client.closeReason);
        held.finish();
        story.network.run(() -> story.client.closeReason != null, Story.S);
        assertEquals(SERVED, story.client.closeReason);
    }

    @Test
    void whatWasReceivedIsAcknowledgedBeforeTheClose() {
        story.connect();
        Stream stream = story.client.send(false, 10_000);
        story.serverEndpoint.closeWhenServed();
        // Already on its way when the server began to end, or not: the client learns which.
        story.network.run(() -> story.client.closeReason != null, Story.S);
        assertTrue(stream.acknowledgedBytes() == 10_000 || story.server.incoming.isEmpty());
    }

    @Test
    void whatTakesTooLongIsCut() {
        story.connect();
        story.client.write(story.client.open(true), 10);
        story.run(() -> story.server.receivedBytes() == 10, Story.S);
        story.serverEndpoint.closeWhenServed();
        story.network.runFor(Story.S);
        assertEquals(1, story.serverEndpoint.openConnections());
        story.serverEndpoint.close(story.network.nowNs(), 9, "too long");
        assertEquals(0, story.serverEndpoint.openConnections());
        story.network.run(() -> story.client.closeReason != null, Story.S);
        assertEquals(new CloseReason.Application(9, "too long", true), story.client.closeReason);
    }

    @Test
    void whoComesThenIsRefused() {
        story.serverEndpoint.closeWhenServed();
        story.startConnecting();
        story.network.run(() -> story.client.closeReason != null, Story.S);
        assertEquals(
                TransportErrorCode.CONNECTION_REFUSED,
                assertInstanceOf(CloseReason.Transport.class, story.client.closeReason)
                        .code());
        assertEquals(1, story.serverEndpoint.statistics().refused());
    }
}
