package io.stoq.transport.telemetry;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.StackTrace;

/** What all events of STOQ in Flight Recorder have. */
@Category("STOQ")
@StackTrace(false)
abstract class ConnectionEvent extends Event {

    @Label("Connection ID")
    @Description("The connection id that this side chose for the handshake, hexadecimal")
    String connectionId;

    @Label("Server")
    @Description("Whether this side accepted the connection")
    boolean server;
}
