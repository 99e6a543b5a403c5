package io.stoq.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.frame.StreamFrame;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** B-21: early data goes by the limits of an earlier connection, until the peer tells those of this one. RFC 9000 §7.4.1. */
class RememberedLimitsTest {

    private static final StreamLimits REMEMBERED = new StreamLimits(150, 150, 100, 100, 2, 1);

    private final Side side = new Side(false, Side.LIMITS);

    RememberedLimitsTest() {
        side.streams.onRemembered(Side.parameters(REMEMBERED));
    }

    private void answer(StreamLimits limits, boolean taken) {
        side.streams.onPeerParameters(Side.parameters(limits), taken);
    }

    private void assertRefused(long code, StreamLimits limits, boolean taken) {
        assertEquals(
                code,
                assertThrows(TransportException.class, () -> answer(limits, taken))
                        .code());
    }

    private long sentBytes() {
        return side.frames().stream()
                .mapToLong(frame ->
                        frame instanceof StreamFrame stream ? stream.data().length() : 0)
                .sum();
    }

    @Test
    void earlyDataStopsAtTheRememberedLimitsAndGoesOnByTheNewOnes() {
        for (int i = 0; i < 2; i++) {
            side.open(true).write(Side.chunk(4 * i, 0, 120));
        }
        assertNull(side.open(true), "a third stream");
        assertEquals(150, sentBytes());
        answer(Side.LIMITS, true);
        assertEquals(90, sentBytes());
        Stream third = side.open(true);
        assertFalse(third.isEarly());
        assertEquals(List.of("bidirectional"), side.available);
    }

    @Test
    void streamsOfEarlyDataSaySo() {
        assertTrue(side.open(true).isEarly());
        assertTrue(side.open(false).isEarly());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aPeerThatTookItMustNotAllowLess(int limit) {
        StreamLimits less = new StreamLimits(
                limit == 0 ? 149 : 150, 150, limit == 1 ? 99 : 100, 100, limit == 2 ? 1 : 2, limit == 3 ? 0 : 1);
        assertRefused(TransportErrorCode.PROTOCOL_VIOLATION, less, true);
    }

    @Test
    void aPeerThatRejectedItMayAllowLessThanWasRememberedButNotThanWasSent() {
        side.open(true).write(Side.chunk(0, 0, 80));
        assertEquals(80, sentBytes());
        side.lost(0);
        answer(new StreamLimits(80, 80, 80, 80, 1, 0), false);
        assertEquals(80, sentBytes(), "all of it, again");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void whatWasSentAndIsMoreThanThePeerAllowsNowCannotBeSentAgain(int limit) {
        side.open(true).write(Side.chunk(0, 0, 80));
        side.open(true);
        assertEquals(80, sentBytes());
        StreamLimits less = new StreamLimits(limit == 0 ? 79 : 80, 80, limit == 1 ? 79 : 80, 80, limit == 2 ? 1 : 2, 0);
        assertRefused(TransportErrorCode.INTERNAL_ERROR, less, false);
    }

    @Test
    void thePeersLimitsComeOnce() {
        answer(Side.LIMITS, true);
        assertThrows(IllegalStateException.class, () -> answer(Side.LIMITS, true));
    }
}
