package io.stoq.bench.micro;

import io.stoq.crypto.PacketKeys;
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

/** Cost of the header protection masks of one pass, by the number of packets in it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class HeaderMaskBenchmark {

    /** {@code jca}, {@code ipsec-mb}, or a security provider such as {@code BC}. */
    @Param({"jca"})
    public String aead;

    @Param({"AES_128_GCM"})
    public Suite suite;

    /** 45 packets of 1,452 bytes fill a train. */
    @Param({"1", "8", "45"})
    public int packets;

    private PacketKeys keys;
    private byte[] samples;
    private byte[] masks;

    @Setup
    public void prepare() {
        keys = suite.keys(aead);
        samples = new byte[packets * PacketKeys.SAMPLE_BYTES];
        masks = new byte[samples.length];
    }

    @TearDown
    public void release() {
        keys.destroy();
    }

    @Benchmark
    public byte[] headerMasks() {
        keys.headerMasks(samples, packets, masks);
        return masks;
    }
}
