package io.stoq;

/**
 * What an endpoint has done so far; a snapshot.
 *
 * @param connections open or closing now
 * @param accepted connections of clients that were set up
 * @param refused connections that were turned away over a limit or by the application
 * @param droppedDatagrams that belonged to no connection and deserved no answer
 */
public record EndpointStatistics(
        int connections,
        long accepted,
        long refused,
        long droppedDatagrams,
        long versionNegotiationsSent,
        long retriesSent,
        long statelessResetsSent) {}
