package io.stoq.path;

/**
 * How large the datagrams of one path may be: DPLPMTUD, driven by probes alone. Confined to the connection's loop.
 * RFC 8899, RFC 9000 §14.3.
 *
 * <p>One probe is under way at a time. The search begins with what the local interface takes, which is nearly always right;
 * without that knowledge it climbs over the common sizes. Below a size that got lost it goes on in growing steps, or halves
 * the gap where that is nearer. A loss alone proves nothing: the size that bounds the search is tried again before the search
 * ends, until {@link #MAX_PROBES} of its probes were lost.
 *
 * <p>There is no timer: whoever sends asks, so that an idle connection is not woken up, and sizes that were beyond the path
 * are tried again by the traffic that comes after {@link #RAISE_NS}.
 */
public final class MtuDiscovery {

    /** BASE_PLPMTU: what every path of QUIC carries, and where a black hole leads back to. RFC 9000 §14.1, §14.3. */
    public static final int BASE_BYTES = 1200;

    /** Fills the smallest MTU that an IPv6 link may have, so it needs no probe. RFC 8200 §5. */
    public static final int START_BYTES = 1232;

    /** RFC 8200 §5: whatever claims less is wrong. */
    static final int MIN_LINK_MTU_BYTES = 1280;

    /** Headers of IPv6 and UDP. */
    static final int HEADERS_BYTES = 48;

    /** As many lost probes of a size show that the path does not carry it. RFC 8899 §5.1.2. */
    static final int MAX_PROBES = 3;

    /** PMTU_RAISE_TIMER. RFC 8899 §5.1.1. */
    static final long RAISE_NS = 600_000_000_000L;

    /** UDP payloads that fill packets of 1280, 1500 (Ethernet), 9000 (jumbo frames) and 65,535 bytes (loopback). */
    private static final int[] COMMON_BYTES = {START_BYTES, 1452, 8952, 65_487};

    /** A size that is common, or was in use, is tried as often before the search turns to what lies below. */
    private static final int TRIES_BEFORE_LOWER = 2;

    /** The search ends where the gap is this small, or this part of the size. */
    private static final int MIN_STEP_BYTES = 16;

    private static final int STEPS_PER_SIZE = 128;

    private static final int MAX_PACKET_BYTES = 65_535;
    private static final int NO_FAILURE = Integer.MAX_VALUE;
    private static final long NONE = -1;
    private static final long AT_ONCE = Long.MIN_VALUE;

    private int currentBytes = BASE_BYTES;
    private int limitBytes = BASE_BYTES;

    /** What the local interface takes, or 0 where that is not known. */
    private int interfaceBytes;

    /** The smallest size of which a probe was lost, and how many of its probes. */
    private int failedBytes = NO_FAILURE;

    private int failedProbes;

    /** The size before a black hole. */
    private int formerBytes;

    private int stepBytes = MIN_STEP_BYTES;

    private long probeNumber = NONE;
    private int probeBytes;
    private int heldBackBytes;

    private boolean searched;
    private long restsUntilNs = AT_ONCE;

    /** The largest UDP payload to send in anything but probes. */
    public int datagramBytes() {
        return currentBytes;
    }

    /**
     * The handshake is done, which has shown that the path carries {@link #BASE_BYTES}.
     *
     * @param limitBytes the largest UDP payload that both sides allow, 1,200 or more
     */
    void begin(int limitBytes) {
        this.limitBytes = limitBytes;
        currentBytes = Math.min(START_BYTES, limitBytes);
        restart();
    }

    /** The same limit and interface as another path's, for one that comes later. */
    void beginLike(MtuDiscovery other) {
        interfaceBytes = other.interfaceBytes;
        begin(other.limitBytes);
    }

    /** The MTU of the local interface in bytes, a hint. Nonsense is ignored; it never makes datagrams smaller. */
    public void interfaceMtu(int mtuBytes) {
        if (mtuBytes < MIN_LINK_MTU_BYTES) {
            return;
        }
        int bytes = Math.min(mtuBytes, MAX_PACKET_BYTES) - HEADERS_BYTES;
        if (bytes != interfaceBytes) {
            interfaceBytes = bytes;
            restart();
        }
    }

    // ---- probes

    /**
     * The size of the probe to send now, or 0. Where one waits for room in the congestion window, {@link #heldBackBytes()} of
     * it are to be left free.
     *
     * @param windowBytes the congestion window; a probe leaves room for a datagram beside it, so that the loss of the probe
     *     cannot stop the connection
     * @param allowanceBytes how much of it is free
     */
    public int pollProbe(long nowNs, long windowBytes, long allowanceBytes) {
        heldBackBytes = 0;
        if (probeNumber != NONE || nowNs < restsUntilNs) {
            return 0;
        }
        if (searched) {
            restart();
        }
        int target = targetBytes();
        if (target == 0) {
            searched = true;
            restsUntilNs = nowNs + RAISE_NS;
            return 0;
        }
        int bytes = fitting(target, windowBytes - currentBytes);
        if (bytes > 0 && bytes + currentBytes > allowanceBytes) {
            heldBackBytes = bytes;
            return 0;
        }
        return bytes;
    }

