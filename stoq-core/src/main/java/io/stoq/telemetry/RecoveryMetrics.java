package io.stoq.telemetry;

/** How recovery and congestion control of a connection's path stand; reused, so borrowed for the call. RFC 9002 §A.3, §B.2 */
public final class RecoveryMetrics {

    /** Whether a round trip was measured; the times are 0 otherwise. */
    public boolean measured;

    public long latestRttNs;
    public long smoothedRttNs;
    public long rttVarianceNs;
    public long minRttNs;

    /** Probe timeouts in a row. */
    public int ptoCount;

    public long windowBytes;
    public long bytesInFlight;

    /** 0 where packets are not spaced. */
    public long pacingRateBytesPerSecond;

    /** Name of the congestion controller, and its state in its own terms: constants. */
    public String controller;

    public String controllerState;
}
