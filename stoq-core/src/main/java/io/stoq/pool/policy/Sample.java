package io.stoq.pool.policy;

/**
 * The figures of a connection that its health is judged by; all count from its start.
 *
 * @param probeTimeouts RFC 9002 §6.2
 * @param smoothedRttNs 0 before the first sample
 * @param bytesInFlight sent and neither acknowledged nor lost
 */
public record Sample(
        long packetsSent,
        long packetsReceived,
        long packetsLost,
        long probeTimeouts,
        long smoothedRttNs,
        long bytesInFlight) {}
