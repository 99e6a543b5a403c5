package io.stoq.bench.cli;

import io.stoq.bench.metrics.MetricsServer;
import io.stoq.bench.net.HostPort;
import io.stoq.bench.perf.LoadShape;
import io.stoq.bench.perf.MessageClient;
import io.stoq.bench.perf.MessageReport;
import io.stoq.bench.perf.MessageShape;
import io.stoq.bench.perf.PerfClient;
import io.stoq.bench.perf.PerfReport;
import io.stoq.bench.terminal.Screen;
import io.stoq.tls.StoqTls;
import io.stoq.transport.StoqTransport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Measures throughput to a server on another machine, of STOQ or of another stack. */
@Command(
        name = "client",
        description = "Measures throughput to a perf server elsewhere. Uploads are counted by acknowledgements.")
final class PerfClientCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "HOST:PORT",
            converter = Address.class,
            description = "The server, as in [::1]:4433 or name:4433.")
    private HostPort address;

    @Mixin
    private LoadOptions load;

    @Mixin
    private MessageOptions messages;

    @Mixin
    private TransportOptions transportOptions;

    @Mixin
    private AeadOptions aeadOptions;

    @Mixin
    private TrustOptions trust;

    @Mixin
    private IdentityOptions identity;

    @Mixin
    private KeyLogOption keyLog;

    @Mixin
    private MetricsOption metrics;

    @Mixin
    private ReportOptions reportOptions;

    @Override
    public Integer call() throws Exception {
        Screen screen = reportOptions.screen();
        LoadShape shape = load.shape();
        MessageShape messageShape = messages.shape();
        StoqTls tls = identity.apply(keyLog.apply(aeadOptions.apply(StoqTls.builder())))
                .trust(trust.trust())
                .applicationProtocols(messages.protocol())
                .build();
        try (StoqTransport transport = transportOptions.open();
                MetricsServer _ = metrics.serve(transport, screen)) {
            Target target = new Target(transport, tls, messages.protocol(), address, transportOptions);
            PerfReport.Settings settings = new PerfReport.Settings(
                    transportOptions.payloadBytes(),
                    transportOptions.congestion(),
                    tls.protection().toString(),
                    load.warmupSeconds());
            if (messageShape != null) {
                MessageReport report =
                        MessageClient.run(transport, target, null, messageShape, settings, load.seconds(), screen);
                reportOptions.print(report);
            } else {
                PerfReport report = PerfClient.run(transport, target, null, shape, settings, load.seconds(), screen);
                reportOptions.print(report);
            }
        }
        return 0;
    }

    private static final class Address implements ITypeConverter<HostPort> {

        @Override
        public HostPort convert(String value) {
            try {
                return HostPort.parse(value, -1);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
