package io.stoq.bench.micro;

import io.stoq.bench.engine.EnginePair;
import io.stoq.bench.engine.EngineSide;
import io.stoq.bench.engine.NoCipher;
import io.stoq.crypto.PacketProtection;
import io.stoq.protection.Aead;
import io.stoq.stream.SendChunk;
import io.stoq.stream.Stream;
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

    /** {@code none} moves the bytes as a cipher does, and nothing else; else {@code jca} or {@code ipsec-mb}. */
    @Param({"none", "jca", "ipsec-mb"})
    public String cipher;

    /** Largest UDP payload, in bytes. */
    @Param({"1452", "16383", "65487"})
    public int payload;

    private final byte[] data = new byte[CHUNK_BYTES];
    private EnginePair pair;
    private Stream stream;

    static PacketProtection protection(String cipher) {
        return cipher.equals("none") ? new NoCipher() : Aead.labelled(cipher).protection();
    }

    @Setup
    public void connect() {
        pair = new EnginePair(protection(cipher), payload, new EngineSide(), new EngineSide());
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
