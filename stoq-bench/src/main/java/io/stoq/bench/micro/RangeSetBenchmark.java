package io.stoq.bench.micro;

import io.stoq.buffer.RangeSet;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The set behind ACK ranges, lost packets and reassembly. */
public class RangeSetBenchmark extends MicroBenchmark {

    /** Ranges in the set. */
    @Param({"1", "8", "64"})
    public int ranges;

    private final RangeSet set = new RangeSet();
    private long end;

    @Setup
    public void prepare() {
        set.clear();
        for (int i = 0; i < ranges; i++) {
            set.add(100L * i, 100L * i + 50);
        }
        end = set.to(ranges - 1);
    }

    /** The next number in order. */
    @Benchmark
    public int appendOne() {
        set.add(end, end + 1);
        end++;
        return set.size();
    }

    /** A number in a gap in the middle, and out again: two searches, a range more and one less. */
    @Benchmark
    @OperationsPerInvocation(2)
    public int insertAndRemoveInTheMiddle() {
        long value = 100L * (ranges / 2) + 75;
        set.add(value, value + 1);
        set.remove(value, value + 1);
        return set.size();
    }

    @Benchmark
    public boolean contains() {
        return set.contains(100L * (ranges / 2) + 25);
    }
}
