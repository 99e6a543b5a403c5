package io.stoq.pool.policy;

/** How an endpoint's connections usually are: moving averages over all of them, slow enough to outlast one bad connection. */
final class History {

    /** Samples before there is a history to judge by. */
    static final int ENOUGH = 8;

    private static final double OF_GOOD = 1 / 16.0;

    /** A bad connection changes the history too, so that a path that became longer is accepted in the end. */
    private static final double OF_BAD = 1 / 256.0;

    private double rttNs;
    private double loss;
    private int rttSamples;
    private int lossSamples;

    void onRtt(long sampleNs, boolean good) {
        rttNs = rttSamples == 0 ? sampleNs : rttNs + (good ? OF_GOOD : OF_BAD) * (sampleNs - rttNs);
        rttSamples++;
    }

    void onLoss(double share, boolean good) {
        loss = lossSamples == 0 ? share : loss + (good ? OF_GOOD : OF_BAD) * (share - loss);
        lossSamples++;
    }

    boolean knowsRtt() {
        return rttSamples >= ENOUGH;
    }

    boolean knowsLoss() {
        return lossSamples >= ENOUGH;
    }

    double rttNs() {
        return rttNs;
    }

    double loss() {
        return loss;
    }
}
