package io.stoq.transport.driver;

import io.stoq.ConnectionHandler;
import io.stoq.ConnectionTask;
import io.stoq.StreamTask;

/**
 * What the application does with connections.
 *
 * @param handler hears of everything, on the loop
 * @param connectionTask runs for each connection on a virtual thread, or null
 * @param streamTask runs for each stream of the peer that the handler does not take, on a virtual thread, or null
 * @param earlyData whether a client is given its connection when early data may go, if it may
 */
public record ConnectionRole(
        ConnectionHandler handler, ConnectionTask connectionTask, StreamTask streamTask, boolean earlyData) {

    public ConnectionRole(ConnectionHandler handler, ConnectionTask connectionTask, StreamTask streamTask) {
        this(handler, connectionTask, streamTask, false);
    }
}
