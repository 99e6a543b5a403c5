package io.stoq.buffer;

import java.util.Arrays;

/**
 * Disjoint, non-adjacent half-open ranges of longs in ascending order. Confined to one loop.
 *
 * <p>Two growing arrays and binary search: additions at the end, by far the most frequent, cost a few instructions and
 * allocate nothing once the arrays are large enough. A set that was never added to has none: connections have many that stay
 * empty.
 */
public final class RangeSet {

    private static final int FIRST_CAPACITY = 4;
    private static final long[] NONE = {};

    private long[] from = NONE;
    private long[] to = NONE;
    private int size;

    /** How many ranges there are. */
    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** First value of range {@code index}, counted from the lowest. */
    public long from(int index) {
        return from[index];
    }

    /** First value behind range {@code index}. */
    public long to(int index) {
        return to[index];
    }

    public void clear() {
        size = 0;
    }

    /** Forgets all ranges and lets go of the memory, for a set that stays empty for long or for ever. */
    public void release() {
        size = 0;
        from = NONE;
        to = NONE;
    }

    /** Ranges that there is memory for. */
    public int capacityRanges() {
        return from.length;
    }

    public boolean contains(long value) {
        int index = indexOfLastFrom(value);
        return index >= 0 && value < to[index];
    }

    /** Whether all of {@code [start, end)} is in the set. */
    public boolean containsAll(long start, long end) {
        int index = indexOfLastFrom(start);
        return index >= 0 && end <= to[index];
    }

    /** Index of the first range that has a value at or above {@code value}; {@link #size()} when there is none. */
    public int indexOfFirstEndingAfter(long value) {
        int index = indexOfLastFrom(value);
        return index >= 0 && value < to[index] ? index : index + 1;
    }

    /** Sum of the lengths of all ranges. */
    public long total() {
        long sum = 0;
        for (int i = 0; i < size; i++) {
            sum += to[i] - from[i];
        }
        return sum;
    }

    /** Adds {@code [start, end)}, merging what it overlaps or touches. */
    public void add(long start, long end) {
        if (start >= end) {
            return;
        }
        if (size > 0 && start >= from[size - 1] && start <= to[size - 1]) {
            to[size - 1] = Math.max(to[size - 1], end);
            return;
        }
        int first = size == 0 || start > to[size - 1] ? size : firstTouching(start);
        int last = first;
        while (last < size && from[last] <= end) {
            start = Math.min(start, from[last]);
            end = Math.max(end, to[last]);
            last++;
        }
        replace(first, last, start, end);
    }

    /** Takes {@code [start, end)} out, splitting ranges where needed. */
    public void remove(long start, long end) {
        if (start >= end) {
            return;
        }
        int index = indexOfFirstEndingAfter(start);
        while (index < size && from[index] < end) {
            long left = from[index];
            long right = to[index];
            if (left < start && right > end) {
                to[index] = start;
                insert(index + 1, end, right);
                return;
            } else if (left < start) {
                to[index++] = start;
            } else if (right > end) {
                from[index] = end;
                return;
            } else {
                delete(index, 1);
            }
        }
    }

    /** Forgets the lowest range. */
    public void removeFirst() {
        delete(0, 1);
    }

    private int indexOfLastFrom(long value) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (from[middle] <= value) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    private int firstTouching(long start) {
        int index = indexOfLastFrom(start);
        return index >= 0 && to[index] >= start ? index : index + 1;
    }

    private void replace(int first, int last, long start, long end) {
        if (first == last) {
            insert(first, start, end);
            return;
        }
        from[first] = start;
        to[first] = end;
        delete(first + 1, last - first - 1);
    }

    private void insert(int index, long start, long end) {
        if (size == from.length) {
            int capacity = Math.max(FIRST_CAPACITY, size * 2);
            from = Arrays.copyOf(from, capacity);
            to = Arrays.copyOf(to, capacity);
        }
        System.arraycopy(from, index, from, index + 1, size - index);
        System.arraycopy(to, index, to, index + 1, size - index);
        from[index] = start;
        to[index] = end;
        size++;
    }

    private void delete(int index, int count) {
        System.arraycopy(from, index + count, from, index, size - index - count);
        System.arraycopy(to, index + count, to, index, size - index - count);
        size -= count;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "" : " ").append(from[i]).append("..").append(to[i] - 1);
        }
        return text.append(']').toString();
    }
}
