package io.stoq.transport.telemetry;

import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A connection goes on over another path. */
@Name("io.stoq.ConnectionMigrated")
@Label("Connection Migrated")
final class ConnectionMigratedEvent extends ConnectionEvent {

    static final EventType TYPE = EventType.getEventType(ConnectionMigratedEvent.class);

    @Label("Old Remote Address")
    String oldRemote;

    @Label("New Remote Address")
    String newRemote;
}
