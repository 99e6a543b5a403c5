package io.stoq.bench.micro;

import io.stoq.bench.engine.EnginePair;
import io.stoq.bench.engine.EngineSide;
import io.stoq.bench.engine.NoCipher;
import io.stoq.crypto.PacketProtection;
import io.stoq.protection.JcaPacketProtection;
import io.stoq.stream.SendChunk;
import io.stoq.stream.Stream;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One packet from one engine to the other in memory, both sides and acknowledgements included, without sockets: what is left
 * of it without a cipher is the engine's own code, and a move of the bytes on each side.
 */
@Warmup(iterations = 5, time = 1) // the JDK's cipher takes that long
public class EngineBenchmark extends MicroBenchmark {

    private static final int PACKETS = 1024;
    private static final int CHUNK_BYTES = 1 << 20;

    @Param
    public Protection protection;

    /** Largest UDP payload, in bytes. */
    @Param({"1452", "16383", "65487"})
    public int payload;

    private final byte[] data = new byte[CHUNK_BYTES];
    private EnginePair pair;
    private Stream stream;

    /** What seals and opens the packets. */
    public enum Protection {
        /** Bytes are moved, and nothing else. */
        NONE(NoCipher::new),
        /** AES-128-GCM of the Java platform. */
        JCA(JcaPacketProtection::create);

        private final Supplier<PacketProtection> maker;

        Protection(Supplier<PacketProtection> maker) {
            this.maker = maker;
        }

        PacketProtection make() {
            return maker.get();
        }
    }

    @Setup
    public void connect() {
        pair = new EnginePair(protection.make(), payload, new EngineSide(), new EngineSide());
        stream = pair.client().connection().openStream(false);
        stream.handler(pair.client());
    }

    @TearDown
    public void release() {
        pair.close();
    }

    /** A packet of one stream that has always something to send, written by reference. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long packet() {
        while (stream.bufferedBytes() < (long) PACKETS * payload) {
            stream.write(new SendChunk(data));
        }
        pair.transfer(PACKETS);
        return pair.server().streamBytes();
    }
}
