package io.stoq.bench.micro;

import io.stoq.bench.engine.EnginePair;
import io.stoq.bench.engine.EngineSide;
import io.stoq.buffer.Transmit;
import io.stoq.connection.Connection;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One DATAGRAM frame from one engine to the other in memory; as many as fit share a packet of 1,452 bytes. RFC 9221. */
@Warmup(iterations = 5, time = 1) // the JDK's cipher takes that long
public class EngineDatagramBenchmark extends MicroBenchmark {

    private static final int DATAGRAMS = 1024;
    private static final int PAYLOAD = 1452;

    /** As in {@link EngineBenchmark}. */
    @Param({"none", "jca", "ipsec-mb"})
    public String cipher;

    @Param({"64", "1200"})
    public int size;

    private EnginePair pair;
    private byte[] data;
    private long wanted;

    @Setup
    public void connect() {
        pair = new EnginePair(EngineBenchmark.protection(cipher), PAYLOAD, new EngineSide(), new EngineSide());
        data = new byte[size];
        wanted = 0;
    }

    @TearDown
    public void release() {
        pair.close();
    }

    @Benchmark
    @OperationsPerInvocation(DATAGRAMS)
    public long datagram() {
        Connection client = pair.client().connection();
        wanted += DATAGRAMS;
        while (pair.server().datagrams() < wanted) {
            while (client.sendDatagram(data, 0, size)) {
                // until the queue is full
            }
            pair.turn(Transmit.MAX_SEGMENTS);
        }
        return pair.server().datagrams();
    }
}
