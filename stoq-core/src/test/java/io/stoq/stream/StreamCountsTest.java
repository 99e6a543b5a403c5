package io.stoq.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.wire.frame.Frame;
import io.stoq.wire.frame.MaxStreamsFrame;
import io.stoq.wire.frame.StreamsBlockedFrame;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamCountsTest {

    private static final StreamLimits FEW = new StreamLimits(1 << 20, 1 << 20, 1 << 16, 1 << 16, 4, 16);

    @Test
    void openingStopsAtThePeersLimitAndGoesOnWhenItGrows() {
        Side client = new Side(false, Side.LIMITS);
        assertNull(client.open(true), "the peer's limit is not known yet");
        assertFalse(client.streams.wantsToSend());
        client.streams.onPeerParameters(Side.parameters(FEW));
        assertEquals(List.of("bidirectional"), client.available);
        for (int i = 0; i < 4; i++) {
            assertEquals(4L * i, client.open(true).id());
        }
        assertNull(client.open(true));
        assertNull(client.open(true));
        assertEquals(2L, client.open(false).id());
        assertEquals(List.of(new StreamsBlockedFrame(true, 4)), client.frames());
        client.lost(0);
        assertEquals(List.of(new StreamsBlockedFrame(true, 4)), client.frames());
        client.streams.onMaxStreams(true, 3);
        client.streams.onMaxStreams(false, 100);
        assertEquals(1, client.available.size());
        client.streams.onMaxStreams(true, 5);
        assertEquals(List.of("bidirectional", "bidirectional"), client.available);
        client.lost(1);
        assertFalse(client.streams.wantsToSend());
        assertEquals(16, client.open(true).id());
    }

    @Test
    void aServersStreamsHaveTheirOwnIds() {
        Side server = Side.server(FEW);
        assertEquals(1, server.open(true).id());
        assertEquals(5, server.open(true).id());
        assertEquals(3, server.open(false).id());
        assertEquals(7, server.open(false).id());
    }

    @Test
    void closedStreamsOfThePeerMakeRoomForNewOnes() {
        Side server = Side.server(FEW);
        server.data(2, 0, 1, true);
        assertEquals(List.of(), server.frames(), "one of sixteen is not worth a frame");
        server.data(6, 0, 1, true);
        assertEquals(List.of(new MaxStreamsFrame(false, 18)), server.frames());
        server.lost(0);
        assertEquals(List.of(new MaxStreamsFrame(false, 18)), server.frames());
        server.data(10, 0, 1, true);
        server.streams.onStreamsBlocked(false, 18);
        assertEquals(List.of(new MaxStreamsFrame(false, 19)), server.frames());
        server.lost(1);
        assertFalse(server.streams.wantsToSend(), "a newer value is on its way");
        server.streams.onStreamsBlocked(false, 19);
        assertFalse(server.streams.wantsToSend());
    }

    @Test
    void aBidirectionalStreamCountsUntilBothHalvesAreOver() {
        Side server = Side.server(FEW);
        server.data(0, 0, 1, true);
        assertEquals(List.of(), server.frames());
        Stream stream = server.streams.find(0);
        stream.finish();
        server.frames();
        assertEquals(1, server.streams.openStreams());
        server.acked(0);
        assertEquals(List.of("finished", "closed"), server.recorder(0).events);
        assertEquals(List.of(new MaxStreamsFrame(true, 5)), server.frames());
    }

    @Test
    void aRefusedStreamIsResetBothWaysAndCountsUntilThen() {
        Side server = Side.server(FEW);
        server.accepting = stream -> null;
        server.data(0, 0, 100, false);
        assertEquals("[StopSendingFrame[id=0, code=0], ResetStreamFrame[id=0, code=0, finalSize=0]]", sorted(server));
        assertEquals(1, server.streams.openStreams());
        server.reset(0, 0, 100);
        server.acked(0);
        assertEquals(0, server.streams.openStreams());
        assertEquals(List.of(new MaxStreamsFrame(true, 5)), server.frames());
        assertEquals(0, server.streams.bytesHeld());
    }

    @Test
    void openingAndResettingForEverHoldsNothing() {
        Side server = Side.server(FEW);
        long allowed = 4;
        for (long index = 0; index < 20_000; index++) {
            long id = index << 2;
            assertTrue(index < allowed, "the limit follows");
            server.data(id, 5, 1, false);
            server.reset(id, 1, 6);
            server.stop(id, 1);
            allowed = highest(server, allowed);
            server.acked(server.log.packets.nextPacketNumber() - 1);
            allowed = highest(server, allowed);
        }
        assertEquals(0, server.streams.openStreams());
        assertEquals(0, server.streams.bytesHeld());
    }

    @Test
    void resetsThatAreNotAcknowledgedKeepThePeerAtItsLimit() {
        Side server = Side.server(FEW);
        for (long index = 0; index < 4; index++) {
            server.data(index << 2, 5, 1, false);
            server.reset(index << 2, 1, 6);
            server.stop(index << 2, 1);
        }
        assertFalse(server.frames().stream().anyMatch(MaxStreamsFrame.class::isInstance));
        assertNotNull(server.streams.find(12));
    }

    private static long highest(Side server, long before) {
        long highest = before;
        for (Frame frame : server.frames()) {
            highest = frame instanceof MaxStreamsFrame more ? Math.max(highest, more.maximum()) : highest;
        }
        return highest;
    }

    private static String sorted(Side side) {
        return side.frames().stream()
                .sorted((left, right) -> right.type() - left.type())
                .toList()
                .toString();
    }
}
