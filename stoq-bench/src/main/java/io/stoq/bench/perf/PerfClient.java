package io.stoq.bench.perf;

import io.stoq.bench.terminal.Screen;
import io.stoq.transport.StoqTransport;
import java.io.IOException;
import java.time.Duration;

/** One measurement from the client's side: puts the load on, watches it, takes it off, and reports. */
public final class PerfClient {

    /** The name of what is measured, in reports. */
    public static final String STACK = "stoq";

    private static final Duration END_GRACE = Duration.ofSeconds(2);

    private PerfClient() {}

    /**
     * @param server where the server's counters come from, or null
     * @throws IOException where a connection cannot be opened, or ends before its time
     */
    public static PerfReport run(
            StoqTransport transport,
            PerfLoad.Connector connector,
            Measurement.Side server,
            LoadShape shape,
            PerfReport.Settings settings,
            int seconds,
            Screen screen)
            throws IOException, InterruptedException {
        try (PerfLoad load = PerfLoad.start(transport, connector, shape)) {
            Window window = new Measurement(load::snapshot, server, shape.direction(), screen)
                    .run(settings.warmupSeconds(), seconds);
            load.finish(END_GRACE);
            requireIntact(load.snapshot(), server == null ? null : server.snapshot());
            return PerfReport.of(window, shape, settings);
        } finally {
            screen.clearStatus();
        }
    }

    /** @throws IOException where either side received what had not been sent */
    public static void requireIntact(Snapshot client, Snapshot server) throws IOException {
        long mismatches = client.mismatches() + (server == null ? 0 : server.mismatches());
        if (mismatches > 0) {
            throw new IOException("the data received differed from the data sent in " + mismatches
                    + " places; where the server is not STOQ's, measure without --verify");
        }
    }
}
