package io.stoq.bench.micro;

import io.stoq.crypto.PacketKeys;
import io.stoq.protection.JcaPacketProtection;
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

/** Cost of sealing and opening one packet, and of one train's header protection. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SealOpenBenchmark {

    /** A short header with an 8-byte connection id and a 4-byte packet number. */
    private static final int HEADER_BYTES = 13;

    /** Packets of 1,452 bytes in a 64 KiB train. */
    private static final int TRAIN_PACKETS = 45;

    private static final long SEALED_PACKET_NUMBER = 1L << 40;

    @Param
    public Suite suite;

    /** The whole packet: header, payload and tag. */
    @Param({"100", "1200", "1452", "16383", "65000"})
    public int size;

    @Param
    public Memory packetMemory;

    private Arena arena;
    private PacketKeys keys;
    private long packetNumber;
    private int payloadBytes;
    private MemorySegment plaintext;
    private MemorySegment packet;
    private MemorySegment sealedPacket;
    private byte[] samples;
    private byte[] masks;

    /** The cipher suites of QUIC v1. */
    public enum Suite {
        AES_128_GCM(0x1301, 32),
        AES_256_GCM(0x1302, 48),
        CHACHA20_POLY1305(0x1303, 32);

        private final int code;
        private final int secretBytes;

        Suite(int code, int secretBytes) {
            this.code = code;
            this.secretBytes = secretBytes;
        }
    }

    /** Where packets lie; plaintext is always on the heap. */
    public enum Memory {
        HEAP,
        NATIVE
    }

    @Setup
    public void prepare() {
        arena = Arena.ofConfined();
        keys = JcaPacketProtection.create().keys(suite.code, new byte[suite.secretBytes]);
        payloadBytes = size - HEADER_BYTES - PacketKeys.TAG_BYTES;
        plaintext = MemorySegment.ofArray(new byte[payloadBytes]);
        packet = packetMemory();
        sealedPacket = packetMemory();
        keys.seal(SEALED_PACKET_NUMBER, plaintext, 0, payloadBytes, sealedPacket, 0, HEADER_BYTES);
        samples = new byte[TRAIN_PACKETS * PacketKeys.SAMPLE_BYTES];
        masks = new byte[samples.length];
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
        return keys.open(SEALED_PACKET_NUMBER, sealedPacket, 0, HEADER_BYTES, size - HEADER_BYTES, plaintext, 0);
    }

    @Benchmark
    public byte[] headerMasksOfOneTrain() {
        keys.headerMasks(samples, TRAIN_PACKETS, masks);
        return masks;
    }

    private MemorySegment packetMemory() {
        return packetMemory == Memory.HEAP ? MemorySegment.ofArray(new byte[size]) : arena.allocate(size);
    }
}
