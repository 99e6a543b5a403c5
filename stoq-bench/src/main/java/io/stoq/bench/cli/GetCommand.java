package io.stoq.bench.cli;

import io.stoq.bench.files.FileClient;
import io.stoq.bench.files.HqProtocol;
import io.stoq.bench.files.RemoteFile;
import io.stoq.bench.files.Transfers;
import io.stoq.bench.net.HostPort;
import io.stoq.bench.terminal.Screen;
import io.stoq.tls.StoqTls;
import io.stoq.transport.StoqTransport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Fetches files, those of one server side by side over one connection. */
@Command(
        name = "get",
        description = "Fetches files over hq-interop (HTTP/0.9 over QUIC), those of one server at the same time.")
final class GetCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "URL",
            arity = "1..*",
            converter = Url.class,
            description = "What to fetch, as in https://[::1]:4433/path.")
    private List<RemoteFile> files;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Folder to put files in; made where it is missing. Default: the current one.")
    private Path out;

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

    @Option(
            names = {"-q", "--quiet"},
            description = "Show failures only.")
    private boolean quiet;

    @Override
    public Integer call() throws Exception {
        requireDifferentNames();
        StoqTls tls = identity.apply(keyLog.apply(aeadOptions.apply(StoqTls.builder())))
                .trust(trust.trust())
                .applicationProtocols(HqProtocol.ALPN)
                .build();
        Files.createDirectories(out);
        Map<HostPort, List<RemoteFile>> byServer = new LinkedHashMap<>();
        for (RemoteFile file : files) {
            byServer.computeIfAbsent(file.server(), server -> new ArrayList<>()).add(file);
        }
        Screen screen = Stoq.screen(spec, quiet);
        try (Transfers transfers = new Transfers(screen);
                StoqTransport transport = transportOptions.open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<RemoteFile, Future<?>> fetches = new LinkedHashMap<>();
            for (var entry : byServer.entrySet()) {
                FileClient client = new FileClient(
                        new Target(transport, tls, HqProtocol.ALPN, entry.getKey(), transportOptions).connect(),
                        transfers);
                for (RemoteFile file : entry.getValue()) {
                    fetches.put(file, threads.submit(() -> client.fetch(file, out)));
                }
            }
            awaitAll(fetches);
        }
        return 0;
    }

    /** Lets all end, whatever becomes of the others, then fails with a line for each that failed. */
    private static void awaitAll(Map<RemoteFile, Future<?>> fetches) throws InterruptedException, UserError {
        List<String> failures = new ArrayList<>();
        Throwable last = null;
        for (var fetch : fetches.entrySet()) {
            try {
                fetch.getValue().get();
            } catch (ExecutionException e) {
                last = e.getCause();
                failures.add(fetch.getKey().target() + ": " + FailureText.of(last));
            }
        }
        if (last != null) {
            throw new UserError(String.join("\n", failures), last);
        }
    }

    private void requireDifferentNames() {
        Map<String, RemoteFile> byName = new HashMap<>();
        for (RemoteFile file : files) {
            if (byName.put(file.name(), file) != null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "two URLs would both become " + out.resolve(file.name()) + "; fetch them one after the other");
            }
        }
    }

    private static final class Url implements ITypeConverter<RemoteFile> {

        @Override
        public RemoteFile convert(String value) {
            try {
                return RemoteFile.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
