package io.stoq.bench.micro;

import io.stoq.buffer.BufferPool;
import io.stoq.buffer.PooledBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** One buffer of a loop's pool, taken and given back by the loop. */
public class BufferPoolBenchmark extends MicroBenchmark {

    private static final int BUFFERS = 64;

    @Param({"2048", "8192", "65536"})
    public int bytes;

    private final PooledBuffer[] taken = new PooledBuffer[BUFFERS];
    private BufferPool pool;

    @Setup
    public void prepare() {
        pool = new BufferPool();
        manyTakenThenReleased();
    }

    @TearDown
    public void requireNoneLost() {
        pool.requireNoneInUse();
    }

    @Benchmark
    public byte[] takenAndReleased() {
        PooledBuffer buffer = pool.take(bytes);
        byte[] memory = buffer.array();
        pool.release(buffer);
        return memory;
    }

    /** As when many wait for their acknowledgement. */
    @Benchmark
    @OperationsPerInvocation(BUFFERS)
    public final PooledBuffer[] manyTakenThenReleased() {
        for (int i = 0; i < BUFFERS; i++) {
            taken[i] = pool.take(bytes);
        }
        for (PooledBuffer buffer : taken) {
            pool.release(buffer);
        }
        return taken;
    }

    /** What the pool saves: memory from the heap, which comes zeroed. */
    @Benchmark
    public byte[] fromTheHeap() {
        return new byte[bytes];
    }
}
