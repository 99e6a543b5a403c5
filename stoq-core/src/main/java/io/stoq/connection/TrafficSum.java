package io.stoq.connection;

import io.stoq.TrafficStatistics;
import io.stoq.ack.AckTracker;
import io.stoq.recovery.Recovery;
import io.stoq.recovery.RttEstimator;

/**
 * Adds up what connections have counted, without an object for each: there may be many, and their loop waits. On their loop;
 * the fields are those of {@link TrafficStatistics}.
 */
public final class TrafficSum {

    private long handshakes;
    private long handshakesNs;
    private long packetsSent;
    private long packetsReceived;
    private long bytesSent;
    private long bytesReceived;
    private long packetsLost;
    private long packetsSpuriouslyLost;
    private long bytesRetransmitted;
    private long probeTimeouts;
    private long packetsUndecryptable;
    private long packetsDuplicate;
    private long ecnMarksReported;
    private long ecnMarksReceived;
    private long keyUpdates;
    private long pathChanges;
    private long measured;
    private long smoothedRttsNs;
    private long maxSmoothedRttNs;
    private long windowBytes;
    private long bytesInFlight;

    /** Adds what a connection did, and what it has under way where it is open. */
    public void add(Connection connection) {
        Counters counters = connection.statistics;
        Recovery recovery = connection.recovery;
        handshakes += counters.handshakeNs > 0 ? 1 : 0;
        handshakesNs += counters.handshakeNs;
        packetsSent += counters.packetsSent;
        packetsReceived += counters.packetsReceived;
        bytesSent += counters.bytesSent;
        bytesReceived += counters.bytesReceived;
        packetsLost += recovery.lostPackets();
        packetsSpuriouslyLost += recovery.spuriousLosses();
        bytesRetransmitted += connection.streams.retransmittedBytes();
        probeTimeouts += recovery.probeTimeouts();
        packetsUndecryptable += counters.packetsUndecryptable;
        packetsDuplicate += counters.packetsDuplicate;
        ecnMarksReported += recovery.ecn().marksReported();
        for (AckTracker space : connection.acks) {
            ecnMarksReceived += space.ce();
        }
        keyUpdates += connection.keyring.updates();
        pathChanges += counters.pathChanges;
        if (connection.isOpen()) {
            addUnderWay(recovery);
        }
    }

    private void addUnderWay(Recovery recovery) {
        RttEstimator rtt = recovery.rtt();
        long rttNs = rtt.hasSample() ? rtt.smoothedNs() : 0;
        measured += rttNs > 0 ? 1 : 0;
        smoothedRttsNs += rttNs;
        maxSmoothedRttNs = Math.max(maxSmoothedRttNs, rttNs);
        windowBytes += recovery.controller().windowBytes();
        bytesInFlight += recovery.bytesInFlight();
    }

    /** The sum so far. */
    public TrafficStatistics statistics() {
        return new TrafficStatistics(
                handshakes,
                handshakesNs,
                packetsSent,
                packetsReceived,
                bytesSent,
                bytesReceived,
                packetsLost,
                packetsSpuriouslyLost,
                bytesRetransmitted,
                probeTimeouts,
                packetsUndecryptable,
                packetsDuplicate,
                ecnMarksReported,
                ecnMarksReceived,
                keyUpdates,
                pathChanges,
                measured,
                smoothedRttsNs,
                maxSmoothedRttNs,
                windowBytes,
                bytesInFlight);
    }
}
