package io.stoq;

/**
 * What all connections of an endpoint, or of several, have done so far, those that ended included; a snapshot. All but the
 * last five only grow.
 *
 * @param handshakes that were completed
 * @param handshakesNs how long they took, added up
 * @param packetsLost declared lost, among them {@code packetsSpuriouslyLost} that were acknowledged later
 * @param bytesRetransmitted of streams, sent once more
 * @param ecnMarksReported packets that peers reported as marked Congestion Experienced
 * @param ecnMarksReceived packets that arrived marked Congestion Experienced
 * @param measured open connections that have measured a round trip
 * @param smoothedRttsNs the smoothed round-trip times of these, added up
 * @param maxSmoothedRttNs the longest of them
 * @param windowBytes how much open connections may have in flight
 * @param bytesInFlight how much they have
 */
public record TrafficStatistics(
        long handshakes,
        long handshakesNs,
        long packetsSent,
        long packetsReceived,
        long bytesSent,
        long bytesReceived,
        long packetsLost,
        long packetsSpuriouslyLost,
        long bytesRetransmitted,
        long probeTimeouts,
        long packetsUndecryptable,
        long packetsDuplicate,
        long ecnMarksReported,
        long ecnMarksReceived,
        long keyUpdates,
        long pathChanges,
        long measured,
        long smoothedRttsNs,
        long maxSmoothedRttNs,
        long windowBytes,
        long bytesInFlight) {

    /** Nothing was done. */
    public static TrafficStatistics none() {
        return new TrafficStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** The same where the connections have ended: the counts stay, nothing is in flight. */
    public TrafficStatistics ended() {
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
                0,
                0,
                0,
                0,
                0);
    }

    /** The sum of both; of the longest round-trip times, the longer. */
    public TrafficStatistics plus(TrafficStatistics other) {
        return new TrafficStatistics(
                handshakes + other.handshakes,
                handshakesNs + other.handshakesNs,
                packetsSent + other.packetsSent,
                packetsReceived + other.packetsReceived,
                bytesSent + other.bytesSent,
                bytesReceived + other.bytesReceived,
                packetsLost + other.packetsLost,
                packetsSpuriouslyLost + other.packetsSpuriouslyLost,
                bytesRetransmitted + other.bytesRetransmitted,
                probeTimeouts + other.probeTimeouts,
                packetsUndecryptable + other.packetsUndecryptable,
                packetsDuplicate + other.packetsDuplicate,
                ecnMarksReported + other.ecnMarksReported,
                ecnMarksReceived + other.ecnMarksReceived,
                keyUpdates + other.keyUpdates,
                pathChanges + other.pathChanges,
                measured + other.measured,
                smoothedRttsNs + other.smoothedRttsNs,
                Math.max(maxSmoothedRttNs, other.maxSmoothedRttNs),
                windowBytes + other.windowBytes,
                bytesInFlight + other.bytesInFlight);
    }
}
