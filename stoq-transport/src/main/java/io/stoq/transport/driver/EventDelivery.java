package io.stoq.transport.driver;

import io.stoq.StreamEvents;
import java.nio.ByteBuffer;

/** Brings what happens to a stream to the application's handler. Confined to the loop. */
final class EventDelivery {

    private final LoopStream stream;
    private final StreamEvents events;
    private final StreamInput input;
    private boolean finishTold;
    private boolean closed;
    private boolean closedTold;

    /** @param input what was received before there was a handler comes from here, first; null where nothing is received */
    EventDelivery(LoopStream stream, StreamEvents events, StreamInput input) {
        this.stream = stream;
        this.events = events;
        this.input = input;
    }

    boolean isFor(StreamEvents handler) {
        return events == handler;
    }

    /**
     * What was missed before there was a handler; older bytes and their end follow by {@link #deliverHeld}.
     *
     * @param outputEnd why the sending direction ended, or null
     * @param over whether both directions are
     */
    void catchUp(StreamEnd outputEnd, boolean over) {
        try {
            if (input != null && input.end() instanceof StreamEnd.ByPeer(long code)) {
                onReset(code);
            }
            if (outputEnd instanceof StreamEnd.ByPeer(long code)) {
                onStopSending(code);
            }
        } catch (Throwable failure) { // an application's mistake must not become the loop's
            stream.fail(failure);
        }
        if (over) {
            onClosed(false);
        }
    }

    /** Whether older bytes wait still, so that newer ones must too. */
    boolean holdsBack() {
        return input.available() > 0;
    }

    /** From inside the engine, which resets the stream where this throws. */
    int onData(ByteBuffer borrowed) {
        int at = borrowed.position();
        events.onData(stream, borrowed);
        return borrowed.position() - at;
    }

    /** Delivers older bytes, then the end where it is known; false where the handler left something. */
    boolean deliverHeld() {
        try {
            for (ByteBuffer held = input.peek(); held != null; held = input.peek()) {
                input.skip(onData(held));
                if (held.hasRemaining()) {
                    return false;
                }
            }
            if (input.end() instanceof StreamEnd.Finished && !finishTold) {
                finishTold = true;
                events.onFinished(stream);
            }
            tellClosed();
        } catch (Throwable failure) { // an application's mistake must not become the loop's
            stream.fail(failure);
        }
        return true;
    }

    void onReset(long code) {
        events.onReset(stream, code);
    }

    void onStopSending(long code) {
        events.onStopSending(stream, code);
    }

    void onWritable() {
        try {
            events.onWritable(stream);
        } catch (Throwable failure) { // an application's mistake must not become the loop's
            stream.fail(failure);
        }
    }

    /** Both directions are over; where older bytes wait to be taken, the handler hears of it behind them. */
    void onClosed(boolean withConnection) {
        closed = true;
        try {
            if (withConnection || input == null || !holdsBack()) {
                tellClosed();
            }
        } catch (Throwable failure) { // an application's mistake must not become the loop's
            stream.fail(failure);
        }
    }

    private void tellClosed() {
        if (closed && !closedTold) {
            closedTold = true;
            events.onClosed(stream);
        }
    }
}
