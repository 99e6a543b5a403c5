package io.stoq.bench.hold;

import io.stoq.bench.perf.ServerProcess;
import java.io.IOException;

/** The server's process, as the client asks it. */
public record HoldServer(ServerProcess process) {

    /** The line that asks for a {@link Footprint}. */
    public static final String FOOTPRINT_REQUEST = "footprint";

    /** The line that asks for {@link ConnectionCounts}. */
    public static final String CONNECTIONS_REQUEST = "connections";

    /** As {@link Footprint#afterCollection()}, there. */
    Footprint footprint() throws IOException, InterruptedException {
        return process.ask(FOOTPRINT_REQUEST, Footprint.class);
    }

    ConnectionCounts connections() throws IOException, InterruptedException {
        return process.ask(CONNECTIONS_REQUEST, ConnectionCounts.class);
    }
}
