package io.stoq.bench.cli;

import io.stoq.StoqServer;
import io.stoq.bench.files.FileService;
import io.stoq.bench.files.HqProtocol;
import io.stoq.bench.files.ServedFolder;
import io.stoq.bench.files.Transfers;
import io.stoq.bench.net.Addresses;
import io.stoq.bench.terminal.Screen;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.transport.StoqTransport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Serves the files of a folder until it is interrupted. */
@Command(
        name = "serve",
        description = "Serves the files of a folder over hq-interop (HTTP/0.9 over QUIC) until it is stopped.")
final class ServeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The folder; nothing outside it is served.")
    private Path folder;

    @Mixin
    private ServerOptions serverOptions;

    @Mixin
    private TransportOptions transportOptions;

    @Mixin
    private AeadOptions aeadOptions;

    @Mixin
    private KeyLogOption keyLog;

    @Option(
            names = {"-q", "--quiet"},
            description = "Show only failures to start.")
    private boolean quiet;

    @Override
    public Integer call() throws Exception {
        ServedFolder served = ServedFolder.of(folder);
        Identity identity = serverOptions.identity();
        StoqTls tls = serverOptions
                .apply(keyLog.apply(aeadOptions.apply(StoqTls.builder())), identity)
                .applicationProtocols(HqProtocol.ALPN)
                .build();
        Screen screen = Stoq.screen(spec, quiet);
        try (Transfers transfers = new Transfers(screen);
                StoqTransport transport = transportOptions.open();
                StoqServer server = transport
                        .server()
                        .tls(tls)
                        .bind(serverOptions.address())
                        .config(transportOptions.connectionConfig().build())
                        .onStream(new FileService(served, transfers))
                        .start()) {
            screen.line(
                    "serving " + served.root() + " on " + Addresses.format(server.localAddress()) + ", Ctrl-C ends it");
            serverOptions.show(identity, screen);
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            screen.line("stopped");
        }
        return 0;
    }
}
