package io.stoq;

import java.net.InetSocketAddress;

/**
 * The path that a connection sends on, and how it is used; a snapshot. A connection that moves starts over with these.
 *
 * @param remote where packets go
 * @param validated whether the peer is known to receive there. RFC 9000 §8
 * @param latestRttNs the last round trip measured; 0, as the three others, before the first sample
 * @param smoothedRttNs round-trip time, smoothed. RFC 9002 §5.3
 * @param rttVarianceNs how far samples are from the smoothed one
 * @param minRttNs the shortest round trip
 * @param controller name of the congestion controller, such as {@code cubic}
 * @param controllerState its state in its own terms, such as {@code slow start}
 * @param windowBytes how much may be in flight
 * @param bytesInFlight sent, neither acknowledged nor lost
 * @param pacingRateBytesPerSecond how fast packets leave; 0 where they are not spaced
 * @param bandwidthBytesPerSecond what the controller believes that the path carries; 0 where it has no such belief
 * @param maxDatagramBytes the largest UDP payload that is sent now; grows as the path's MTU is found out
 * @param bytesSent UDP payload bytes over this path
 * @param bytesReceived UDP payload bytes over this path
 */
public record PathStatistics(
        InetSocketAddress remote,
        boolean validated,
        long latestRttNs,
        long smoothedRttNs,
        long rttVarianceNs,
        long minRttNs,
        String controller,
        String controllerState,
        long windowBytes,
        long bytesInFlight,
        long pacingRateBytesPerSecond,
        long bandwidthBytesPerSecond,
        int maxDatagramBytes,
        long bytesSent,
        long bytesReceived) {}
