package io.stoq.congestion.bbr;

/**
 * What to go back to when all of an episode's losses turn out to be none. §5.5.11
 *
 * <p>An episode begins with the first loss of a round trip. It was spurious when each packet lost since then was acknowledged.
 */
final class SpuriousLoss {

    private Phase leftPhase;
    private long rate;
    private long inFlight;
    private long longTerm;
    private long firstLost;
    private long missing;

    void beginEpisode(long packetNumber, ShortTermBounds shortTerm, LongTermBound bound) {
        leftPhase = null;
        rate = shortTerm.rate();
        inFlight = shortTerm.inFlight();
        longTerm = bound.bytes();
        firstLost = packetNumber;
        missing = 0;
    }

    void onPacketLost() {
        missing++;
    }

    /** This phase was left for the losses' sake. */
    void onPhaseLeft(Phase phase) {
        leftPhase = phase;
    }

    /** Whether that was the last one that the episode missed. */
    boolean onFound(long packetNumber) {
        if (packetNumber < firstLost || missing == 0) {
            return false;
        }
        missing--;
        return missing == 0;
    }

    /** Raises the bounds to what they were; returns the phase that was left, or null. */
    Phase undo(ShortTermBounds shortTerm, LongTermBound bound) {
        shortTerm.raiseTo(rate, inFlight);
        bound.raiseTo(longTerm);
        Phase left = leftPhase;
        leftPhase = null;
        return left;
    }
}
