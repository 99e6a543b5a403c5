package io.stoq;

/**
 * What a stream has done so far; a snapshot. The counts of a direction that it does not have are 0.
 *
 * @param bytesSent data bytes that left at least once
 * @param bytesAcknowledged data bytes that the peer acknowledged without a gap
 * @param bytesUnacknowledged written and not acknowledged: on their way, or waiting to leave
 * @param bytesRetransmitted data bytes that left once more
 * @param sendLimitBytes up to which offset the peer lets this side send. RFC 9000 §4.1
 * @param bytesReceived up to which offset data of the peer has arrived, gaps included
 * @param bytesDelivered data bytes that the application, or the buffer before it, took in order
 */
public record StreamStatistics(
        long bytesSent,
        long bytesAcknowledged,
        long bytesUnacknowledged,
        long bytesRetransmitted,
        long sendLimitBytes,
        long bytesReceived,
        long bytesDelivered) {}
