package io.stoq.ack;

import io.stoq.buffer.ByteWriter;
import io.stoq.buffer.RangeSet;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.wire.VarInt;
import io.stoq.wire.frame.AckFrame;

/**
 * What was received in one packet number space, and when to acknowledge it. Confined to the connection's loop.
 * RFC 9000 §13.2.
 */
public final class AckTracker {

    /** Ranges kept; beyond that the lowest is forgotten, and its packets count as duplicates. */
    public static final int MAX_RANGES = 64;

    /** RFC 9000 §13.2.2. */
    private static final int MAX_UNACKED_ELICITING = 2;

    private static final int ECN_ECT1 = 1;
    private static final int ECN_ECT0 = 2;
    private static final int ECN_CE = 3;

    private final boolean delayed;
    private final long maxAckDelayNs;

    /** Numbers received at or above {@link #floor}; at most {@link #MAX_RANGES} ranges between two calls. */
    private final RangeSet received = new RangeSet();

    /** Numbers below count as received. */
    private long floor;

    private long largestReceived = -1;
    private long largestReceivedNs;
    private long largestEliciting = -1;
    private int unackedEliciting;
    private boolean newToAck;
    private boolean immediate;
    private long deadlineNs = Long.MAX_VALUE;

    private long ect0;
    private long ect1;
    private long ce;

    /**
     * @param space numbered as in {@link EncryptionLevel}; only in the APPLICATION space acknowledgments are held back
     * @param maxAckDelayNs how long an acknowledgment may be held back, as announced to the peer; 0 for not at all
     */
    public AckTracker(int space, long maxAckDelayNs) {
        this.delayed = space == EncryptionLevel.APPLICATION && maxAckDelayNs > 0;
        this.maxAckDelayNs = maxAckDelayNs;
    }

    /** Whether the packet was received before, or is too old to know. RFC 9000 §12.3 */
    public boolean isDuplicate(long packetNumber) {
        return packetNumber < floor || packetNumber <= largestReceived && received.contains(packetNumber);
    }

    /**
     * A packet that is no duplicate was received and worked through.
     *
     * @param ecn the two ECN bits of its datagram, as {@code Datagram.ecn} has them
     */
    public void onPacketReceived(long packetNumber, boolean ackEliciting, int ecn, long nowNs) {
        if (ecn != 0) {
            count(ecn);
        }
        received.add(packetNumber, packetNumber + 1);
        if (received.size() > MAX_RANGES) {
            floor = received.to(0);
            received.removeFirst();
        }
        newToAck = true;
        if (packetNumber > largestReceived) {
            largestReceived = packetNumber;
            largestReceivedNs = nowNs;
        }
        if (ackEliciting) {
            onEliciting(packetNumber, ecn == ECN_CE, nowNs);
        }
    }

    /** The space's keys are gone: nothing is received in it any more. */
    public void discard() {
        received.release();
        newToAck = false;
        immediate = false;
        deadlineNs = Long.MAX_VALUE;
    }

    /** The largest number received, or -1. */
    public long largestReceived() {
        return largestReceived;
    }

    /** Whether an acknowledgment has to go out, in a packet of its own if need be. */
    public boolean isAckDue(long nowNs) {
        return immediate || nowNs >= deadlineNs;
    }

    /** Whether an acknowledgment would tell anything new, so that a packet that is sent anyway should carry it. */
    public boolean hasNewToAck() {
        return newToAck;
    }

    /** When an acknowledgment becomes due, which may be in the past; {@code Long.MAX_VALUE} for never. */
    public long deadlineNs() {
        return deadlineNs;
    }

    /**
     * Writes an ACK frame with as many ranges as fit, from the highest. Nothing is due after that.
     *
     * @param ackDelayExponent ours, as announced to the peer
     * @return the largest number acknowledged, or -1 when nothing was written: nothing received, or no room
     */
    public long write(ByteWriter out, long nowNs, int ackDelayExponent) {
        if (received.isEmpty()) {
            return -1;
        }
        int last = received.size() - 1;
        long largest = received.to(last) - 1;
        long firstRange = largest - received.from(last);
        long delay = Math.clamp((nowNs - largestReceivedNs) / 1000 >> ackDelayExponent, 0, VarInt.MAX);
        boolean ecn = (ect0 | ect1 | ce) != 0;
        int room = out.remaining()
                - AckFrame.headSize(largest, delay, last, firstRange)
                - (ecn ? AckFrame.ecnSize(ect0, ect1, ce) : 0);
        if (room < 0) {
            return -1;
        }
        int lowest = lowestRangeWithin(room, last);
        AckFrame.writeHead(out, ecn, largest, delay, last - lowest, firstRange);
        for (int i = last - 1; i >= lowest; i--) {
            AckFrame.writeRange(out, received.from(i + 1) - received.to(i) - 1, received.to(i) - received.from(i) - 1);
        }
        if (ecn) {
            AckFrame.writeEcn(out, ect0, ect1, ce);
        }
        unackedEliciting = 0;
        newToAck = false;
        immediate = false;
        deadlineNs = Long.MAX_VALUE;
        return largest;
    }

    /** The peer has seen an ACK frame with that largest number: nothing up to there needs to be repeated. RFC 9000 §13.2.4 */
    public void onAckAcknowledged(long largest) {
        if (largest >= floor) {
            floor = largest + 1;
            received.remove(0, floor);
        }
    }

    /** Packets received with ECT(0). */
    public long ect0() {
        return ect0;
    }

    /** Packets received with ECT(1). */
    public long ect1() {
        return ect1;
    }

    /** Packets received with Congestion Experienced. */
    public long ce() {
        return ce;
    }

    private void onEliciting(long packetNumber, boolean congestionExperienced, long nowNs) {
        unackedEliciting++;
        // RFC 9000 §13.2.1: at once when out of order, behind a gap, or marked; else every second packet.
        boolean disordered = packetNumber < largestEliciting || isBehindGap(packetNumber);
        largestEliciting = Math.max(largestEliciting, packetNumber);
        if (disordered || congestionExperienced || unackedEliciting >= MAX_UNACKED_ELICITING || !delayed) {
            immediate = true;
            deadlineNs = Math.min(deadlineNs, nowNs);
        } else {
            deadlineNs = Math.min(deadlineNs, nowNs + maxAckDelayNs);
        }
    }

    /** Whether packets are missing between this one and the highest ack-eliciting one before it. */
    private boolean isBehindGap(long packetNumber) {
        if (packetNumber < floor) {
            return false;
        }
        int range = received.indexOfFirstEndingAfter(packetNumber);
        return received.from(range) > Math.max(largestEliciting + 1, floor);
    }

    private int lowestRangeWithin(int room, int last) {
        int lowest = last;
        while (lowest > 0) {
            long gap = received.from(lowest) - received.to(lowest - 1) - 1;
            long length = received.to(lowest - 1) - received.from(lowest - 1) - 1;
            room -= AckFrame.rangeSize(gap, length);
            if (room < 0) {
                break;
            }
            lowest--;
        }
        return lowest;
    }

    private void count(int ecn) {
        switch (ecn) {
            case ECN_ECT0 -> ect0++;
            case ECN_ECT1 -> ect1++;
            case ECN_CE -> ce++;
            default -> throw new IllegalArgumentException("ECN bits " + ecn + " are outside 0..3");
        }
    }
}
