package io.stoq.transport.telemetry;

import io.stoq.pool.PoolEvents;
import io.stoq.telemetry.Telemetry;

/** Tells Java Flight Recorder of connections and pools, where this Java has one. */
public final class FlightRecorder {

    private FlightRecorder() {}

    /** For all connections; {@link Telemetry#OFF} where the module {@code jdk.jfr} is not there. */
    public static Telemetry telemetry() {
        return isThere() ? FlightRecorderSink::new : Telemetry.OFF;
    }

    /** For one pool, by its name. On the pool's loop; never waits, never throws. */
    public static PoolEvents pool(String name) {
        return isThere() ? new PoolRecording(name) : event -> {};
    }

    private static boolean isThere() {
        return ModuleLayer.boot().findModule("jdk.jfr").isPresent();
    }
}
