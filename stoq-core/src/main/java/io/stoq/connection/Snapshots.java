package io.stoq.connection;

import io.stoq.ConnectionStatistics;
import io.stoq.EcnStatistics;
import io.stoq.LossStatistics;
import io.stoq.PathStatistics;
import io.stoq.ack.AckTracker;
import io.stoq.congestion.CongestionController;
import io.stoq.path.Path;
import io.stoq.recovery.Recovery;
import io.stoq.recovery.RttEstimator;
import java.util.HexFormat;

/** Puts together what the components of a connection have counted. On the connection's loop. */
final class Snapshots {

    private Snapshots() {}

    static ConnectionStatistics of(Connection connection) {
        Counters counters = connection.statistics;
        return new ConnectionStatistics(
                HexFormat.of().formatHex(connection.localIds.initial()),
                counters.handshakeNs,
                counters.packetsSent,
                counters.packetsReceived,
                counters.bytesSent,
                counters.bytesReceived,
                counters.packetsUndecryptable,
                counters.packetsDuplicate,
                connection.keyring.updates(),
                counters.pathChanges,
                connection.streams.openStreams(),
                connection.streams.bytesHeld(),
                losses(connection),
                ecn(connection),
                path(connection),
                connection.memory.statistics());
    }

    private static LossStatistics losses(Connection connection) {
        Recovery recovery = connection.recovery;
        return new LossStatistics(
                recovery.lostPackets(),
                recovery.spuriousLosses(),
                recovery.lostBytes(),
                connection.streams.retransmittedBytes(),
                recovery.probeTimeouts(),
                recovery.persistentCongestions());
    }

    private static EcnStatistics ecn(Connection connection) {
        long received = 0;
        long marked = 0;
        for (AckTracker space : connection.acks) {
            received += space.ect0() + space.ect1() + space.ce();
            marked += space.ce();
        }
        return new EcnStatistics(
                connection.recovery.ecn().state(),
                connection.recovery.ecn().packetsSent(),
                connection.recovery.ecn().marksReported(),
                received,
                marked);
    }

    private static PathStatistics path(Connection connection) {
        Path path = connection.paths.active();
        RttEstimator rtt = connection.recovery.rtt();
        boolean measured = rtt.hasSample();
        CongestionController controller = connection.recovery.controller();
        long rate = controller.pacingRateBytesPerSecond();
        return new PathStatistics(
                path.remote,
                path.isValidated(),
                rtt.latestNs(),
                measured ? rtt.smoothedNs() : 0,
                measured ? rtt.varianceNs() : 0,
                rtt.minNs(),
                controller.name(),
                controller.state(),
                controller.windowBytes(),
                connection.recovery.bytesInFlight(),
                rate == CongestionController.UNPACED ? 0 : rate,
                controller.bandwidthBytesPerSecond(),
                connection.datagramBytes(),
                path.sentBytes(),
                path.receivedBytes());
    }
}
