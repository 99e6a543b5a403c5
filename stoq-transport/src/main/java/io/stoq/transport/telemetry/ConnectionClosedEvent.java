package io.stoq.transport.telemetry;

import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A connection can no longer be used; also one whose handshake failed. */
@Name("io.stoq.ConnectionClosed")
@Label("Connection Closed")
final class ConnectionClosedEvent extends ConnectionEvent {

    static final EventType TYPE = EventType.getEventType(ConnectionClosedEvent.class);

    @Label("Reason")
    String reason;

    @Label("Code")
    long code;

    @Label("Closed by Peer")
    boolean byPeer;
}
