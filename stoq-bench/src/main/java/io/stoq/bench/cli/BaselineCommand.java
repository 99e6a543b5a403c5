package io.stoq.bench.cli;

import io.stoq.bench.baseline.Baseline;
import io.stoq.bench.baseline.Baselines;
import io.stoq.bench.baseline.BulkLoad;
import io.stoq.bench.baseline.BulkPeer;
import io.stoq.bench.baseline.BulkServer;
import io.stoq.bench.baseline.Tuning;
import io.stoq.bench.perf.LoadShape;
import io.stoq.bench.perf.Measurement;
import io.stoq.bench.perf.PerfClient;
import io.stoq.bench.perf.PerfProtocol;
import io.stoq.bench.perf.PerfReport;
import io.stoq.bench.perf.ServerProcess;
import io.stoq.bench.perf.Window;
import io.stoq.bench.terminal.Screen;
import io.stoq.crypto.PacketProtection;
import io.stoq.tls.StoqTls;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What {@code stoq compare} runs for each stack but STOQ itself; takes the options of {@code stoq perf}. */
@Command(
        name = "baseline",
        hidden = true,
        description = "Measures another stack as 'stoq perf' measures STOQ; 'stoq compare' runs it.")
final class BaselineCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "STACK",
            converter = ByName.class,
            description = "netty-quic, tls-tcp, ceiling or ceiling-jca.")
    private Baseline baseline;

    @Mixin
    private LoadOptions loadOptions;

    @Mixin
    private TransportOptions transportOptions;

    @Mixin
    private AeadOptions aeadOptions;

    @Mixin
    private ReportOptions reportOptions;

    @Option(
            names = "--tune",
            paramLabel = "NAME=VALUE",
            description = "A setting of the stack; a wrong name lists all. May be given several times.")
    private List<String> tuning = List.of();

    @Option(names = "--controlled", hidden = true, description = "Be the server; answer requests on standard input.")
    private boolean controlled;

    @Option(names = "--server", hidden = true, description = "Port on [::1] of a server that runs already.")
    private Integer serverPort;

    @Option(names = "--fingerprint", hidden = true, description = "SHA-256 of that server's certificate.")
    private String fingerprint = "";

    @Override
    public Integer call() throws Exception {
        LoadShape shape = loadOptions.shape();
        BulkLoad load = new BulkLoad(
                transportOptions.payloadBytes(),
                shape.connections(),
                shape.direction(),
                shape.verify(),
                transportOptions.io(),
                transportOptions.congestion(),
                protection(),
                Tuning.of(tuning));
        if (baseline.obstacle(load.payloadBytes()) != null) {
            throw new UserError(baseline.name() + " " + baseline.obstacle(load.payloadBytes()));
        }
        if (controlled) {
            serve(load);
        } else if (serverPort != null) {
            measure(load, shape, new ServerProcess.Greeting(serverPort, fingerprint), null, reportOptions.screen());
        } else {
            measure(load, shape);
        }
        return 0;
    }

    private PacketProtection protection() {
        return aeadOptions
                .apply(StoqTls.builder())
                .applicationProtocols(PerfProtocol.ALPN)
                .build()
                .protection();
    }

    private void serve(BulkLoad load) throws Exception {
        try (BulkServer server = baseline.serve(load)) {
            ServerProcess.obey(
                    spec.commandLine().getOut(),
                    server.greeting(),
                    request -> request.equals(ServerProcess.SNAPSHOT_REQUEST) ? server.snapshot() : null);
        }
    }

    private void measure(BulkLoad load, LoadShape shape) throws Exception {
        Screen screen = reportOptions.screen();
        try (ServerProcess server = ServerProcess.start(Stoq.class, serverArguments(), screen::line)) {
            measure(load, shape, server.greeting(), server::snapshot, screen);
        }
    }

    /** @param counters the server's; null where they are out of reach */
    private void measure(
            BulkLoad load, LoadShape shape, ServerProcess.Greeting server, Measurement.Side counters, Screen screen)
            throws Exception {
        try (BulkPeer client = baseline.connect(load, server)) {
            screen.line(baseline.name() + " to [::1]:" + server.port());
            Window window = new Measurement(client::snapshot, counters, shape.direction(), screen)
                    .run(loadOptions.warmupSeconds(), loadOptions.seconds());
            PerfClient.requireIntact(client.snapshot(), counters == null ? null : counters.snapshot());
            reportOptions.print(PerfReport.of(
                    baseline.name(),
                    window,
                    shape,
                    new PerfReport.Settings(
                            transportOptions.payloadBytes(),
                            transportOptions.congestion(),
                            baseline.aead(load),
                            loadOptions.warmupSeconds())));
        }
    }

    private List<String> serverArguments() {
        List<String> arguments = new ArrayList<>(List.of("baseline", baseline.name(), "--controlled"));
        arguments.addAll(transportOptions.arguments());
        arguments.addAll(aeadOptions.arguments());
        arguments.addAll(loadOptions.arguments());
        tuning.forEach(setting -> arguments.addAll(List.of("--tune", setting)));
        return arguments;
    }

    private static final class ByName implements ITypeConverter<Baseline> {

        @Override
        public Baseline convert(String value) {
            Baseline baseline = Baselines.named(value);
            if (baseline == null) {
                throw new TypeConversionException("unknown stack '" + value + "'; choose "
                        + Baselines.all().stream().map(Baseline::name).collect(Collectors.joining(", ")));
            }
            return baseline;
        }
    }
}
