package io.stoq.bench.micro;

import io.stoq.crypto.PacketKeys;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The header protection masks of a whole train. RFC 9001 §5.4. */
public class HeaderMaskBenchmark extends MicroBenchmark {

    /** {@code jca}, {@code ipsec-mb}, or a security provider such as {@code BC}. */
    @Param({"jca"})
    public String aead;

    @Param
    public Suite suite;

    /** Packets in the train; 45 are 64 KiB of 1,452 bytes each. */
    @Param({"1", "8", "45", "64"})
    public int packets;

    private byte[] samples;
    private byte[] masks;
    private PacketKeys keys;

    @Setup
    public void prepare() {
        samples = new byte[packets * PacketKeys.SAMPLE_BYTES];
        masks = new byte[samples.length];
        keys = suite.keys(aead);
    }

    @TearDown
    public void release() {
        keys.destroy();
    }

    @Benchmark
    public byte[] masks() {
        keys.headerMasks(samples, packets, masks);
        return masks;
    }
}
