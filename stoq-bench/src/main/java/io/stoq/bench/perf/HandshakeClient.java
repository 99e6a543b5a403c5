package io.stoq.bench.perf;

import io.stoq.bench.terminal.Screen;
import io.stoq.transport.StoqTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One measurement of handshakes from the client's side: puts the load on, watches it, takes it off, and reports. */
public final class HandshakeClient {

    /** How long handshakes in flight may take to end, and then the server to forget the connections. */
    private static final Duration END_GRACE = Duration.ofSeconds(5);

    private static final long POLL_MS = 50;

    private HandshakeClient() {}

    /** @throws IOException where the server's process ends before its time */
    public static HandshakeReport run(
            StoqTransport transport,
            HandshakeLoad.Connector connector,
            HandshakeWindow.Server server,
            HandshakeReport.Settings settings,
            int seconds,
            Screen screen)
            throws IOException, InterruptedException {
        try (HandshakeLoad load = HandshakeLoad.start(transport, connector, settings.concurrency())) {
            HandshakeWindow window = HandshakeWindow.watch(load, server, settings.warmupSeconds(), seconds, screen);
            load.finish(END_GRACE);
            return HandshakeReport.of(
                    window, load.firstFailure(), load.fullHandshakes(), connectionsLeft(server), settings);
        }
    }

    /** Closed connections last for three probe timeouts (RFC 9000 §10.2); what is left after that was forgotten by mistake. */
    private static int connectionsLeft(HandshakeWindow.Server server) throws IOException, InterruptedException {
        long endNs = System.nanoTime() + END_GRACE.toNanos();
        int left = server.counts().connections();
        while (left > 0 && System.nanoTime() < endNs) {
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
            left = server.counts().connections();
        }
        return left;
    }
}
