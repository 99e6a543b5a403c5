package io.stoq.bench.baseline;

import io.stoq.bench.perf.ServerProcess;
import java.io.IOException;
import java.util.List;

/** Another way to move bulk data between two processes over {@code ::1}, to compare STOQ with. Stateless; any thread. */
public interface Baseline {

    /** As on the command line. */
    String name();

    /** Why it cannot move datagrams of that size, as a clause; null where it can. */
    default String obstacle(int payloadBytes) {
        return null;
    }

    /** @throws IllegalArgumentException where a setting or the congestion control is none that this stack knows */
    void requireValid(Tuning tuning, String congestion);

    /** What seals: a name and, behind a space, whose it is. */
    String aead(BulkLoad load);

    /** Arguments of both JVMs, beside those of the {@code stoq} command, with which it is at its best. */
    default List<String> jvmArguments() {
        return List.of();
    }

    /** Opens a server on a free port of {@code ::1}. */
    BulkServer serve(BulkLoad load) throws IOException;

    /** Connects to the server, and puts the load on. */
    BulkPeer connect(BulkLoad load, ServerProcess.Greeting server) throws IOException;
}
