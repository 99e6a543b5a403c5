package io.stoq.bench.micro;

import io.stoq.ConnectionHandler;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.config.ConnectionConfig;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import io.stoq.transport.StoqTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A client and a server over loopback sockets in one JVM, AES-128-GCM, one event loop each. Good for comparing builds; what a
 * machine can do is for {@code stoq perf} to say, where each side has a JVM of its own.
 *
 * <p>The heap's flags are those of the {@code stoq} script.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseParallelGC",
            "-Xms512m",
            "-Xmn256m",
            "-XX:+AlwaysPreTouch"
        })
public abstract class LoopbackBenchmark {

    private static final Identity IDENTITY = Identity.selfSigned("::1");

    private final List<StoqConnection> clients = new ArrayList<>();
    private StoqTransport clientTransport;
    private StoqTransport serverTransport;
    private StoqServer server;

    /** What went wrong on the way, summed up over an iteration. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Losses {

        /** Packets that a client declared lost, rightly or not. */
        public long packetsLost;

        private LoopbackBenchmark benchmark;
        private long before;

        final void watch(LoopbackBenchmark running) {
            if (benchmark == null) {
                benchmark = running;
                before = running.packetsLost();
            }
        }

        @TearDown(Level.Iteration)
        public void count() {
            packetsLost = benchmark.packetsLost() - before;
            benchmark = null;
        }
    }

    final List<StoqConnection> clients() {
        return clients;
    }

    final void connect(int payloadBytes, int connections, ConnectionHandler receiver) throws StoqException {
        clientTransport = transport();
        serverTransport = transport();
        ConnectionConfig config =
                ConnectionConfig.builder().maxUdpPayloadBytes(payloadBytes).build();
        server = serverTransport
                .server()
                .tls(StoqTls.builder()
                        .applicationProtocols("benchmark")
                        .identity(IDENTITY)
                        .build())
                .config(config)
                .handler(receiver)
                .bind("::1", 0)
                .start();
        StoqTls tls = StoqTls.builder()
                .applicationProtocols("benchmark")
                .trust(Trust.certificates(IDENTITY.certificates().getFirst()))
                .build();
        for (int i = 0; i < connections; i++) {
            clients.add(clientTransport
                    .client()
                    .tls(tls)
                    .config(config)
                    .connect("::1", server.localAddress().getPort()));
        }
    }

    private static StoqTransport transport() {
        return StoqTransport.builder()
                .eventLoops(1)
                .streamSendBufferBytes(64 << 20)
                .build();
    }

    /** Connections find out by themselves which datagrams get through; what is measured starts behind that. */
    final boolean sendsDatagramsOf(int payloadBytes) {
        return clients.stream().allMatch(client -> client.statistics().path().maxDatagramBytes() == payloadBytes);
    }

    private long packetsLost() {
        return clients.stream()
                .map(StoqConnection::statistics)
                .mapToLong(statistics -> statistics.losses().packets())
                .sum();
    }

    @TearDown
    public void close() {
        clients.forEach(StoqConnection::close);
        clients.clear();
        clientTransport.close();
        serverTransport.close();
    }
}
