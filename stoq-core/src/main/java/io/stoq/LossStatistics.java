package io.stoq;

/**
 * What a connection lost on the way, and what that cost; a snapshot. RFC 9002.
 *
 * @param packets declared lost, among them {@code packetsSpurious} that were acknowledged later
 * @param bytes of the packets declared lost, with header and tag
 * @param bytesRetransmitted of streams, sent once more
 * @param probeTimeouts times that nothing was heard for so long that probes were sent. RFC 9002 §6.2
 * @param persistentCongestions times that losses over a long period made the window start over. RFC 9002 §7.6
 */
public record LossStatistics(
        long packets,
        long packetsSpurious,
        long bytes,
        long bytesRetransmitted,
        long probeTimeouts,
        long persistentCongestions) {}
