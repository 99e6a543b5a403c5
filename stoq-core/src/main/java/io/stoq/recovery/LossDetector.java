package io.stoq.recovery;

/**
 * Declares packets lost, or forgets them, and tells those who depend on it. Confined to the connection's loop. RFC 9002 §6.1.
 */
final class LossDetector {

    /** RFC 9002 §6.1.1. */
    private static final int PACKET_THRESHOLD = 3;

    /** RFC 9002 §7.6.1. */
    private static final int PERSISTENT_CONGESTION_THRESHOLD = 3;

    private final Flight flight;
    private final Ecn ecn;
    private final LargeLosses largeLosses;
    private final SentFrameListener frames;
    private final LostBatch batch = new LostBatch();

    long lostPackets;
    long lostBytes;
    long persistentCongestions;

    LossDetector(Flight flight, Ecn ecn, LargeLosses largeLosses, SentFrameListener frames) {
        this.flight = flight;
        this.ecn = ecn;
        this.largeLosses = largeLosses;
        this.frames = frames;
    }

    /** RFC 9002 §A.10. What is left below the largest acknowledged packet are PACKET_THRESHOLD - 1 packets at most. */
    void detect(PacketSpace space, long nowNs) {
        SentPackets sent = space.sent;
        long delayNs = flight.rtt.lossDelayNs();
        long largestAcked = sent.largestAcked();
        space.lossTimeNs = Long.MAX_VALUE;
        batch.reset();
        for (long number = sent.floor(); number < largestAcked; number++) {
            if (sent.isAcked(number)) {
                batch.breakRun();
                largeLosses.onAcked(sent.bytes(number));
            } else if (sent.isOutstanding(number)) {
                long sentNs = sent.sentNs(number);
                if (largestAcked - number >= PACKET_THRESHOLD || nowNs - sentNs >= delayNs) {
                    if (sent.isInFlight(number)) {
                        frames.onPacketLost(space.number, number, sent.isMtuProbe(number), nowNs);
                    }
                    onLost(space, number);
                } else if (sent.isInFlight(number)) {
                    space.lossTimeNs = Math.min(space.lossTimeNs, sentNs + delayNs);
                }
            }
        }
        sent.settle();
        if (batch.bytes() > 0) {
            reportBatch(nowNs);
        }
    }

    /** Gives up one packet, which says nothing of congestion by itself. */
    void giveUp(PacketSpace space, long number) {
        onLost(space, number);
        space.sent.settle();
    }

    /** Forgets all packets of a space. */
    void drop(PacketSpace space, boolean report) {
        SentPackets sent = space.sent;
        for (long number = sent.floor(); number < sent.nextPacketNumber(); number++) {
            if (sent.isOutstanding(number) && sent.isInFlight(number)) {
                flight.bytes -= number >= space.pathStart ? sent.bytes(number) : 0;
                if (sent.isEct(number)) {
                    ecn.onForgotten(space, number);
                }
                if (report) {
                    sent.reportLost(space.number, number, frames);
                }
            }
        }
        space.clear();
    }

    private void onLost(PacketSpace space, long number) {
        SentPackets sent = space.sent;
        boolean inFlight = sent.isInFlight(number);
        if (inFlight && sent.isMtuProbe(number)) {
            flight.bytes -= number >= space.pathStart ? sent.bytes(number) : 0;
        } else if (inFlight) {
            countLost(space, number);
        }
        sent.markLost(number);
        if (inFlight) {
            sent.reportLost(space.number, number, frames);
        }
    }

    private void countLost(PacketSpace space, long number) {
        SentPackets sent = space.sent;
        int bytes = sent.bytes(number);
        largeLosses.onLost(number, bytes);
        lostPackets++;
        lostBytes += bytes;
        if (sent.isEct(number)) {
            ecn.onLost(space, number);
        }
        if (number >= space.pathStart) {
            long sentNs = sent.sentNs(number);
            flight.bytes -= bytes;
            batch.add(number, sentNs, bytes);
            flight.controller.onPacketLost(number, bytes, sentNs, sent.columns(), sent.columnsAt(number));
            // RFC 9002 §7.6.2: both ends are ack-eliciting and later than the first sample.
            if (sent.isAckEliciting(number) && sentNs > flight.rtt.firstSampleNs()) {
                batch.extendRun(sentNs);
            }
        }
    }

    private void reportBatch(long nowNs) {
        boolean persistent = batch.longestRunNs() > PERSISTENT_CONGESTION_THRESHOLD * flight.ptoNs();
        flight.controller.onPacketsLost(nowNs, batch.largest(), batch.largestSentNs(), batch.bytes(), persistent);
        frames.onPacketsLost(batch.packets(), batch.bytes(), persistent, nowNs);
        if (persistent) {
            persistentCongestions++;
            flight.rtt.onPersistentCongestion();
        }
    }
}
