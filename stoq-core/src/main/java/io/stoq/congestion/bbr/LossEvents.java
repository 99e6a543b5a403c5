package io.stoq.congestion.bbr;

/**
 * What was lost in the current round trip, and what was delivered in it. §5.5.10.3
 *
 * <p>A run of lost packets is one event: a burst that overflowed something once is no sign of a full pipe.
 */
final class LossEvents {

    private long roundEnd;
    private boolean roundOver;
    private boolean lossInRound;
    private int events;
    private long lastLost = -2;
    private long congestedBytes;
    private long roundDelivered;
    private boolean marked;
    private long latestRate;
    private long latestDelivered;

    /** Whether this is the first one of the round trip. */
    boolean onPacketLost(long packetNumber, int bytes, long deliveredBytes) {
        events += packetNumber == lastLost + 1 ? 0 : 1;
        lastLost = packetNumber;
        return noteCongestion(bytes, deliveredBytes);
    }

    /** Each mark is an event of its own: queues that mark do so one by one. */
    boolean onMarked(long packets, long bytes, long deliveredBytes) {
        events = (int) Math.min(events + packets, Integer.MAX_VALUE);
        marked = true;
        return noteCongestion(bytes, deliveredBytes);
    }

    private boolean noteCongestion(long bytes, long deliveredBytes) {
        boolean first = !lossInRound;
        if (first) {
            roundEnd = deliveredBytes;
            roundDelivered = deliveredBytes;
            congestedBytes = 0;
            lossInRound = true;
        }
        congestedBytes += bytes;
        return first;
    }

    void onAckBegin(DeliveryRate delivery) {
        latestRate = Math.max(latestRate, delivery.sampleRate());
        latestDelivered = Math.max(latestDelivered, delivery.sampleDelivered());
        roundOver = delivery.hasSample() && delivery.priorDelivered() >= roundEnd;
        if (roundOver) {
            roundEnd = delivery.deliveredBytes();
        }
    }

    void onAckEnd(DeliveryRate delivery) {
        if (roundOver) {
            latestRate = delivery.sampleRate();
            latestDelivered = delivery.sampleDelivered();
            forgetLosses();
        }
    }

    void reset() {
        forgetLosses();
        latestRate = 0;
        latestDelivered = 0;
    }

    /** What was lost turned out not to be. */
    void forgetLosses() {
        lossInRound = false;
        marked = false;
        events = 0;
    }

    /** Whether this ACK frame ended a full round trip since the first loss. */
    boolean isRoundOver() {
        return roundOver;
    }

    boolean isLossInRound() {
        return lossInRound;
    }

    int events() {
        return events;
    }

    /** Whether some of it was a mark rather than a loss. */
    boolean isMarked() {
        return marked;
    }

    /** Of what came out of the path in this round trip, and what should have, the share that did: in 1/1000. */
    long carriedPerMille(long deliveredBytes) {
        long carried = Math.max(0, deliveredBytes - roundDelivered);
        return carried == 0 ? 0 : carried * 1000 / (carried + congestedBytes);
    }

    /** BBR.bw_latest. */
    long latestRate() {
        return latestRate;
    }

    /** BBR.inflight_latest. */
    long latestDelivered() {
        return latestDelivered;
    }
}
