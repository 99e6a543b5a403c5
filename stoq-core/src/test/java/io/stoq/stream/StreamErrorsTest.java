package io.stoq.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.frame.FrameType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every rule of RFC 9000 §3, §4 and §19 about streams that a peer can break. The subject is a server unless stated. */
class StreamErrorsTest {

    private static final StreamLimits SMALL = new StreamLimits(1000, 1000, 400, 400, 5, 5);

    private final Side server = Side.server(SMALL);

    @Test
    void framesForAReceivingHalfOnASendOnlyStreamAreAStateError() {
        server.open(false);
        for (long id : new long[] {3, 7}) {
            stateError(FrameType.STREAM, () -> server.data(id, 0, 1, false));
            stateError(FrameType.RESET_STREAM, () -> server.reset(id, 0, 0));
            stateError(FrameType.STREAM_DATA_BLOCKED, () -> server.streams.onStreamDataBlocked(id, 0));
        }
    }

    @Test
    void framesForASendingHalfOnAReceiveOnlyStreamAreAStateError() {
        server.data(2, 0, 1, false);
        for (long id : new long[] {2, 6}) {
            stateError(FrameType.STOP_SENDING, () -> server.stop(id, 0));
            stateError(FrameType.MAX_STREAM_DATA, () -> server.streams.onMaxStreamData(id, 0));
        }
    }

    @Test
    void framesForAStreamThatWeDidNotOpenYetAreAStateError() {
        server.open(true);
        server.data(1, 0, 1, false);
        stateError(FrameType.STREAM, () -> server.data(5, 0, 1, false));
        stateError(FrameType.RESET_STREAM, () -> server.reset(5, 0, 0));
        stateError(FrameType.STREAM_DATA_BLOCKED, () -> server.streams.onStreamDataBlocked(5, 0));
        stateError(FrameType.STOP_SENDING, () -> server.stop(5, 0));
        stateError(FrameType.MAX_STREAM_DATA, () -> server.streams.onMaxStreamData(5, 0));
        stateError(FrameType.STOP_SENDING, () -> server.stop(3, 0));
        stateError(FrameType.MAX_STREAM_DATA, () -> server.streams.onMaxStreamData(3, 0));
    }

    @Test
    void streamsBeyondTheLimitAreALimitErrorWhateverFrameOpensThem() {
        for (long bidirectional : new long[] {20, 24, (1L << 62) - 4}) {
            limitError(FrameType.STREAM, () -> server.data(bidirectional, 0, 1, false));
            limitError(FrameType.RESET_STREAM, () -> server.reset(bidirectional, 0, 0));
            limitError(FrameType.STOP_SENDING, () -> server.stop(bidirectional, 0));
            limitError(FrameType.MAX_STREAM_DATA, () -> server.streams.onMaxStreamData(bidirectional, 0));
            limitError(FrameType.STREAM_DATA_BLOCKED, () -> server.streams.onStreamDataBlocked(bidirectional, 0));
        }
        limitError(FrameType.STREAM, () -> server.data(22, 0, 1, false));
        assertEquals(0, server.streams.openStreams());
        server.data(16, 0, 1, false);
        server.data(18, 0, 1, false);
        assertEquals(10, server.streams.openStreams());
    }

    @Test
    void aClientChecksTheSame() {
        Side client = Side.client(SMALL);
        stateError(FrameType.STREAM, () -> client.data(0, 0, 1, false));
        stateError(FrameType.STREAM, () -> client.data(2, 0, 1, false));
        stateError(FrameType.STOP_SENDING, () -> client.stop(3, 1));
        limitError(FrameType.STREAM, () -> client.data(21, 0, 1, false));
        limitError(FrameType.RESET_STREAM, () -> client.reset(23, 0, 0));
        client.data(17, 0, 1, false);
        client.data(19, 0, 1, false);
    }

    @Test
    void aByteAboveTheStreamsCreditIsAFlowControlError() {
        server.data(2, 399, 1, false);
        flowError(FrameType.STREAM, () -> server.data(2, 399, 2, false));
        flowError(FrameType.STREAM, () -> server.data(2, 400, 1, false));
        flowError(FrameType.STREAM, () -> server.data(2, 401, 0, true));
        flowError(FrameType.STREAM, () -> server.data(6, (1L << 62) - 2, 1, false));
        flowError(FrameType.RESET_STREAM, () -> server.reset(2, 0, 401));
    }

