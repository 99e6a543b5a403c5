package io.stoq.bench.lab.relay;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * What became of the datagrams of one direction; bytes are UDP payload.
 *
 * @param lost by chance
 * @param queueDropped because the queue was full
 * @param overflowed because the relay itself holds no more
 * @param marked Congestion Experienced
 * @param held inside now
 * @param queueBytes the queue's length; 0 where there is none
 * @param queuedBytes in the queue now
 * @param meanQueueBytes what arriving datagrams found in the queue
 * @param p99QueueBytes the 99th percentile of that
 * @param maxQueueBytes the most of that
 */
@JsonNaming(SnakeCaseStrategy.class)
public record LaneCounts(
        long arrived,
        long arrivedBytes,
        long passed,
        long passedBytes,
        long lost,
        long queueDropped,
        long overflowed,
        long marked,
        long reordered,
        long duplicated,
        long corrupted,
        int held,
        long queueBytes,
        long queuedBytes,
        long meanQueueBytes,
        long p99QueueBytes,
        long maxQueueBytes) {}
