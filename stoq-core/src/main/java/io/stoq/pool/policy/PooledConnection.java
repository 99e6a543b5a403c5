package io.stoq.pool.policy;

/** A connection as its pool sees it. Nothing here blocks. */
public interface PooledConnection {

    /** Asks for its figures; answered by {@link Pool#onSample}, or never. */
    void sample();

    void ping();

    /** A count of acquisitions; it may wrap. */
    int acquisitions();

    int inFlight();

    /** No more work goes there. Answered by {@link Pool#onDrained} when nothing is in flight. */
    void retire();

    void close(String reason);
}
