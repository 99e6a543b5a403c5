package io.stoq;

/**
 * The memory that a connection, or an endpoint with all its connections, holds: data that waits, with what the objects and
 * arrays around it cost; a snapshot. See {@code docs/guide/memory.md}.
 *
 * @param heldBytes held now
 * @param budgetBytes over which the peer gets no more credit
 * @param peakBytes most that was held at once; for several endpoints, the sum of theirs
 * @param withheld times that credit began to be withheld for it
 * @param streamsReset streams that were reset for it, with {@link StoqStream#OVER_BUDGET}
 * @param connectionsClosed connections that were closed for it; 0 for a connection
 * @param connectionsRefused connections of clients that were turned away for it; 0 for a connection
 */
public record MemoryStatistics(
        long heldBytes,
        long budgetBytes,
        long peakBytes,
        long withheld,
        long streamsReset,
        long connectionsClosed,
        long connectionsRefused) {

    /** Nothing is held. */
    public static MemoryStatistics none() {
        return new MemoryStatistics(0, 0, 0, 0, 0, 0, 0);
    }

    /** The same where the endpoint is gone: its counts stay. */
    public MemoryStatistics ended() {
        return new MemoryStatistics(0, 0, 0, withheld, streamsReset, connectionsClosed, connectionsRefused);
    }

    /** The sum of both. */
    public MemoryStatistics plus(MemoryStatistics other) {
        return new MemoryStatistics(
                heldBytes + other.heldBytes,
                budgetBytes + other.budgetBytes,
                peakBytes + other.peakBytes,
                withheld + other.withheld,
                streamsReset + other.streamsReset,
                connectionsClosed + other.connectionsClosed,
                connectionsRefused + other.connectionsRefused);
    }
}
