package io.stoq.transport.telemetry;

import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** Nothing was acknowledged for so long that probes are sent. */
@Name("io.stoq.ProbeTimeout")
@Label("Probe Timeout")
final class ProbeTimeoutEvent extends ConnectionEvent {

    static final EventType TYPE = EventType.getEventType(ProbeTimeoutEvent.class);

    @Label("Level")
    String level;

    @Label("Times in a Row")
    int count;
}
