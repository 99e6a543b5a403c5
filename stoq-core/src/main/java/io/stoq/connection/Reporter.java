package io.stoq.connection;

import io.stoq.congestion.CongestionController;
import io.stoq.recovery.Recovery;
import io.stoq.recovery.RttEstimator;
import io.stoq.telemetry.ConnectionSink;
import io.stoq.telemetry.RecoveryMetrics;
import io.stoq.telemetry.Telemetry;
import io.stoq.wire.TransportException;
import io.stoq.wire.frame.FrameReader;

/**
 * Tells connections' sinks what packets carry and how recovery stands. Confined to one loop, shared by its connections.
 */
final class Reporter {

    private final Telemetry telemetry;
    private final FrameReader reader = new FrameReader();
    private final RecoveryMetrics metrics = new RecoveryMetrics();

    Reporter(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    ConnectionSink open(Telemetry.Origin origin) {
        return telemetry.open(origin);
    }

    /**
     * A packet, sent or received.
     *
     * @param payload its frames, from 0 to {@code length}
     * @param bytes of the whole packet
     */
    void onPacket(
            Connection connection,
            long nowNs,
            boolean sent,
            int level,
            long packetNumber,
            int bytes,
            byte[] payload,
            int length) {
        ConnectionSink sink = connection.sink;
        try {
            reader.read(payload, 0, length, level, sink.onPacket(nowNs, sent, level, packetNumber, bytes));
        } catch (TransportException malformed) {
            // The peer's; the connection will find out for itself, and end. What came before it is told.
        }
        sink.onPacketEnd();
    }

    void onRecovery(Connection connection, long nowNs) {
        if (connection.sink.wantsRecovery()) {
            tell(connection, nowNs);
        }
    }

    private void tell(Connection connection, long nowNs) {
        Recovery recovery = connection.recovery;
        RttEstimator rtt = recovery.rtt();
        CongestionController controller = recovery.controller();
        long rate = controller.pacingRateBytesPerSecond();
        metrics.measured = rtt.hasSample();
        metrics.latestRttNs = rtt.latestNs();
        metrics.smoothedRttNs = metrics.measured ? rtt.smoothedNs() : 0;
        metrics.rttVarianceNs = metrics.measured ? rtt.varianceNs() : 0;
        metrics.minRttNs = rtt.minNs();
        metrics.ptoCount = recovery.ptoCount();
        metrics.windowBytes = controller.windowBytes();
        metrics.bytesInFlight = recovery.bytesInFlight();
        metrics.pacingRateBytesPerSecond = rate == CongestionController.UNPACED ? 0 : rate;
        metrics.controller = controller.name();
        metrics.controllerState = controller.state();
        connection.sink.onRecovery(nowNs, metrics);
    }
}
