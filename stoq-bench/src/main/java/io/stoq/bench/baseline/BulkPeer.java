package io.stoq.bench.baseline;

import io.stoq.bench.perf.Snapshot;
import java.io.IOException;

/** One side of a bulk transfer that goes on until it is closed. Any thread. */
public interface BulkPeer extends AutoCloseable {

    /** @throws IOException where the transfer has broken down, which it should not */
    Snapshot snapshot() throws IOException;

    @Override
    void close();
}
