package io.stoq;

/**
 * Explicit Congestion Notification of a connection; a snapshot. RFC 9000 §13.4
 *
 * @param state what is known of the current path, for what is sent
 * @param packetsSent packets that left ECN-capable
 * @param marksReported how many of them the peer reported as marked Congestion Experienced
 * @param packetsReceived packets that arrived ECN-capable, marked ones included
 * @param marksReceived packets that arrived marked Congestion Experienced
 */
public record EcnStatistics(
        EcnState state, long packetsSent, long marksReported, long packetsReceived, long marksReceived) {}
