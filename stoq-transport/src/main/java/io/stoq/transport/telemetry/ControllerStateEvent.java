package io.stoq.transport.telemetry;

import jdk.jfr.DataAmount;
import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;

/** The congestion controller changed its state. */
@Name("io.stoq.CongestionControllerState")
@Label("Congestion Controller State")
final class ControllerStateEvent extends ConnectionEvent {

    static final EventType TYPE = EventType.getEventType(ControllerStateEvent.class);

    @Label("Controller")
    String controller;

    @Label("Old State")
    String oldState;

    @Label("New State")
    String newState;

    @Label("Congestion Window")
    @DataAmount
    long window;

    @Label("Bytes in Flight")
    @DataAmount
    long bytesInFlight;

    @Label("Pacing Rate per Second")
    @DataAmount
    long pacingRate;

    @Label("Smoothed Round-Trip Time")
    @Timespan(Timespan.NANOSECONDS)
    long smoothedRtt;
}
