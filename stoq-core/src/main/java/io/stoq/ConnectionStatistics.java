package io.stoq;

/**
 * What a connection has done so far; a snapshot. Counts are of this side.
 *
 * @param bytesSent UDP payload bytes
 * @param bytesReceived UDP payload bytes
 * @param packetsLost declared lost, among them {@code packetsSpuriouslyLost} that were acknowledged later
 * @param packetsUndecryptable that could not be opened: forged, damaged, or under keys already gone
 * @param smoothedRttNs round-trip time, smoothed; 0 before the first sample
 * @param congestionWindowBytes how much may be in flight
 * @param keyUpdates key phases gone through
 * @param maxDatagramBytes the largest UDP payload that is sent now; grows as the path's MTU is found out
 * @param ecn what is known of Explicit Congestion Notification on the path, for what is sent
 * @param ecnPacketsSent packets that left ECN-capable
 * @param ecnMarksReported how many of them the peer reported as marked Congestion Experienced
 * @param ecnPacketsReceived packets that arrived ECN-capable, marked ones included
 * @param ecnMarksReceived packets that arrived marked Congestion Experienced
 */
public record ConnectionStatistics(
        long packetsSent,
        long packetsReceived,
        long bytesSent,
        long bytesReceived,
        long packetsLost,
        long packetsSpuriouslyLost,
        long packetsUndecryptable,
        long packetsDuplicate,
        long probeTimeouts,
        long smoothedRttNs,
        long minRttNs,
        long congestionWindowBytes,
        long bytesInFlight,
        long keyUpdates,
        int maxDatagramBytes,
        EcnState ecn,
        long ecnPacketsSent,
        long ecnMarksReported,
        long ecnPacketsReceived,
        long ecnMarksReceived) {}
