package io.stoq;

/**
 * What became of the connections of a server, transport or pool that was shut down.
 *
 * @param closedClean how many ended with nothing in flight, by either side, within the time
 * @param cut how many were closed with streams, or with leases of a pool, in flight, as the time had passed
 */
public record ShutdownOutcome(int closedClean, int cut) {

    /** Of what had no connections, or was shut down before. */
    public static final ShutdownOutcome NONE = new ShutdownOutcome(0, 0);

    /** Both together. */
    public ShutdownOutcome plus(ShutdownOutcome other) {
        return new ShutdownOutcome(closedClean + other.closedClean, cut + other.cut);
    }
}
