package io.stoq.bench.cli;

import io.stoq.bench.metrics.MetricsServer;
import io.stoq.bench.terminal.Screen;
import io.stoq.transport.StoqTransport;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether Prometheus can scrape this process while it works. */
final class MetricsOption {

    private static final int NONE = -1;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private int port = NONE;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description =
                    "Serve this process's metrics to Prometheus at http://[::1]:PORT/metrics; 0 for any free port."
                            + " Default: not.")
    private void port(int value) {
        port = Range.check(spec, "--metrics-port", value, 0, 65_535);
    }

    /** Starts to serve them where that is asked for; what comes back ends it, and is null where not. */
    MetricsServer serve(StoqTransport transport, Screen screen) throws UserError {
        if (port == NONE) {
            return null;
        }
        try {
            MetricsServer server = new MetricsServer(transport, port);
            screen.line("metrics at http://[::1]:" + server.port() + "/metrics");
            return server;
        } catch (IOException e) {
            throw new UserError("metrics cannot be served on [::1]:" + port + ": " + e.getMessage(), e);
        }
    }
}
