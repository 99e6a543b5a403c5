package io.stoq.pool.policy;

import io.stoq.pool.PoolConfig;

/** Judges one connection by what it does, against the history of its endpoint. */
final class Health {

    /** Looks without a finding before a degraded connection is healthy again. */
    private static final int GOOD_LOOKS = 3;

    /** Packets between two looks below which their loss says nothing. */
    private static final long ENOUGH_PACKETS = 50;

    private final PoolConfig.Health config;
    private final History history;
    private Sample last;
    private long heardNs;
    private long probeTimeoutsWhenHeard;
    private int errors;
    private int missedPings;
    private int goodLooks;
    private long awaitedSincePackets = -1;
    private String finding;

    /** What a look led to. */
    enum Verdict {
        HEALTHY,
        DEGRADED,
        BROKEN
    }

    Health(long nowNs, PoolConfig.Health config, History history) {
        this.config = config;
        this.history = history;
        this.heardNs = nowNs;
    }

    void onError() {
        errors++;
    }

    /** A PING goes out right behind a sample; what is received from here on answers it. */
    void onPing() {
        awaitedSincePackets = last.packetsReceived();
    }

    boolean awaitsAnswer() {
        return awaitedSincePackets >= 0;
    }

    /** The ping's deadline passed, and nothing was received in the sample of just now, or there is no sample. */
    Verdict onPingMissed() {
        missedPings++;
        awaitedSincePackets = -1;
        finding = missedPings + " PING" + (missedPings == 1 ? "" : "s") + " without an answer within "
                + config.pingDeadline().toMillis() + " ms";
        goodLooks = 0;
        return missedPings >= config.pingMisses() ? Verdict.BROKEN : Verdict.DEGRADED;
    }

    Verdict onSample(long nowNs, Sample sample) {
        Sample before = last;
        last = sample;
        if (before == null || sample.packetsReceived() > before.packetsReceived()) {
            heardNs = nowNs;
            probeTimeoutsWhenHeard = sample.probeTimeouts();
        }
        if (awaitsAnswer() && sample.packetsReceived() > awaitedSincePackets) {
            awaitedSincePackets = -1;
            missedPings = 0;
        }
        long silentProbes = sample.probeTimeouts() - probeTimeoutsWhenHeard;
        if (silentProbes >= config.probeTimeoutsBroken()) {
            finding = silentProbes + " probe timeouts with nothing heard";
            return Verdict.BROKEN;
        }
        finding = findingOf(nowNs, sample, before, silentProbes);
        errors = 0;
        goodLooks = finding == null ? goodLooks + 1 : 0;
        return goodLooks >= GOOD_LOOKS ? Verdict.HEALTHY : finding == null ? null : Verdict.DEGRADED;
    }

    private String findingOf(long nowNs, Sample sample, Sample before, long silentProbes) {
        String slow = slowness(sample, before == null || sample.packetsReceived() > before.packetsReceived());
        String lossy = before == null ? null : lossiness(sample, before);
        if (missedPings > 0) {
            return missedPings + " PINGs without an answer";
        }
        if (silentProbes >= config.probeTimeoutsDegraded()) {
            return silentProbes + " probe timeouts with nothing heard";
        }
        if (sample.bytesInFlight() > 0 && nowNs - heardNs >= config.stall().toNanos()) {
            return "bytes in flight, and nothing heard for " + (nowNs - heardNs) / 1_000_000 + " ms";
        }
        if (errors >= config.errors()) {
            return errors + " errors reported";
        }
        return slow != null ? slow : lossy;
    }

    private String slowness(Sample sample, boolean fresh) {
        long rttNs = sample.smoothedRttNs();
        if (rttNs == 0) {
            return null;
        }
        boolean slow = history.knowsRtt()
                && rttNs > config.rttFloor().toNanos()
                && rttNs > config.rttFactor() * history.rttNs();
        String usual =
                slow ? "round trip of " + rttNs / 1000 + " us, usual are " + (long) history.rttNs() / 1000 : null;
        if (fresh) {
            history.onRtt(rttNs, !slow);
        }
        return usual;
    }

    private String lossiness(Sample sample, Sample before) {
        long sent = sample.packetsSent() - before.packetsSent();
        if (sent < ENOUGH_PACKETS) {
            return null;
        }
        double share = (double) (sample.packetsLost() - before.packetsLost()) / sent;
        boolean lossy =
                history.knowsLoss() && share > config.lossFloor() && share > config.lossFactor() * history.loss();
        String usual = lossy
                ? "loss of " + Math.round(share * 1000) / 10.0 + " %, usual are "
                        + Math.round(history.loss() * 1000) / 10.0
                : null;
        history.onLoss(share, !lossy);
        return usual;
    }

    /** When something was last seen to be received. */
    long heardNs() {
        return heardNs;
    }

    String finding() {
        return finding;
    }
}
