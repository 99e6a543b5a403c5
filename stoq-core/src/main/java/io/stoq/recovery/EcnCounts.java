package io.stoq.recovery;

import io.stoq.wire.frame.AckBlock;

/**
 * The ECN counts that a peer reports of one packet number space, beside what was sent. Confined to the connection's loop.
 * RFC 9000 §13.4.2.
 *
 * <p>Sums are compared, not the steps from one ACK frame to the next: a packet may be counted in one frame and acknowledged
 * only by a later one, where the first had no room for its range.
 */
final class EcnCounts {

    private long ect0;
    private long ect1;
    private long ce;

    /** Packets sent with ECT(0) that no count has told of. */
    private long unreported;

    /** Since {@link #rebase}: packets that went out with ECT(0) and were acknowledged, and those that the counts tell of. */
    private long acked;

    private long reported;

    /** {@link #acked} at the last ACK frame that was checked. */
    private long checkedAcked;

    /** Earlier packets do not count for {@link #acked}. */
    private long from;

    private long newEct0;
    private long newMarks;

    /** Comparison begins anew with this packet: those before it went a way that is known to lose marks, or is not known. */
    void rebase(long packetNumber) {
        from = packetNumber;
        acked = 0;
        reported = 0;
        checkedAcked = 0;
        unreported = Math.max(0, unreported);
    }

    /** A packet left with ECT(0). */
    void onSent() {
        unreported++;
    }

    /** A packet that had left with ECT(0) was acknowledged for the first time. */
    void onAcked(long packetNumber) {
        if (packetNumber >= from) {
            acked++;
        }
    }

    /**
     * An ACK frame raised the largest acknowledged number; others may be late and must not be looked at. RFC 9000 §13.4.2.1
     *
     * @return whether its counts can be true of a path that leaves ECT(0) as it is or makes it Congestion Experienced
     */
    boolean onAck(AckBlock ack) {
        boolean news = acked != checkedAcked;
        checkedAcked = acked;
        newEct0 = 0;
        newMarks = 0;
        if (!ack.ecn) {
            return !news;
        }
        long moreEct0 = ack.ect0 - ect0;
        long moreEct1 = ack.ect1 - ect1;
        long moreCe = ack.ce - ce;
        ect0 = ack.ect0;
        ect1 = ack.ect1;
        ce = ack.ce;
        if (moreEct0 < 0 || moreEct1 < 0 || moreCe < 0) {
            return false;
        }
        newEct0 = moreEct0;
        newMarks = moreCe;
        reported += moreEct0 + moreCe;
        unreported -= moreEct0 + moreCe;
        return moreEct1 == 0 && unreported >= 0 && reported >= acked;
    }

    /** How many more packets with ECT(0) the last ACK frame told of. */
    long newEct0() {
        return newEct0;
    }

    /** The same for Congestion Experienced. */
    long newMarks() {
        return newMarks;
    }
}
