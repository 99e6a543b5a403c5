package io.stoq.transport.driver;

import io.stoq.StreamEvents;
import java.nio.ByteBuffer;

/** Brings what happens to a stream to the application's handler. Confined to the loop. */
final class EventDelivery {

    private final LoopStream stream;
    private final StreamEvents events;

    /** Bytes that were taken before there was a handler; they come first, and so does their end. */
    private boolean holding = true;

    private boolean finishTold;
    private boolean closedTold;

    EventDelivery(LoopStream stream, StreamEvents events) {
        this.stream = stream;
        this.events = events;
    }

    /** Whether older bytes wait still, so that newer ones must too. */
    boolean holdsBack(StreamInput input) {
        return holding && input.available() > 0;
    }

    /** From inside the engine, which resets the stream where this throws. */
    int onData(ByteBuffer borrowed) {
        int at = borrowed.position();
        events.onData(stream, borrowed);
        return borrowed.position() - at;
    }

    /** Delivers what was held, then the end where it is known; false where the handler left something. */
    boolean deliverHeld(StreamInput input) {
        try {
            while (holding) {
                ByteBuffer held = input.peek();
                if (held == null) {
                    holding = false;
                    break;
                }
                int taken = onData(held);
                input.skip(taken);
                if (held.hasRemaining()) {
                    return false;
                }
            }
            if (input.end() instanceof StreamEnd.Finished && !finishTold) {
                finishTold = true;
                events.onFinished(stream);
                if (closedTold) {
                    events.onClosed(stream);
                }
            }
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

    /** Both directions are over; where bytes are held, the handler hears of it behind them. */
    void onClosed() {
        if (closedTold) {
            return;
        }
        closedTold = true;
        if (!holding) {
            try {
                events.onClosed(stream);
            } catch (Throwable failure) { // an application's mistake must not become the loop's
                stream.fail(failure);
            }
        }
    }
}
