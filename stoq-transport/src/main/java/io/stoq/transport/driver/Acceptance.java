package io.stoq.transport.driver;

import io.stoq.ConnectionHandler;
import io.stoq.ConnectionTask;
import io.stoq.StreamTask;

/**
 * Who takes connections and streams that the peer opens; each part may be null.
 *
 * @param handler hears of everything on the event loop
 * @param connectionTask gets each connection on a virtual thread
 * @param streamTask gets each stream of the peer on a virtual thread
 */
public record Acceptance(ConnectionHandler handler, ConnectionTask connectionTask, StreamTask streamTask) {

    /** Everything is left to {@code acceptStream} and {@code receiveDatagram}. */
    public static final Acceptance NONE = new Acceptance(null, null, null);

    public Acceptance {
        handler = handler == null ? new ConnectionHandler() {} : handler;
    }
}
