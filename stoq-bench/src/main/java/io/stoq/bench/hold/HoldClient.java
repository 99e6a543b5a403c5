package io.stoq.bench.hold;

import io.stoq.ConnectionHandler;
import io.stoq.StoqConnection;
import io.stoq.bench.terminal.Screen;
import io.stoq.bench.terminal.Units;
import io.stoq.transport.StoqTransport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One measurement of many connections from the client's side: opens them and looks at both processes on the way, leaves them
 * idle, sends a request a second on each, and closes them.
 */
public final class HoldClient {

    /**
     * Of the connections, so many are opened, used and closed before anything is measured: what is loaded and compiled by then
     * is no connection's cost.
     */
    private static final int WARM_UP_PART = 10;

    private static final int MAX_WARM_UP_CONNECTIONS = 300;

    private static final int WARM_UP_SECONDS = 2;

    private static final long FORGET_GRACE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long POLL_MS = 50;

    /** After this the acknowledgements, and probes of the path of what went before are over. */
    private static final long SETTLE_MS = 1000;

    /** Makes what starts one connection at a time, without waiting. */
    @FunctionalInterface
    public interface Connectors {

        /** @param handler hears of the connections' ends */
        Supplier<CompletableFuture<StoqConnection>> connector(ConnectionHandler handler);
    }

    private final StoqTransport transport;
    private final HoldServer server;
    private final HoldShape shape;
    private final Screen screen;
    private final Failures failures = new Failures();
    private final HoldLoad load = new HoldLoad(failures);
    private final Supplier<CompletableFuture<StoqConnection>> connector;

    private HoldClient(
            StoqTransport transport, Connectors connectors, HoldServer server, HoldShape shape, Screen screen) {
        this.transport = transport;
        this.connector = connectors.connector(load);
        this.server = server;
        this.shape = shape;
        this.screen = screen;
    }

    /**
     * @param transport of the client, used for nothing else
     * @throws IOException where the server's process ends before its time
     */
    public static HoldReport run(
            StoqTransport transport,
            Connectors connectors,
            HoldServer server,
            HoldShape shape,
            HoldReport.Settings settings,
            Screen screen)
            throws IOException, InterruptedException {
        return new HoldClient(transport, connectors, server, shape, screen).run(settings);
    }

    private HoldReport run(HoldReport.Settings settings) throws IOException, InterruptedException {
        warmUp();
        long uncleanBefore = server.connections().uncleanEnds();
        long startNs = System.nanoTime();
        List<Step> steps = new ArrayList<>();
        long openingNs = 0;
        for (int count : shape.steps()) {
            long beforeNs = System.nanoTime();
            load.open(count - load.connections().size(), connector);
            openingNs += System.nanoTime() - beforeNs;
            steps.add(step());
        }
        long statisticsNs = statisticsNs();
        CpuShare idle = idle();
        Requests requests = new Requests(failures);
        CpuShare requesting = request(requests);
        int established = load.connections().size();
        screen.line("closing");
        load.close(server);
        ConnectionCounts left = server.connections();
        long unclean = left.uncleanEnds() - uncleanBefore + left.open();
        return HoldReport.of(
                new HoldReport.Outcome(
                        established,
                        openingNs,
                        System.nanoTime() - startNs,
                        steps,
                        statisticsNs,
                        idle,
                        requesting,
                        unclean),
                requests,
                failures,
                transport.socketStatistics().mechanism(),
                shape,
                settings);
    }

    private void warmUp() throws IOException, InterruptedException {
        int count = Math.min(MAX_WARM_UP_CONNECTIONS, Math.max(1, shape.connections() / WARM_UP_PART));
        screen.line("warm-up with " + Units.plural(count, "connection"));
        load.open(count, connector);
        new Requests(failures).run(load.connections(), WARM_UP_SECONDS);
        load.close(server);
        awaitForgotten();
    }

    /** Closed connections last for three probe timeouts more, RFC 9000 §10.2. */
    private void awaitForgotten() throws IOException, InterruptedException {
        long endNs = System.nanoTime() + FORGET_GRACE_NS;
        while (transport.statistics().endpoints().connections()
                                + server.connections().known()
                        > 0
                && System.nanoTime() < endNs) {
            Thread.sleep(POLL_MS);
        }
    }

    private Step step() throws IOException, InterruptedException {
        Thread.sleep(SETTLE_MS);
        Step step = new Step(load.connections().size(), Footprint.afterCollection(), server.footprint());
        screen.line(String.format(
                "%9s connections  heap: client %s, server %s  resident: client %s, server %s",
                Units.count(step.connections()),
                Units.bytes(step.client().heapBytes()),
                Units.bytes(step.server().heapBytes()),
                Units.bytes(step.client().residentBytes()),
                Units.bytes(step.server().residentBytes())));
        return step;
    }

    /** What a scrape of the metrics waits for, with all connections open. */
    private long statisticsNs() {
        transport.statistics();
        long startNs = System.nanoTime();
        transport.statistics();
        return System.nanoTime() - startNs;
    }

    private CpuShare idle() throws IOException, InterruptedException {
        Thread.sleep(SETTLE_MS);
        CpuShare.Start start = CpuShare.Start.now(server);
        TimeUnit.SECONDS.sleep(shape.idleSeconds());
        CpuShare idle = CpuShare.since(start, server);
        screen.line(String.format(
                Locale.ROOT,
                "idle for %d s: client %.1f %%, server %.1f %% of a core",
                shape.idleSeconds(),
                idle.clientPercent(),
                idle.serverPercent()));
        return idle;
    }

    private CpuShare request(Requests requests) throws IOException, InterruptedException {
        screen.line(Units.plural(shape.connections(), "request") + " a second for " + shape.holdSeconds() + " s");
        CpuShare.Start start = CpuShare.Start.now(server);
        requests.run(load.connections(), shape.holdSeconds());
        return CpuShare.since(start, server);
    }
}
