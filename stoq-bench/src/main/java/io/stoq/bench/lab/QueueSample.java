package io.stoq.bench.lab;

import io.stoq.sim.Queue;

/** The bottleneck at one moment. Counts are since the beginning. */
public record QueueSample(
        long atNs, long queuedBytes, long passedDatagrams, long droppedDatagrams, long markedDatagrams) {

    static QueueSample of(long nowNs, Queue queue) {
        return new QueueSample(
                nowNs, queue.queuedBytes(), queue.passedDatagrams(), queue.droppedDatagrams(), queue.markedDatagrams());
    }
}
