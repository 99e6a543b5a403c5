package io.stoq.bench.micro;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.VarInt;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** One variable-length integer. RFC 9000 §16. */
public class VarIntBenchmark extends MicroBenchmark {

    private static final int VALUES = 1024;

    /** Length on the wire; MIXED is what no branch predictor can learn. */
    @Param
    public Length length;

    private final long[] values = new long[VALUES];
    private final ByteWriter out = new ByteWriter(VALUES * Long.BYTES);

    /** Lengths of variable-length integers, in bytes. */
    public enum Length {
        ONE(6),
        TWO(14),
        FOUR(30),
        EIGHT(62),
        MIXED(0);

        private final int bits;

        Length(int bits) {
            this.bits = bits;
        }

        private long value(SplittableRandom random) {
            int width = this == MIXED ? values()[random.nextInt(4)].bits : bits;
            return random.nextLong(1L << width - 1, 1L << width);
        }
    }

    @Setup
    public void prepare() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < VALUES; i++) {
            values[i] = length.value(random);
        }
        write();
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public final int write() {
        out.position = 0;
        for (long value : values) {
            out.putVarInt(value);
        }
        return out.position;
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public long read() {
        byte[] bytes = out.array;
        long sum = 0;
        int at = 0;
        for (int i = 0; i < VALUES; i++) {
            sum += VarInt.read(bytes, at);
            at += VarInt.lengthAt(bytes, at);
        }
        return sum;
    }
}
