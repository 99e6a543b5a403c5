package io.stoq.recovery;

import io.stoq.congestion.CongestionController;

/**
 * Spaces packets out by a token bucket. Confined to the connection's loop. RFC 9002 §7.7.
 *
 * <p>The rate and the depth of the bucket are the controller's. Once empty, the bucket opens again when half a millisecond's
 * worth is there rather than for each packet, so that at high rates packets leave in trains and timers stay few. A sender that
 * was held back and comes back late, because timers are coarse and loops are busy, finds what the delay was worth beside that,
 * up to a millisecond's, or an eighth of the shortest round trip's: what a queue that suits the path has room for. A sender
 * that had nothing to send finds a full bucket and no more.
 */
public final class Pacer {

    private static final long NS_PER_SECOND = 1_000_000_000L;

    /** The part of a second whose bytes are collected before a blocked sender goes on. */
    private static final long WAKES_PER_SECOND = 2_000;

    /** How much lateness is made good, and for how long: a share of the shortest round trip within these bounds. */
    private static final int LATENESS_RTT_DIVISOR = 8;

    private static final long LEAST_LATENESS_NS = 1_000_000;
    private static final long MOST_LATENESS_NS = 10_000_000;

    /** These two keep byte-nanoseconds within a long. */
    private static final long MAX_QUANTUM_BYTES = 1L << 31;

    private static final long MAX_RATE = 1_000_000_000_000L;

    private static final long NEVER = Long.MIN_VALUE;

    private final CongestionController controller;
    private final RttEstimator rtt;
    private long tokensBytes;
    private long remainderByteNs;
    private long refilledNs;
    private boolean started;

    /** How many tokens a blocked sender waits for; 0 while it is not blocked. */
    private long neededBytes;

    /** When a blocked sender was let go on: for a while it may keep more than the bucket holds. */
    private long releasedNs = NEVER;

    Pacer(CongestionController controller, RttEstimator rtt) {
        this.controller = controller;
        this.rtt = rtt;
    }

    /** There is nothing to send, or something else holds it back: nobody waits for the pacer. */
    void onIdle() {
        neededBytes = 0;
        releasedNs = NEVER;
    }

    /** Whether {@code bytes} have to wait; {@link #deadlineNs()} then says until when. */
    public boolean isBlocked(long nowNs, int bytes) {
        long rate = rateBytesPerSecond();
        if (rate == CongestionController.UNPACED) {
            started = false;
            neededBytes = 0;
            return false;
        }
        long quantum = quantumBytes();
        refill(nowNs, rate, depthBytes(nowNs, rate, quantum));
        long enough = Math.min(bytes, quantum);
        if (neededBytes > 0) {
            enough = Math.max(enough, Math.min(neededBytes, quantum));
        }
        if (tokensBytes >= enough) {
            releasedNs = neededBytes > 0 ? nowNs : releasedNs;
            neededBytes = 0;
            return false;
        }
        neededBytes = Math.max(enough, Math.min(quantum, rate / WAKES_PER_SECOND));
        return true;
    }

    /** When a sender that was found blocked may go on; {@code Long.MAX_VALUE} when none is blocked. */
    public long deadlineNs() {
        if (neededBytes == 0) {
            return Long.MAX_VALUE;
        }
        long rate = rateBytesPerSecond();
        if (rate == CongestionController.UNPACED) {
            return refilledNs;
        }
        long missing = Math.max(0, Math.min(neededBytes, quantumBytes()) - tokensBytes);
        return refilledNs + Math.ceilDiv(missing * NS_PER_SECOND - remainderByteNs, rate);
    }

    /** Takes tokens for a packet that left. Probes may overdraw the bucket, by its depth at most. */
    void onPacketSent(long nowNs, int bytes) {
        long rate = rateBytesPerSecond();
        if (rate == CongestionController.UNPACED) {
            started = false;
            return;
        }
        long quantum = quantumBytes();
        refill(nowNs, rate, depthBytes(nowNs, rate, quantum));
        tokensBytes = Math.max(tokensBytes - bytes, -quantum);
    }

    private long rateBytesPerSecond() {
        long rate = controller.pacingRateBytesPerSecond();
        return rate == CongestionController.UNPACED ? rate : Math.clamp(rate, 1, MAX_RATE);
    }

    private long quantumBytes() {
        return Math.clamp(controller.sendQuantumBytes(), 1, MAX_QUANTUM_BYTES);
    }

    /** How many tokens there may be: more than the quantum for a sender that is late, and until it has used them up. */
    private long depthBytes(long nowNs, long rate, long quantum) {
        if (neededBytes > 0) {
            return Math.max(quantum, Math.min(neededBytes, quantum) + worthBytes(latenessNs(), rate));
        }
        boolean late = releasedNs != NEVER && nowNs >= releasedNs && nowNs - releasedNs < latenessNs();
        return late ? Math.max(quantum, tokensBytes) : quantum;
    }

    private long latenessNs() {
        return Math.clamp(rtt.minNs() / LATENESS_RTT_DIVISOR, LEAST_LATENESS_NS, MOST_LATENESS_NS);
    }

    /** At most {@link #MOST_LATENESS_NS} of {@link #MAX_RATE} fit a long. */
    private static long worthBytes(long ns, long rate) {
        return ns * (rate / 1_000) / (NS_PER_SECOND / 1_000);
    }

    private void refill(long nowNs, long rate, long depth) {
        long elapsedNs = nowNs - refilledNs;
        refilledNs = nowNs;
        if (!started) {
            started = true;
            tokensBytes = depth;
            remainderByteNs = 0;
            return;
        }
        if (elapsedNs <= 0) {
            return; // a clock that stands still or steps back fills nothing
        }
        long missing = depth - tokensBytes;
        if (missing <= 0 || elapsedNs > missing * NS_PER_SECOND / rate) {
            tokensBytes = depth;
            remainderByteNs = 0;
            return;
        }
        // The remainder is carried over, so that many short steps add up to exactly what one long step gives.
        long accrued = elapsedNs * rate + remainderByteNs;
        tokensBytes += accrued / NS_PER_SECOND;
        remainderByteNs = accrued % NS_PER_SECOND;
    }
}
