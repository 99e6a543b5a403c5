package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.CloseReason;
import io.stoq.sim.Delay;
import io.stoq.sim.Seeds;
import io.stoq.sim.SimDatagram;
import io.stoq.sim.Tap;
import io.stoq.wire.TransportErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Closing before the handshake is confirmed, when packets of several levels are needed. RFC 9000 §10.2.3. */
class CloseStoryTest {

    private final Tap up = new Tap();
    private final Story story =
            new Story(Seeds.one(1), List.of(new Delay(10 * Story.MS), up), List.of(new Delay(10 * Story.MS)));

    private static boolean startsWith(SimDatagram datagram, int longHeaderBits) {
        return (datagram.payload()[0] & 0xf0) == longHeaderBits;
    }

    /** There are peers that drop the rest of a datagram after a packet whose keys they have discarded. */
    @Test
    void aClientThatClosesRightAfterItsHandshakeIsHeardWithItsCode() {
        story.startConnecting();
        story.run(() -> story.client.complete, Story.S);
        story.run(() -> story.server.complete, Story.S);
        up.dropIf(datagram -> startsWith(datagram, 0xe0));
        story.client.connection.close(story.network.nowNs(), 77, "enough");
        story.network.run(() -> story.server.closeReason != null, Story.S);
        assertEquals(new CloseReason.Application(77, "enough", true), story.server.closeReason);
    }

    /** The application's code must not show before the handshake is complete, and Initial packets are padded. */
    @Test
    void aClientThatGivesUpItsHandshakeTellsNoMoreThanThat() {
        up.observe((nowNs, datagram) ->
                assertTrue(!startsWith(datagram, 0xc0) || datagram.length() >= 1200, "RFC 9000 §14.1"));
        story.startConnecting();
        story.run(() -> story.server.connection != null, Story.S);
        story.client.connection.close(story.network.nowNs(), 77, "enough");
        story.network.run(() -> story.server.closeReason != null, Story.S);
        var reason = assertInstanceOf(CloseReason.Transport.class, story.server.closeReason);
        assertEquals(TransportErrorCode.APPLICATION_ERROR, reason.code());
        assertEquals("", reason.reason());
    }

    @Test
    void aServerThatClosesRightAfterTheHandshakeIsHeardWithItsCode() {
        story.connect();
        story.server.connection.close(story.network.nowNs(), 78, "closing time");
        story.network.run(() -> story.client.closeReason != null, Story.S);
        assertEquals(new CloseReason.Application(78, "closing time", true), story.client.closeReason);
    }
}
