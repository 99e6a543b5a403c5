package io.stoq.transport.driver;

import io.stoq.ShutdownOutcome;
import io.stoq.endpoint.Endpoint;

/** A graceful end of an endpoint: streams in flight may finish until a deadline. Confined to the loop. */
final class Shutdown {

    static final String REASON = "shutting down";

    private static final long NOT_ASKED = Long.MAX_VALUE;

    private final Endpoint endpoint;
    private long untilNs = NOT_ASKED;
    private long code;
    private boolean ended;
    private int asked;
    private int cut;

    Shutdown(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    boolean hasBegun() {
        return untilNs != NOT_ASKED;
    }

    /** A second call can make it end sooner, not later. */
    void begin(long nowNs, long timeoutNs, long cutCode) {
        if (!hasBegun()) {
            asked = endpoint.openConnections();
            endpoint.closeWhenServed();
        }
        long wantedNs = nowNs + Math.min(timeoutNs, Long.MAX_VALUE - 1 - nowNs);
        if (wantedNs < untilNs) {
            untilNs = wantedNs;
            code = cutCode;
        }
    }

    /** Whether nothing is left, or the time has passed: then all that is left is to be closed with {@link #code()}; true once. */
    boolean pollEnd(long nowNs) {
        boolean due = hasBegun() && !ended && (nowNs >= untilNs || endpoint.isIdle());
        if (due) {
            ended = true;
            cut = endpoint.openConnections();
        }
        return due;
    }

    long code() {
        return code;
    }

    /** When the time has passed; {@code Long.MAX_VALUE} where nothing waits for that. */
    long deadlineNs() {
        return ended ? Long.MAX_VALUE : untilNs;
    }

    ShutdownOutcome outcome() {
        return new ShutdownOutcome(Math.max(0, asked - cut), cut);
    }
}
