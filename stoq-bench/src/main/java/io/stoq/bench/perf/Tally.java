package io.stoq.bench.perf;

import java.util.concurrent.atomic.LongAdder;

/** What the applications on this side have seen so far, over all streams. Thread-safe. */
public final class Tally {

    /** Application bytes handed over by the transport, without the protocol's headers. */
    public final LongAdder receivedBytes = new LongAdder();

    /** Application bytes that the peer's transport has acknowledged. */
    public final LongAdder acknowledgedBytes = new LongAdder();

    /** Datagrams handed over by the transport. */
    final LongAdder receivedDatagrams = new LongAdder();

    /** Pieces of data that were not what had been sent; counted only where data is verified. */
    public final LongAdder mismatches = new LongAdder();
}
