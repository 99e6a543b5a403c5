package io.stoq.bench.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * An application has something to send.
 *
 * @param atNs since the flow began
 */
public record Write(long atNs, long bytes) {

    /** More than any scenario sends. */
    public static final long FOREVER = 1L << 60;

    public static List<Write> bulk(long bytes) {
        return List.of(new Write(0, bytes));
    }

    /** The same again and again. */
    public static List<Write> bursts(long fromNs, long everyNs, int count, long bytes) {
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            writes.add(new Write(fromNs + i * everyNs, bytes));
        }
        return writes;
    }
}
