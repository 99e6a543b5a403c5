package io.stoq.bench.hold;

import io.stoq.CloseReason;
import io.stoq.ConnectionHandler;
import io.stoq.StoqConnection;
import io.stoq.bench.perf.PerfProtocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The client's connections: opened with a bounded number of handshakes in flight, kept, and closed a few at a time. Hears of
 * those that end before their time.
 */
final class HoldLoad implements ConnectionHandler {

    /** Handshakes in flight: enough for all processors, and not more than a server's receive buffer takes at once. */
    private static final int HANDSHAKES_AT_ONCE = 64;

    /** Closed at once, before the server is asked whether it has heard: nothing repeats what a full buffer drops. */
    private static final int CLOSED_AT_ONCE = 200;

    private static final long CLOSE_GRACE_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long POLL_MS = 5;

    private final Failures failures;
    private final Semaphore places = new Semaphore(HANDSHAKES_AT_ONCE);
    private final List<StoqConnection> connections = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean closing;

    HoldLoad(Failures failures) {
        this.failures = failures;
    }

    /**
     * Opens so many more, and waits for the last handshake to succeed or fail.
     *
     * @param connector starts one, without waiting
     */
    void open(int count, Supplier<CompletableFuture<StoqConnection>> connector) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            places.acquire();
            connector.get().whenComplete((connection, failure) -> {
                if (failure == null) {
                    connections.add(connection);
                } else {
                    failures.handshake(failure);
                }
                places.release();
            });
        }
        places.acquire(HANDSHAKES_AT_ONCE);
        places.release(HANDSHAKES_AT_ONCE);
    }

    /** Those that were established; not to be changed. */
    List<StoqConnection> connections() {
        return connections;
    }

    @Override
    public void onClosed(StoqConnection connection, CloseReason reason) {
        if (!closing) {
            failures.lostConnection(reason.describe());
        }
    }

    /** Closes all, and waits until the server has heard of it, for so long as it goes on hearing of some. */
    void close(HoldServer server) throws IOException, InterruptedException {
        closing = true;
        for (int from = 0; from < connections.size(); from += CLOSED_AT_ONCE) {
            int to = Math.min(connections.size(), from + CLOSED_AT_ONCE);
            connections.subList(from, to).forEach(connection -> connection.close(PerfProtocol.DONE, "done"));
            awaitOpen(server, connections.size() - to);
        }
        connections.clear();
        closing = false;
    }

    private static void awaitOpen(HoldServer server, int most) throws IOException, InterruptedException {
        long endNs = System.nanoTime() + CLOSE_GRACE_NS;
        while (server.connections().open() > most && System.nanoTime() < endNs) {
            Thread.sleep(POLL_MS);
        }
    }
}
