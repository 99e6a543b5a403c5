package io.stoq.transport.telemetry;

import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;

/** A handshake is complete. */
@Name("io.stoq.ConnectionOpened")
@Label("Connection Opened")
final class ConnectionOpenedEvent extends ConnectionEvent {

    static final EventType TYPE = EventType.getEventType(ConnectionOpenedEvent.class);

    @Label("Remote Address")
    String remote;

    @Label("Handshake Time")
    @Timespan(Timespan.NANOSECONDS)
    long handshakeTime;
}
