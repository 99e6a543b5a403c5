package io.stoq.bench.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What {@link CountingLoader} puts in the place of calls that move bytes: each does the same and adds the bytes up, by the
 * method that called. Thread-safe.
 */
public final class CopyCounter {

    private static final Map<String, LongAdder> MOVED = new ConcurrentHashMap<>();

    private CopyCounter() {}

    public static void reset() {
        MOVED.clear();
    }

    /** Bytes moved since the last reset, by the methods that moved them, such as {@code ByteWriter.putBytes}. */
    public static Map<String, Long> moved() {
        Map<String, Long> sums = new TreeMap<>();
        MOVED.forEach((by, sum) -> sums.put(by, sum.sum()));
        return sums;
    }

    /** Bytes are about to be moved, or a value of so many bytes stored, by this method. */
    public static void count(long bytes, String by) {
        MOVED.computeIfAbsent(by, key -> new LongAdder()).add(bytes);
    }

    public static void arraycopy(Object from, int at, Object to, int toAt, int length, String by) {
        if (from instanceof byte[]) {
            count(length, by);
        }
        System.arraycopy(from, at, to, toAt, length);
    }

    public static byte[] copyOf(byte[] from, int length, String by) {
        count(Math.min(length, from.length), by);
        return Arrays.copyOf(from, length);
    }

    public static byte[] copyOfRange(byte[] from, int at, int to, String by) {
        count(to - at, by);
        return Arrays.copyOfRange(from, at, to);
    }

    public static Object clone(byte[] from, String by) {
        count(from.length, by);
        return from.clone();
    }

    public static void copy(MemorySegment from, long at, MemorySegment to, long toAt, long bytes, String by) {
        count(bytes, by);
        MemorySegment.copy(from, at, to, toAt, bytes);
    }

    public static void copy(
            MemorySegment from,
            ValueLayout layout,
            long at,
            MemorySegment to,
            ValueLayout toLayout,
            long toAt,
            long count,
            String by) {
        count(count * layout.byteSize(), by);
        MemorySegment.copy(from, layout, at, to, toLayout, toAt, count);
    }

    public static void copy(
            MemorySegment from, ValueLayout layout, long at, Object to, int toAt, int count, String by) {
        count(count * layout.byteSize(), by);
        MemorySegment.copy(from, layout, at, to, toAt, count);
    }

    public static void copy(
            Object from, int at, MemorySegment to, ValueLayout layout, long toAt, int count, String by) {
        count(count * layout.byteSize(), by);
        MemorySegment.copy(from, at, to, layout, toAt, count);
    }

    public static MemorySegment copyFrom(MemorySegment to, MemorySegment from, String by) {
        count(from.byteSize(), by);
        return to.copyFrom(from);
    }

    public static byte[] toArray(MemorySegment from, ValueLayout.OfByte layout, String by) {
        count(from.byteSize(), by);
        return from.toArray(layout);
    }

    public static ByteBuffer get(ByteBuffer from, byte[] to, int at, int length, String by) {
        count(length, by);
        return from.get(to, at, length);
    }

    public static ByteBuffer get(ByteBuffer from, byte[] to, String by) {
        count(to.length, by);
        return from.get(to);
    }

    public static ByteBuffer put(ByteBuffer to, byte[] from, int at, int length, String by) {
        count(length, by);
        return to.put(from, at, length);
    }

    public static ByteBuffer put(ByteBuffer to, byte[] from, String by) {
        count(from.length, by);
        return to.put(from);
    }

    public static ByteBuffer put(ByteBuffer to, ByteBuffer from, String by) {
        count(from.remaining(), by);
        return to.put(from);
    }
}
