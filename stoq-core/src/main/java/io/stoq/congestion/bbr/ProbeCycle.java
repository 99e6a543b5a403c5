package io.stoq.congestion.bbr;

/** Where the flow is between two bandwidth probes, and what the last one has taught. §5.3.3 */
final class ProbeCycle {

    /** What acknowledgments tell of at the moment. */
    enum Feedback {
        NONE,
        REFILLING,
        STARTING,
        PROBING,
        STOPPING
    }

    private final BbrParameters parameters;
    private long random;
    private Feedback feedback = Feedback.NONE;
    private boolean probeSample;
    private boolean wentTooHigh;
    private boolean precautionary;
    private long startedNs;
    private long waitNs;
    private long firstRound;

    ProbeCycle(BbrParameters parameters, long seed) {
        this.parameters = parameters;
        random = seed;
    }

    Feedback feedback() {
        return feedback;
    }

    void feedback(Feedback now) {
        feedback = now;
    }

    /** Whether losses are still this probe's: answered once, at most. */
    boolean isProbeSample() {
        return probeSample;
    }

    void probeSample(boolean from) {
        probeSample = from;
    }

    /** The last probe lost too much. */
    boolean wentTooHigh() {
        return wentTooHigh;
    }

    void wentTooHigh(boolean so) {
        wentTooHigh = so;
    }

    /** The last probe stopped where the one before had failed. */
    boolean wasPrecautionary() {
        return precautionary;
    }

    void precautionary(boolean so) {
        precautionary = so;
    }

    /** A probe ended: picks at random when the next one is due, so that flows do not probe in step. */
    void begin(long nowNs, long round) {
        startedNs = nowNs;
        waitNs = parameters.probeWaitNs() + Math.floorMod(next(), parameters.probeWaitRandomNs());
        firstRound = round - (next() & 1);
    }

    boolean isProbeDue(Model model) {
        if (model.nowNs() - startedNs > waitNs) {
            return true;
        }
        // Reno would have won a datagram per round trip since then: what it could have filled is given back.
        long renoRounds = model.targetInFlightBytes() / model.window.datagramBytes();
        return model.rounds.count() - firstRound >= Math.min(renoRounds, parameters.probeWaitRounds());
    }

    /** SplitMix64. */
    private long next() {
        random += 0x9e37_79b9_7f4a_7c15L;
        long mixed = (random ^ random >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
        return mixed ^ mixed >>> 31;
    }
}
