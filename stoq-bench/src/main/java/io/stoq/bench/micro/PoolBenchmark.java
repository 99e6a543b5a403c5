package io.stoq.bench.micro;

import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.pool.PoolConfig;
import io.stoq.pool.Selection;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import io.stoq.transport.PoolLease;
import io.stoq.transport.StoqPool;
import io.stoq.transport.StoqTransport;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** A connection of a pool is acquired and released, by two threads at once; percentiles and bytes per operation. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Threads(2)
public class PoolBenchmark {

    private static final Identity IDENTITY = Identity.selfSigned("::1");

    /** All of them stay open: what is measured is the choice among them. */
    @Param({"1", "16"})
    public int connections;

    private StoqTransport transport;
    private StoqServer server;
    private StoqPool roundRobin;
    private StoqPool leastLoaded;

    @Setup
    public void open() throws StoqException {
        transport = StoqTransport.builder().eventLoops(1).build();
        server = transport
                .server()
                .tls(StoqTls.builder()
                        .identity(IDENTITY)
                        .applicationProtocols("bench")
                        .build())
                .bind("::1", 0)
                .onConnection(connection -> {})
                .start();
        roundRobin = pool(Selection.ROUND_ROBIN);
        leastLoaded = pool(Selection.LEAST_LOADED);
    }

    private StoqPool pool(Selection selection) throws StoqException {
        StoqPool pool = transport
                .pool("::1", server.localAddress().getPort())
                .tls(StoqTls.builder()
                        .trust(Trust.certificates(IDENTITY.certificates().getFirst()))
                        .applicationProtocols("bench")
                        .build())
                .config(PoolConfig.builder()
                        .connections(connections, connections)
                        .selection(selection)
                        .build())
                .build();
        while (pool.statistics().healthy() < connections) {
            Thread.onSpinWait();
        }
        return pool;
    }

    @TearDown
    public void close() {
        roundRobin.close();
        leastLoaded.close();
        transport.close();
    }

    @Benchmark
    public PoolLease roundRobin() throws StoqException {
        PoolLease lease = roundRobin.acquire();
        lease.release();
        return lease;
    }

    @Benchmark
    public PoolLease leastLoaded() throws StoqException {
        PoolLease lease = leastLoaded.acquire();
        lease.release();
        return lease;
    }

    @Benchmark
    public PoolLease pinned() throws StoqException {
        PoolLease lease = roundRobin.acquire(Thread.currentThread().threadId());
        lease.release();
        return lease;
    }
}
