package io.stoq.bench.cli;

import io.stoq.StoqServer;
import io.stoq.bench.hold.ConnectionCounts;
import io.stoq.bench.hold.Footprint;
import io.stoq.bench.hold.HoldServer;
import io.stoq.bench.metrics.MetricsServer;
import io.stoq.bench.net.Addresses;
import io.stoq.bench.perf.HandshakeCounts;
import io.stoq.bench.perf.PerfProtocol;
import io.stoq.bench.perf.PerfService;
import io.stoq.bench.perf.ServerProcess;
import io.stoq.bench.perf.Snapshot;
import io.stoq.bench.terminal.Screen;
import io.stoq.bench.terminal.Units;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.transport.StoqTransport;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Answers perf clients, of STOQ or of another stack, until it is interrupted. */
@Command(
        name = "server",
        description =
                "Answers perf clients until it is stopped. Not for the open Internet: any client can make it send.")
final class PerfServerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions serverOptions;

    @Mixin
    private TransportOptions transportOptions;

    @Mixin
    private AeadOptions aeadOptions;

    @Mixin
    private KeyLogOption keyLog;

    @Mixin
    private MetricsOption metrics;

    @Option(names = "--verify", description = "Compare each byte received with what STOQ's client sends.")
    private boolean verify;

    @Option(names = "--controlled", hidden = true, description = "Answer requests on standard input.")
    private boolean controlled;

    @Override
    public Integer call() throws Exception {
        Identity identity = serverOptions.identity();
        StoqTls tls = serverOptions
                .apply(keyLog.apply(aeadOptions.apply(StoqTls.builder())), identity)
                .applicationProtocols(PerfProtocol.ALPN, PerfProtocol.ECHO_ALPN)
                .build();
        PerfService service = new PerfService(verify);
        try (StoqTransport transport = transportOptions.open();
                StoqServer server = transport
                        .server()
                        .tls(tls)
                        .bind(serverOptions.address())
                        .config(transportOptions.connectionConfig().build())
                        .handler(service)
                        .start();
                MetricsServer _ = metrics.serve(transport, Stoq.screen(spec, controlled))) {
            if (controlled) {
                obey(server, service, identity);
            } else {
                watch(server, service, identity);
            }
        }
        return 0;
    }

    private void obey(StoqServer server, PerfService service, Identity identity)
            throws IOException, InterruptedException {
        ServerProcess.obey(
                spec.commandLine().getOut(),
                new ServerProcess.Greeting(server.localAddress().getPort(), identity.sha256Fingerprint()),
                request -> switch (request) {
                    case ServerProcess.SNAPSHOT_REQUEST -> Snapshot.of(service, server.socketStatistics());
                    case ServerProcess.HANDSHAKES_REQUEST ->
                        HandshakeCounts.now(
                                service.established(), server.statistics().connections(), server.socketStatistics());
                    case HoldServer.FOOTPRINT_REQUEST -> Footprint.afterCollection();
                    case HoldServer.CONNECTIONS_REQUEST ->
                        new ConnectionCounts(
                                service.connections(),
                                server.statistics().connections(),
                                service.uncleanEnds(),
                                Footprint.cpuNs());
                    case ServerProcess.STATISTICS_REQUEST -> server.statistics();
                    default -> null;
                });
    }

    private void watch(StoqServer server, PerfService service, Identity identity) {
        Screen screen = Stoq.screen(spec, false);
        screen.line("perf server on " + Addresses.format(server.localAddress()) + ", Ctrl-C ends it");
        serverOptions.show(identity, screen);
        Snapshot last = Snapshot.of(service, server.socketStatistics());
        try {
            while (!Thread.interrupted()) {
                Thread.sleep(1000);
                Snapshot now = Snapshot.of(service, server.socketStatistics());
                show(last, now, service.connections(), screen);
                last = now;
            }
        } catch (InterruptedException e) {
            screen.line("stopped");
        }
    }

    private static void show(Snapshot last, Snapshot now, int connections, Screen screen) {
        double ns = now.atNs() - last.atNs();
        long received = now.receivedBytes() - last.receivedBytes();
        long sent = now.acknowledgedBytes() - last.acknowledgedBytes();
        String text = Units.plural(connections, "connection") + "  received " + Units.gbits(8 * received / ns)
                + "  sent " + Units.gbits(8 * sent / ns);
        if (screen.isLive()) {
            screen.status(text);
        } else if (received + sent > 0) {
            screen.line(text);
        }
    }
}
