package io.stoq.transport.telemetry;

import io.stoq.telemetry.Telemetry;

/** Tells Java Flight Recorder of connections, where this Java has one. */
public final class FlightRecorder {

    private FlightRecorder() {}

    /** For all connections; {@link Telemetry#OFF} where the module {@code jdk.jfr} is not there. */
    public static Telemetry telemetry() {
        return ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? FlightRecorderSink::new : Telemetry.OFF;
    }
}
