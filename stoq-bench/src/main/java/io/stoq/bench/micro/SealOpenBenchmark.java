package io.stoq.bench.micro;

import io.stoq.crypto.PacketKeys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
import org.openjdk.jmh.annotations.Warmup;

/** Cost of sealing and opening one packet. {@code -p suite=...} measures another cipher suite. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class SealOpenBenchmark {

    /** A short header with an 8-byte connection id and a 3-byte packet number. */
    private static final int HEADER_BYTES = 12;

    private static final long OPENED_PACKET_NUMBER = 1L << 40;

    /** {@code jca}, {@code ipsec-mb}, or a security provider such as {@code BC}. */
    @Param({"jca", "ipsec-mb"})
    public String aead;

    @Param({"AES_128_GCM"})
    public Suite suite;

    /** Plaintext: 1,424 bytes make a datagram of 1,452. */
    @Param({"64", "1200", "1424", "8900", "16384", "65400"})
    public int payloadBytes;

    /** Where packets lie; sockets have native memory. */
    @Param({"NATIVE"})
    public Memory packetMemory;

    private Arena arena;
    private PacketKeys keys;
    private long packetNumber;
    private MemorySegment plaintext;
    private MemorySegment packet;
    private MemorySegment sealedPacket;

    /** Kinds of memory; plaintext is always on the heap. */
    public enum Memory {
        HEAP,
        NATIVE
    }

    @Setup
    public void prepare() {
        arena = Arena.ofShared();
        plaintext = MemorySegment.ofArray(new byte[payloadBytes]);
        packet = packetMemory();
        sealedPacket = packetMemory();
        PacketKeys sender = suite.keys(aead);
        sender.seal(OPENED_PACKET_NUMBER, plaintext, 0, payloadBytes, sealedPacket, 0, HEADER_BYTES);
        sender.destroy();
        keys = suite.keys(aead);
    }

    @TearDown
    public void release() {
        keys.destroy();
        arena.close();
    }

    @Benchmark
    public void seal() {
        keys.seal(packetNumber++, plaintext, 0, payloadBytes, packet, 0, HEADER_BYTES);
    }

    @Benchmark
    public int open() {
        int length = payloadBytes + PacketKeys.TAG_BYTES;
        return keys.open(OPENED_PACKET_NUMBER, sealedPacket, 0, HEADER_BYTES, length, plaintext, 0);
    }

    private MemorySegment packetMemory() {
        int bytes = HEADER_BYTES + payloadBytes + PacketKeys.TAG_BYTES;
        return packetMemory == Memory.HEAP ? MemorySegment.ofArray(new byte[bytes]) : arena.allocate(bytes);
    }
}
