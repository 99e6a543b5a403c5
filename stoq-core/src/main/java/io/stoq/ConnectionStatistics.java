package io.stoq;

/**
 * What a connection has done so far; a snapshot. Counts are of this side, and over all paths that it has used.
 *
 * @param localConnectionId hexadecimal: the id that this side chose for the handshake, under which it is logged
 * @param handshakeNs from its first packet to the end of the handshake; 0 before that
 * @param bytesSent UDP payload bytes
 * @param bytesReceived UDP payload bytes
 * @param packetsUndecryptable that could not be opened: forged, damaged, or under keys already gone
 * @param keyUpdates key phases gone through
 * @param pathChanges times that the connection went on over another path. RFC 9000 §9
 * @param streams open in at least one direction, of both sides
 * @param bytesHeld memory that keeps what arrived on streams out of order, or was not taken yet
 * @param path the one that it sends on
 * @param memory all that it holds, {@code bytesHeld} included
 */
public record ConnectionStatistics(
        String localConnectionId,
        long handshakeNs,
        long packetsSent,
        long packetsReceived,
        long bytesSent,
        long bytesReceived,
        long packetsUndecryptable,
        long packetsDuplicate,
        long keyUpdates,
        long pathChanges,
        int streams,
        long bytesHeld,
        LossStatistics losses,
        EcnStatistics ecn,
        PathStatistics path,
        MemoryStatistics memory) {}
