package io.stoq.transport.driver;

import java.util.LinkedHashSet;

/** Batches that wait for their time, the earliest first: all wait equally long. Confined to the loop. */
final class OpenBatches {

    private final LinkedHashSet<WriteBatch> waiting = new LinkedHashSet<>();

    /** Does nothing where it waits already. */
    void add(WriteBatch batch, long deadlineNs) {
        if (waiting.add(batch)) {
            batch.deadlineNs = deadlineNs;
        }
    }

    void remove(WriteBatch batch) {
        waiting.remove(batch);
    }

    /** When the first is due; {@code Long.MAX_VALUE} where none waits. */
    long deadlineNs() {
        return waiting.isEmpty() ? Long.MAX_VALUE : waiting.getFirst().deadlineNs;
    }

    /** Hands over those that are due. */
    void releaseDue(long nowNs) {
        while (deadlineNs() <= nowNs) {
            waiting.removeFirst().release(nowNs);
        }
    }

    /** Hands over all, due or not. */
    void releaseAll(long nowNs) {
        while (!waiting.isEmpty()) {
            waiting.removeFirst().release(nowNs);
        }
    }
}
