package io.stoq.transport.qlog;

import java.util.ArrayList;
import java.util.List;

/**
 * Events of one connection, as numbers: kind, length in words, time, and what belongs to the kind. Owned by a loop while it
 * is filled, then by the thread that writes.
 */
final class EventBlock {

    static final int WORDS = 4096;

    /** No event is longer: what does not fit of a packet's frames is left out. */
    static final int EVENT_WORDS = 1024;

    // Kinds of events; behind the time follows what is named.
    static final int STARTED = 1;

    /** Local; object: the parameters. */
    static final int PARAMETERS = 2;

    /** Object: the application's protocol. */
    static final int HANDSHAKE_COMPLETE = 3;

    /** Level, packet number, bytes, frames. */
    static final int PACKET_SENT = 4;

    /** As PACKET_SENT. */
    static final int PACKET_RECEIVED = 5;

    /** Level, bytes, duplicate. */
    static final int PACKET_DROPPED = 6;

    /** Level, packet number, MTU probe. */
    static final int PACKET_LOST = 7;

    /** Level. */
    static final int PROBE_TIMEOUT = 8;

    /** Eight numbers: minimum, smoothed, latest, variance of the round trip, timeouts, window, flight, pacing rate. */
    static final int METRICS = 9;

    /** Objects: the old state or null, and the new one. */
    static final int CONTROLLER_STATE = 10;

    /** Object: the remote address. */
    static final int PATH_CHANGED = 11;

    /** Object: the reason. */
    static final int CLOSED = 12;

    /** How many events were left out. */
    static final int DROPPED = 13;

    final long[] words = new long[WORDS];
    final List<Object> objects = new ArrayList<>();
    int length;
    Trace trace;

    /** Nothing follows for the trace. */
    boolean last;

    void clear() {
        length = 0;
        last = false;
        trace = null;
        objects.clear();
    }

    boolean isFull() {
        return length > WORDS - EVENT_WORDS;
    }
}
