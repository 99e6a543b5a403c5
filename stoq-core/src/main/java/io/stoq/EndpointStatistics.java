package io.stoq;

/**
 * What an endpoint, or several together, have done so far; a snapshot.
 *
 * @param connections open or closing now
 * @param handshaking those among them whose handshake is not complete
 * @param started connections that were started to servers
 * @param accepted connections of clients that were set up
 * @param refused connections that were turned away over a limit, by the application or while the endpoint shut down
 * @param busy endpoints that ask every client without a token to prove its address now
 * @param droppedDatagrams that belonged to no connection and deserved no answer
 * @param tokens that proved clients' addresses, or did not
 * @param closed how connections ended
 * @param traffic of all connections
 * @param memory that all connections hold
 */
public record EndpointStatistics(
        int connections,
        int handshaking,
        long started,
        long accepted,
        long refused,
        int busy,
        long droppedDatagrams,
        long versionNegotiationsSent,
        long retriesSent,
        long statelessResetsSent,
        TokenStatistics tokens,
        CloseCounts closed,
        TrafficStatistics traffic,
        MemoryStatistics memory) {

    /** An endpoint that did nothing yet. */
    public static EndpointStatistics none() {
        return new EndpointStatistics(
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                TokenStatistics.none(),
                CloseCounts.none(),
                TrafficStatistics.none(),
                MemoryStatistics.none());
    }

    /** The same where the endpoint is gone: its counts stay, its connections do not. */
    public EndpointStatistics ended() {
        return new EndpointStatistics(
                0,
                0,
                started,
                accepted,
                refused,
                0,
                droppedDatagrams,
                versionNegotiationsSent,
                retriesSent,
                statelessResetsSent,
                tokens,
                closed,
                traffic.ended(),
                memory.ended());
    }

    /** The sum of both. */
    public EndpointStatistics plus(EndpointStatistics other) {
        return new EndpointStatistics(
                connections + other.connections,
                handshaking + other.handshaking,
                started + other.started,
                accepted + other.accepted,
                refused + other.refused,
                busy + other.busy,
                droppedDatagrams + other.droppedDatagrams,
                versionNegotiationsSent + other.versionNegotiationsSent,
                retriesSent + other.retriesSent,
                statelessResetsSent + other.statelessResetsSent,
                tokens.plus(other.tokens),
                closed.plus(other.closed),
                traffic.plus(other.traffic),
                memory.plus(other.memory));
    }
}
