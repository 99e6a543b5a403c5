package io.stoq.congestion;

/**
 * The recovery period that a loss began: when, and whether what was lost turns out to have arrived after all, so that the
 * reduction has to be taken back. Confined to the connection's loop. RFC 9002 §7.3.2, RFC 9438 §4.9.2.
 */
final class CongestionEvent {

    private static final long NONE = Long.MIN_VALUE;

    private long startNs = NONE;

    /** What was sent up to then was lost in an earlier period. */
    private long previousStartNs = NONE;

    /** Nothing sent since the period began was acknowledged yet. */
    private boolean recovering;

    /** Packets declared lost that {@link #add} has not put anywhere yet. */
    private int unassigned;

    /** Packets of this event that are still believed lost; 0 also where the event is none that could be taken back. */
    private int lost;

    boolean isRecovering() {
        return recovering;
    }

    /** Whether a packet was sent after the period began, so that it may let the window grow. */
    boolean isAfter(long sentNs) {
        return sentNs > startNs;
    }

    /** A clock that stepped back must not let the period last until it has caught up. */
    void onTime(long nowNs) {
        if (nowNs < startNs) {
            startNs = nowNs;
            previousStartNs = Math.min(previousStartNs, nowNs);
        }
    }

    void onPacketAcked(long sentNs) {
        if (recovering && sentNs > startNs) {
            recovering = false;
        }
    }

    void onPacketLost() {
        unassigned++;
    }

    /** The packets reported by {@link #onPacketLost} belong to the present period, or begin one; returns whether they do. */
    boolean add(long nowNs, long largestSentNs) {
        boolean begins = begin(nowNs, largestSentNs);
        if (begins) {
            lost = unassigned;
        } else if (lost > 0) {
            lost += unassigned;
        }
        unassigned = 0;
        return begins;
    }

    /** A mark: it is no mistake, whatever becomes of lost packets. Returns whether it begins a period. */
    boolean addMark(long nowNs, long sentNs) {
        lost = 0;
        return begin(nowNs, sentNs);
    }

    /** A packet had been declared lost in vain; returns whether that was the last one of this event. */
    boolean onSpuriousLoss(long sentNs) {
        if (lost == 0 || sentNs > startNs || sentNs <= previousStartNs || --lost > 0) {
            return false;
        }
        end();
        return true;
    }

    void end() {
        startNs = NONE;
        recovering = false;
        lost = 0;
    }

    private boolean begin(long nowNs, long sentNs) {
        if (sentNs <= startNs) {
            return false;
        }
        previousStartNs = startNs;
        startNs = nowNs;
        recovering = true;
        return true;
    }
}