    /** How much of the congestion window nothing else may take. */
    public int heldBackBytes() {
        return heldBackBytes;
    }

    /** What {@link #pollProbe} asked for left. */
    public void onProbeSent(long packetNumber, int bytes) {
        probeNumber = packetNumber;
        probeBytes = bytes;
    }

    boolean isProbe(long packetNumber) {
        return packetNumber == probeNumber;
    }

    void onProbeAcked() {
        probeNumber = NONE;
        if (probeBytes <= currentBytes || probeBytes > limitBytes) {
            return;
        }
        stepBytes = isCommon(probeBytes) ? MIN_STEP_BYTES : 2 * stepBytes;
        currentBytes = probeBytes;
        if (currentBytes >= failedBytes) {
            forgetFailure();
        }
    }

    void onProbeLost() {
        probeNumber = NONE;
        if (probeBytes == failedBytes) {
            failedProbes++;
        } else if (probeBytes < failedBytes && probeBytes > currentBytes) {
            failedBytes = probeBytes;
            failedProbes = 1;
        }
    }

    /**
     * The local machine refused to send a datagram of this size, which is as certain as can be for sizes above the current
     * one. Nothing leads below {@link #BASE_BYTES}.
     *
     * @return the packet number of the probe that was refused, or -1
     */
    public long onTooLong(int bytes) {
        if (bytes <= BASE_BYTES) {
            return NONE;
        }
        if (bytes <= currentBytes) {
            currentBytes = BASE_BYTES;
            restart();
        }
        if (bytes <= failedBytes) {
            failedBytes = bytes;
            failedProbes = MAX_PROBES;
        }
        return probeNumber != NONE && probeBytes >= bytes ? probeNumber : NONE;
    }

    /** Large datagrams no longer get through, small ones do. RFC 8899 §4.3. Returns whether the size changed. */
    public boolean onBlackHole() {
        if (currentBytes <= BASE_BYTES) {
            return false;
        }
        int former = currentBytes;
        currentBytes = BASE_BYTES;
        restart();
        formerBytes = former; // a probe of that size tells at once whether it was a black hole
        return true;
    }

    // ---- the search

    private void restart() {
        searched = false;
        restsUntilNs = AT_ONCE;
        formerBytes = 0;
        heldBackBytes = 0;
        stepBytes = MIN_STEP_BYTES;
        forgetFailure();
    }

    private void forgetFailure() {
        failedBytes = NO_FAILURE;
        failedProbes = 0;
    }

    /** The next size to try, or 0 where the search is over. */
    private int targetBytes() {
        int ceiling = interfaceBytes == 0 ? limitBytes : Math.min(limitBytes, interfaceBytes);
        if (currentBytes >= ceiling) {
            return 0;
        }
        if (failedBytes > ceiling) {
            int untold = interfaceBytes > 0 ? ceiling : commonAbove(currentBytes);
            return Math.min(formerBytes > currentBytes ? formerBytes : untold, ceiling);
        }
        if (failedProbes < TRIES_BEFORE_LOWER && (isCommon(failedBytes) || failedBytes == ceiling)) {
            return failedBytes;
        }
        int common = commonAbove(currentBytes);
        if (common < failedBytes) {
            return common;
        }
        int gap = failedBytes - currentBytes;
        int smallestStep = Math.max(MIN_STEP_BYTES, currentBytes / STEPS_PER_SIZE);
        if (gap > smallestStep) {
            return currentBytes + Math.min(Math.max(stepBytes, smallestStep), gap / 2);
        }
        return failedProbes < MAX_PROBES ? failedBytes : 0;
    }

    /** The target, or else the largest common size on the way to it that there is room for; 0 where there is none. */
    private int fitting(int target, long roomBytes) {
        if (target <= roomBytes) {
            return target;
        }
        for (int i = COMMON_BYTES.length - 1; i >= 0; i--) {
            int bytes = COMMON_BYTES[i];
            if (bytes < target && bytes <= roomBytes) {
                return bytes > currentBytes ? bytes : 0;
            }
        }
        return 0;
    }

    private static boolean isCommon(int size) {
        for (int bytes : COMMON_BYTES) {
            if (bytes == size) {
                return true;
            }
        }
        return false;
    }

    private static int commonAbove(int size) {
        for (int bytes : COMMON_BYTES) {
            if (bytes > size) {
                return bytes;
            }
        }
        return NO_FAILURE;
    }
}