    /** B-03. */
    @Test
    void theConnectionsCreditHoldsOverAllStreams() {
        server.recorders.computeIfAbsent(2L, id -> new Recorder()).appetite = 0;
        server.data(2, 399, 1, false);
        server.data(6, 399, 1, false);
        server.data(10, 0, 200, false);
        flowError(FrameType.STREAM, () -> server.data(10, 200, 1, false));
        flowError(FrameType.STREAM, () -> server.data(14, 0, 1, false));
        flowError(FrameType.RESET_STREAM, () -> server.reset(14, 0, 1));
        server.data(10, 0, 200, false);
    }

    /** B-03. */
    @Test
    void resetAndStoppedStreamsCountForTheConnection() {
        Side side = Side.server(new StreamLimits(1000, 1000, 400, 400, 5, 5));
        side.reset(2, 0, 400);
        side.data(6, 0, 1, false);
        side.streams.find(6).stopSending(0);
        side.data(6, 399, 1, false);
        side.data(10, 0, 200, false);
        flowError(FrameType.STREAM, () -> side.data(10, 200, 1, false));
        side.frames();
        side.data(10, 200, 1, false);
    }

    @Test
    void aFinalSizeNeverChanges() {
        server.recorder(2).appetite = 0;
        server.data(2, 100, 100, false);
        sizeError(FrameType.STREAM, () -> server.data(2, 150, 49, true));
        sizeError(FrameType.RESET_STREAM, () -> server.reset(2, 0, 199));
        server.data(2, 250, 50, true);
        server.data(2, 200, 100, true);
        sizeError(FrameType.STREAM, () -> server.data(2, 300, 1, false));
        sizeError(FrameType.STREAM, () -> server.data(2, 0, 299, true));
        sizeError(FrameType.STREAM, () -> server.data(2, 301, 0, true));
        sizeError(FrameType.RESET_STREAM, () -> server.reset(2, 0, 299));
        sizeError(FrameType.RESET_STREAM, () -> server.reset(2, 0, 301));
        server.reset(2, 0, 300);
    }

    @Test
    void aResetFixesTheFinalSizeToo() {
        server.data(0, 0, 10, false);
        server.reset(0, 3, 50);
        sizeError(FrameType.STREAM, () -> server.data(0, 50, 1, false));
        sizeError(FrameType.STREAM, () -> server.data(0, 0, 49, true));
        sizeError(FrameType.RESET_STREAM, () -> server.reset(0, 3, 51));
        server.data(0, 0, 50, true);
        server.reset(0, 4, 50);
        assertEquals(List.of("reset 3"), server.recorder(0).events);
    }

    @Test
    void aFinishedHalfStillKnowsItsSize() {
        server.data(0, 0, 10, true);
        sizeError(FrameType.STREAM, () -> server.data(0, 10, 1, false));
        sizeError(FrameType.RESET_STREAM, () -> server.reset(0, 0, 11));
        server.reset(0, 0, 10);
    }

    @Test
    void framesForAClosedStreamAreIgnored() {
        server.data(2, 0, 10, true);
        server.data(2, 0, 300, false);
        server.reset(2, 1, 3);
        server.streams.onStreamDataBlocked(2, 3);
        Stream local = server.open(false);
        local.finish();
        server.frames();
        server.acked(0);
        server.stop(local.id(), 1);
        server.streams.onMaxStreamData(local.id(), 1);
        assertEquals(0, server.streams.openStreams());
    }

    @Test
    void thePeersParametersComeOnce() {
        assertThrows(IllegalStateException.class, () -> server.streams.onPeerParameters(Side.parameters(SMALL)));
    }

    @Test
    void limitsOutOfRangeAreRefusedByName() {
        String message = assertThrows(IllegalArgumentException.class, () -> new StreamLimits(10, 9, 0, 0, 0, 0))
                .getMessage();
        assertEquals("maxConnectionWindowBytes 9 is outside 10.." + StreamLimits.MAX_WINDOW_BYTES, message);
        assertThrows(IllegalArgumentException.class, () -> new StreamLimits(0, 0, -1, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new StreamLimits(0, 0, 0, 1L << 41, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new StreamLimits(0, 0, 0, 0, -1, 0));
        assertThrows(IllegalArgumentException.class, () -> new StreamLimits(0, 0, 0, 0, 0, 1L << 21));
    }

    private static void stateError(int frameType, Runnable frame) {
        Side.refused(TransportErrorCode.STREAM_STATE_ERROR, frameType, frame);
    }

    private static void limitError(int frameType, Runnable frame) {
        Side.refused(TransportErrorCode.STREAM_LIMIT_ERROR, frameType, frame);
    }

    private static void flowError(int frameType, Runnable frame) {
        Side.refused(TransportErrorCode.FLOW_CONTROL_ERROR, frameType, frame);
    }

    private static void sizeError(int frameType, Runnable frame) {
        Side.refused(TransportErrorCode.FINAL_SIZE_ERROR, frameType, frame);
    }
}
