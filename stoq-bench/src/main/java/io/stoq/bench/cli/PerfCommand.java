package io.stoq.bench.cli;

import io.stoq.bench.hold.HoldClient;
import io.stoq.bench.hold.HoldProcess;
import io.stoq.bench.hold.HoldReport;
import io.stoq.bench.hold.HoldServer;
import io.stoq.bench.hold.HoldShape;
import io.stoq.bench.metrics.MetricsServer;
import io.stoq.bench.net.HostPort;
import io.stoq.bench.perf.Direction;
import io.stoq.bench.perf.LoadShape;
import io.stoq.bench.perf.MessageClient;
import io.stoq.bench.perf.MessageReport;
import io.stoq.bench.perf.MessageShape;
import io.stoq.bench.perf.PerfClient;
import io.stoq.bench.perf.PerfProtocol;
import io.stoq.bench.perf.PerfReport;
import io.stoq.bench.perf.ServerProcess;
import io.stoq.bench.terminal.Screen;
import io.stoq.bench.terminal.Units;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import io.stoq.transport.StoqTransport;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures throughput between two JVMs of this machine: a server process, and this one as the client. */
@Command(
        name = "perf",
        description = {
            "Measures throughput; without a subcommand between this JVM and a server JVM that it starts, on [::1].",
            "With --hold what many idle connections cost, in memory and otherwise.",
            "With --message the messages per second of small messages, or the time that their echoes take.",
            "Speaks the perf protocol of draft-banks-quic-performance, as other QUIC stacks' tools do."
        },
        subcommands = {
            PerfServerCommand.class,
            PerfClientCommand.class,
            PerfHandshakesCommand.class,
            PerfFloodCommand.class
        },
        synopsisSubcommandLabel = "[COMMAND]")
final class PerfCommand implements Callable<Integer> {

    private static final String LOOPBACK = "::1";

    /** With keep-alives at a third of it, as often as a NAT on the way might need them. */
    private static final Duration HOLD_IDLE_TIMEOUT = Duration.ofSeconds(90);

    @Spec
    private CommandSpec spec;

    @Mixin
    private LoadOptions load;

    @Mixin
    private MessageOptions messages;

    @Mixin
    private HoldOptions hold;

    @Mixin
    private TransportOptions transportOptions;

    @Mixin
    private AeadOptions aeadOptions;

    @Mixin
    private MetricsOption metrics;

    @Mixin
    private ReportOptions reportOptions;

    private int port;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "UDP port of the server, 0 for any free one. Default: ${DEFAULT-VALUE}.")
    private void port(int value) {
        port = Range.check(spec, "--port", value, 0, 65_535);
    }

    @Override
    public Integer call() throws Exception {
        Screen screen = reportOptions.screen();
        LoadShape shape = load.shape();
        MessageShape messageShape = messages.shape();
        HoldShape holdShape = hold.shape(shape.connections());
        if (holdShape != null) {
            return hold.isHere() ? hold(holdShape, screen) : holdElsewhere(screen);
        }
        try (ServerProcess server = ServerProcess.start(Stoq.class, serverArguments(shape), screen::line);
                StoqTransport transport = transportOptions.open();
                MetricsServer _ = metrics.serve(transport, screen)) {
            HostPort address = new HostPort(LOOPBACK, server.greeting().port());
            StoqTls tls = aeadOptions
                    .apply(StoqTls.builder())
                    .trust(Trust.fingerprint(server.greeting().fingerprint()))
                    .applicationProtocols(messages.protocol())
                    .build();
            Target target = new Target(transport, tls, messages.protocol(), address, transportOptions);
            PerfReport.Settings settings = new PerfReport.Settings(
                    transportOptions.payloadBytes(),
                    transportOptions.congestion(),
                    tls.protection().toString(),
                    load.warmupSeconds());
            if (messageShape != null) {
                screen.line(messages.describe(address));
                MessageReport report = MessageClient.run(
                        transport, target, server::snapshot, messageShape, settings, load.seconds(), screen);
                reportOptions.print(report);
            } else {
                screen.line(describe(shape, address));
                PerfReport report =
                        PerfClient.run(transport, target, server::snapshot, shape, settings, load.seconds(), screen);
                reportOptions.print(report);
            }
        }
        return 0;
    }

    /** The client's JVM is made for it, too. */
    private int holdElsewhere(Screen screen) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        int exit = HoldProcess.run(Stoq.class, hold.argumentsThere(), out::println, screen::line);
        out.flush();
        return exit;
    }

    private int hold(HoldShape shape, Screen screen) throws Exception {
        HoldProcess.endWithParent();
        transportOptions.idleTimeoutUnlessGiven(HOLD_IDLE_TIMEOUT);
        try (ServerProcess server = ServerProcess.start(Stoq.class, serverArguments(load.shape()), screen::line);
                StoqTransport transport = transportOptions.open()) {
            HostPort address = new HostPort(LOOPBACK, server.greeting().port());
            StoqTls tls = aeadOptions
                    .apply(StoqTls.builder())
                    .trust(Trust.fingerprint(server.greeting().fingerprint()))
                    .applicationProtocols(PerfProtocol.ALPN)
                    .build();
            Target target = new Target(transport, tls, PerfProtocol.ALPN, address, transportOptions);
            HoldReport report = HoldClient.run(
                    transport,
                    target::connector,
                    new HoldServer(server),
                    shape,
                    new HoldReport.Settings(
                            tls.protection().toString(),
                            transportOptions.congestion(),
                            transportOptions.keepAlive().toMillis() / 1e3),
                    screen);
            reportOptions.print(report);
            return 0;
        }
    }

    private List<String> serverArguments(LoadShape shape) {
        List<String> arguments = new ArrayList<>(List.of("perf", "server", "--controlled", "--listen", LOOPBACK));
        arguments.addAll(List.of("--port", Integer.toString(port)));
        arguments.addAll(transportOptions.arguments());
        arguments.addAll(aeadOptions.arguments());
        if (shape.verify()) {
            arguments.add("--verify");
        }
        return arguments;
    }

    private String describe(LoadShape shape, HostPort address) {
        return (shape.direction() == Direction.UP ? "upload to " : "download from ") + address + ", "
                + Units.plural(shape.connections(), "connection") + " with " + Units.plural(shape.streams(), "stream")
                + ", datagrams of at most " + transportOptions.payloadBytes() + " bytes";
    }
}
