package io.stoq.pool;

/**
 * What a pool has and what it did so far; a snapshot.
 *
 * @param healthy connections now
 * @param degraded connections now
 * @param draining connections now
 * @param dialing connections in the making now
 * @param inFlight leases and streams not over yet
 * @param waiting threads that wait for a connection now
 * @param acquired leases and streams given out so far
 * @param opened connections made so far
 * @param dialsFailed tries so far that led to no connection, each over all addresses
 * @param broken connections given up so far
 * @param retired connections drained so far: idle, at the peer's wish or when the pool ended
 * @param failedOver times that work of which nothing was sent went to another connection
 * @param pings sent so far
 * @param wakeUps turns of the pool that a timer caused
 * @param droppedEvents that the listener was too slow for
 */
public record PoolStatistics(
        int healthy,
        int degraded,
        int draining,
        int dialing,
        long inFlight,
        int waiting,
        long acquired,
        long opened,
        long dialsFailed,
        long broken,
        long retired,
        long failedOver,
        long pings,
        long wakeUps,
        long droppedEvents,
        BreakerState breaker) {}
