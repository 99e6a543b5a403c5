package io.stoq.bench.perf;

import java.util.concurrent.atomic.LongAdder;

/** What the applications on this side have seen so far, over all streams. Thread-safe. */
final class Tally {

    /** Application bytes handed over by the transport, without the protocol's headers. */
    final LongAdder receivedBytes = new LongAdder();

    /** Application bytes that the peer's transport has acknowledged. */
    final LongAdder acknowledgedBytes = new LongAdder();

    /** Datagrams handed over by the transport. */
    final LongAdder receivedDatagrams = new LongAdder();

    /** Pieces of data that were not what had been sent; counted only where data is verified. */
    final LongAdder mismatches = new LongAdder();
}
