package io.stoq.bench.cli;

import io.stoq.bench.net.HostPort;
import io.stoq.bench.perf.FloodReport;
import io.stoq.bench.perf.InitialFlood;
import io.stoq.bench.perf.Measurement;
import io.stoq.bench.perf.PerfLoad;
import io.stoq.bench.perf.PerfProtocol;
import io.stoq.bench.perf.ServerProcess;
import io.stoq.bench.terminal.Screen;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import io.stoq.transport.StoqTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what a flood of forged first packets takes from a connection that was there before. */
@Command(
        name = "flood",
        hidden = true,
        description = {
            "Measures throughput alone, beside a flood of forged first packets to nobody, and with the flood to the server.",
            "All on [::1]; half of the packets are such as a client sends, half are noise."
        })
final class PerfFloodCommand implements Callable<Integer> {

    private static final String LOOPBACK = "::1";

    @Spec
    private CommandSpec spec;

    @Mixin
    private LoadOptions load;

    @Mixin
    private TransportOptions transportOptions;

    @Mixin
    private ReportOptions reportOptions;

    private int rate;
    private int rounds;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Forged packets per second. Default: ${DEFAULT-VALUE}.")
    private void rate(int value) {
        rate = Range.check(spec, "--rate", value, 1, 1_000_000);
    }

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "1",
            description = "How often the three are measured, in turn. Default: ${DEFAULT-VALUE}.")
    private void rounds(int value) {
        rounds = Range.check(spec, "--rounds", value, 1, 1000);
    }

    @Override
    public Integer call() throws Exception {
        Screen screen = reportOptions.screen();
        List<ByteBuffer> real = InitialFlood.realPackets(PerfProtocol.ALPN);
        try (ServerProcess server = ServerProcess.start(Stoq.class, serverArguments(), screen::line);
                StoqTransport transport = transportOptions.open();
                DatagramChannel nobody = DatagramChannel.open(StandardProtocolFamily.INET6)) {
            nobody.bind(new InetSocketAddress(LOOPBACK, 0));
            InetSocketAddress sink = (InetSocketAddress) nobody.getLocalAddress();
            HostPort address = new HostPort(LOOPBACK, server.greeting().port());
            StoqTls tls = StoqTls.builder()
                    .trust(Trust.fingerprint(server.greeting().fingerprint()))
                    .applicationProtocols(PerfProtocol.ALPN)
                    .build();
            Target target = new Target(transport, tls, PerfProtocol.ALPN, address, transportOptions);
            try (PerfLoad running = PerfLoad.start(transport, target, load.shape())) {
                Measurement measurement = new Measurement(
                        running::snapshot, server::snapshot, load.shape().direction(), screen);
                measurement.run(load.warmupSeconds(), 1);
                reportOptions.print(measure(server, measurement, real, sink, screen));
                running.finish(Duration.ofSeconds(2));
            }
        }
        return 0;
    }

    private FloodReport measure(
            ServerProcess server,
            Measurement measurement,
            List<ByteBuffer> real,
            InetSocketAddress nobody,
            Screen screen)
            throws IOException, InterruptedException {
        FloodReport.Samples samples = new FloodReport.Samples(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        InetSocketAddress target =
                new InetSocketAddress(LOOPBACK, server.greeting().port());
        long residentBefore = server.residentBytes();
        long dropsBefore = server.snapshot().socket().kernelDrops();
        long packets = 0;
        for (int round = 0; round < rounds; round++) {
            screen.line("alone");
            samples.alone().addAll(measurement.run(0, load.seconds()).samples());
            screen.line("beside a flood to nobody");
            try (InitialFlood _ = InitialFlood.start(nobody, real, rate)) {
                samples.beside().addAll(measurement.run(0, load.seconds()).samples());
            }
            screen.line("with a flood to the server");
            try (InitialFlood flood = InitialFlood.start(target, real, rate)) {
                samples.flooded().addAll(measurement.run(0, load.seconds()).samples());
                packets += flood.sent();
            }
        }
        return FloodReport.of(
                rate,
                packets,
                samples,
                new FloodReport.Resident(residentBefore, server.residentBytes()),
                server.statistics(),
                server.snapshot().socket().kernelDrops() - dropsBefore);
    }

    private List<String> serverArguments() {
        List<String> arguments = new ArrayList<>(List.of("perf", "server", "--controlled", "--listen", LOOPBACK));
        arguments.addAll(transportOptions.arguments());
        return arguments;
    }
}
