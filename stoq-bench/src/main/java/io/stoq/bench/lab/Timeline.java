package io.stoq.bench.lab;

import java.util.Arrays;

/** Values at times that rise. */
public final class Timeline {

    private long[] times = new long[1024];
    private long[] values = new long[1024];
    private int size;

    void add(long atNs, long value) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        times[size] = atNs;
        values[size++] = value;
    }

    /** The values from then until then, in ascending order; empty where there are none. */
    public long[] sortedBetween(long fromNs, long untilNs) {
        int from = indexOf(fromNs);
        long[] within = Arrays.copyOfRange(values, from, Math.max(from, indexOf(untilNs)));
        Arrays.sort(within);
        return within;
    }

    /** Of the first value that is not earlier. */
    private int indexOf(long atNs) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] < atNs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
