package io.stoq.bench.lab;

/**
 * A flow at one moment. Counts are since the flow began.
 *
 * @param deliveredBytes that the receiving application took
 * @param receivedBytes UDP payload that arrived at the receiver
 * @param pacingBytesPerSecond {@link Long#MAX_VALUE} for a controller that does not pace
 * @param bandwidthBytesPerSecond what the controller believes in; 0 where it has no belief
 */
public record Sample(
        long atNs,
        long deliveredBytes,
        long receivedBytes,
        long sentPackets,
        long lostPackets,
        long spuriousLosses,
        long markedPackets,
        long smoothedRttNs,
        long latestRttNs,
        long bytesInFlight,
        long windowBytes,
        long pacingBytesPerSecond,
        long bandwidthBytesPerSecond,
        String state) {}
