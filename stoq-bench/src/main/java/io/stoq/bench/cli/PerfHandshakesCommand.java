package io.stoq.bench.cli;

import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.bench.net.HostPort;
import io.stoq.bench.perf.HandshakeClient;
import io.stoq.bench.perf.HandshakeReport;
import io.stoq.bench.perf.PerfProtocol;
import io.stoq.bench.perf.ServerProcess;
import io.stoq.bench.terminal.Screen;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import io.stoq.transport.StoqTransport;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures handshakes between two JVMs of this machine: a server process, and this one as the client. */
@Command(
        name = "handshakes",
        description = {
            "Measures handshakes: connections that are opened and closed as fast as a server JVM lets them.",
            "ECDSA on P-256 and X25519; full ones, or resumed ones. All connections use one socket on each side."
        })
final class PerfHandshakesCommand implements Callable<Integer> {

    private static final String LOOPBACK = "::1";
    private static final String KEY_EXCHANGE = "x25519";
    private static final int MAX_CONCURRENCY = 10_000;

    /** A client keeps no more sessions of one server. */
    private static final int MAX_RESUMING = 64;

    @Spec
    private CommandSpec spec;

    @Mixin
    private TransportOptions transportOptions;

    @Mixin
    private ReportOptions reportOptions;

    private int concurrency;
    private int seconds;
    private int warmupSeconds;
    private int port;

    @Option(
            names = "--resume",
            description = "Resume sessions by tickets instead of full handshakes; 64 in flight at most.")
    private boolean resume;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "32",
            description = "Handshakes in flight. Default: ${DEFAULT-VALUE}.")
    private void concurrency(int value) {
        concurrency = Range.check(spec, "--concurrency", value, 1, MAX_CONCURRENCY);
    }

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "Time measured. Default: ${DEFAULT-VALUE}.")
    private void seconds(int value) {
        seconds = Range.check(spec, "--seconds", value, 1, 86_400);
    }

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "10",
            description = "Seconds before that, shown and not counted. Default: ${DEFAULT-VALUE}.")
    private void warmup(int value) {
        warmupSeconds = Range.check(spec, "--warmup", value, 0, 3600);
    }

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
        Range.check(spec, "--concurrency", concurrency, 1, resume ? MAX_RESUMING : MAX_CONCURRENCY);
        Screen screen = reportOptions.screen();
        try (ServerProcess server = ServerProcess.start(Stoq.class, serverArguments(), screen::line);
                StoqTransport transport = transportOptions.openOneLoop()) {
            HostPort address = new HostPort(LOOPBACK, server.greeting().port());
            StoqTls tls = StoqTls.builder()
                    .trust(Trust.fingerprint(server.greeting().fingerprint()))
                    .applicationProtocols(PerfProtocol.ALPN)
                    .keyExchangeGroups(KEY_EXCHANGE)
                    .sessionCache(resume ? MAX_RESUMING : 0)
                    .build();
            Target target = new Target(transport, tls, PerfProtocol.ALPN, address, transportOptions);
            String certificate = certificateOf(target);
            screen.line("handshakes with " + address + ", " + concurrency + " in flight");
            HandshakeReport report = HandshakeClient.run(
                    transport,
                    target::connectAsync,
                    server::handshakes,
                    new HandshakeReport.Settings(concurrency, warmupSeconds, certificate, KEY_EXCHANGE, resume),
                    seconds,
                    screen);
            reportOptions.print(report);
        }
        return 0;
    }

    private List<String> serverArguments() {
        List<String> arguments = new ArrayList<>(List.of("perf", "server", "--controlled", "--listen", LOOPBACK));
        arguments.addAll(List.of("--port", Integer.toString(port)));
        arguments.addAll(transportOptions.arguments());
        return arguments;
    }

    /** Connects once, which also tells early, and in words, where that is not possible at all. */
    private static String certificateOf(Target target) throws StoqException {
        try (StoqConnection connection = target.connect()) {
            PublicKey key = connection.peerCertificates().getFirst().getPublicKey();
            return key instanceof ECPublicKey ec
                    ? "ECDSA P-" + ec.getParams().getOrder().bitLength()
                    : key.getAlgorithm();
        }
    }
}
