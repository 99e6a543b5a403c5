package io.stoq.congestion.bbr;

/**
 * The constants of BBR. Gains and shares are percent; all that distinguishes the two versions is here.
 *
 * @param startupPacingPercent StartupPacingGain: the least with which the rate can double each round, 4 ln 2
 * @param startupWindowPercent the window in Startup, of the bandwidth-delay product
 * @param startupQueueWindowPercent the same once a queue is building up, where more is not in flight already; the draft's is
 *     that of {@code startupWindowPercent}
 * @param startupLossRanges StartupFullLossCnt: runs of lost packets in a round trip that may end Startup
 * @param drainPacingPercent DrainPacingGain
 * @param drainRounds round trips after which Drain ends even if the queue is still there; 0 for no limit
 * @param downPacingPercent pacing in ProbeBW_DOWN
 * @param upPacingPercent pacing in ProbeBW_UP
 * @param upWindowPercent window in ProbeBW_UP
 * @param upQueueRounds ProbeBW_UP ends after so many round trips with more than upPacingPercent in flight; 0: when more rate
 *     brings no more delivery
 * @param precautionaryProbes after a probe that went too high, the next one stops where that one failed
 * @param windowPercent DefaultCwndGain: the window in all other states but ProbeRTT
 * @param queueAllowanceNs while probing, room in the window for so much of a queue that others keep; 0 in the draft
 * @param lossThresholdPercent LossThresh: lost of what was in flight, above which a probe went too high
 * @param toleratedLossPercent lost of a round trip's packets without the short-term bounds going down, and made up for by
 *     pacing; 0 in the draft
 * @param betaPercent Beta: what is left of a bound after a round trip with losses, at least
 * @param headroomPercent Headroom: of the long-term bound, left to others while cruising
 * @param probeRttWindowPercent ProbeRTTCwndGain
 * @param probeRttIntervalNs ProbeRTTInterval: between two visits of ProbeRTT
 * @param probeRttDurationNs ProbeRTTDuration
 * @param minRttFilterNs MinRTTFilterLen: how long a shortest round trip is believed
 * @param probeWaitNs between two bandwidth probes, and up to {@code probeWaitRandomNs} more
 * @param probeWaitRandomNs the random share
 * @param probeWaitRounds round trips after which to probe in any case, so that flows of Reno's kind are not outrun
 * @param pacingMarginPercent PacingMarginPercent: how far below the estimate packets leave
 * @param extraAckedRounds ExtraAckedFilterLen
 * @param offloadQuanta how many send quanta have to fit into the window, so that offloads of both hosts stay busy
 */
public record BbrParameters(
        int startupPacingPercent,
        int startupWindowPercent,
        int startupQueueWindowPercent,
        int startupLossRanges,
        int drainPacingPercent,
        int drainRounds,
        int downPacingPercent,
        int upPacingPercent,
        int upWindowPercent,
        int upQueueRounds,
        boolean precautionaryProbes,
        int windowPercent,
        long queueAllowanceNs,
        int lossThresholdPercent,
        int toleratedLossPercent,
        int betaPercent,
        int headroomPercent,
        int probeRttWindowPercent,
        long probeRttIntervalNs,
        long probeRttDurationNs,
        long minRttFilterNs,
        long probeWaitNs,
        long probeWaitRandomNs,
        int probeWaitRounds,
        int pacingMarginPercent,
        int extraAckedRounds,
        int offloadQuanta) {

    private static final long SECOND_NS = 1_000_000_000L;
    private static final int MAX_GAIN_PERCENT = 1_000;

    public BbrParameters {
        requireGain("startupPacingPercent", startupPacingPercent, 101);
        requireGain("startupWindowPercent", startupWindowPercent, 101);
        requireGain("startupQueueWindowPercent", startupQueueWindowPercent, 101);
        requireGain("drainPacingPercent", drainPacingPercent, 1);
        requireGain("downPacingPercent", downPacingPercent, 1);
        requireGain("upPacingPercent", upPacingPercent, 101);
        requireGain("upWindowPercent", upWindowPercent, 101);
        requireGain("windowPercent", windowPercent, 100);
        requireGain("probeRttWindowPercent", probeRttWindowPercent, 1);
        requireShare("lossThresholdPercent", lossThresholdPercent);
        requireShare("toleratedLossPercent", toleratedLossPercent);
        requireShare("betaPercent", betaPercent);
        requireShare("headroomPercent", headroomPercent);
        requireShare("pacingMarginPercent", pacingMarginPercent);
        requireAtLeast("startupLossRanges", startupLossRanges, 1);
        requireAtLeast("upQueueRounds", upQueueRounds, 0);
        requireAtLeast("queueAllowanceNs", queueAllowanceNs, 0);
        requireAtLeast("drainRounds", drainRounds, 0);
        requireAtLeast("probeWaitRounds", probeWaitRounds, 1);
        requireAtLeast("extraAckedRounds", extraAckedRounds, 1);
        requireAtLeast("offloadQuanta", offloadQuanta, 1);
        requireAtLeast("probeRttIntervalNs", probeRttIntervalNs, 1);
        requireAtLeast("probeRttDurationNs", probeRttDurationNs, 1);
        requireAtLeast("minRttFilterNs", minRttFilterNs, probeRttIntervalNs);
        requireAtLeast("probeWaitNs", probeWaitNs, 1);
        requireAtLeast("probeWaitRandomNs", probeWaitRandomNs, 1);
    }

    /** BBRv2: draft-cardwell-iccrg-bbr-congestion-control-02, and what was done with it. */
    public static BbrParameters v2() {
        return preset(8, 35, 0, 200, 2, false, 2, 10 * SECOND_NS, 0);
    }

    /** BBRv3: draft-ietf-ccwg-bbr-06. */
    public static BbrParameters v3() {
        return preset(6, 50, 3, 225, 0, true, 0, 5 * SECOND_NS, 1);
    }

    /** Takes what the versions differ in. */
    private static BbrParameters preset(
            int startupLossRanges,
            int drainPacingPercent,
            int drainRounds,
            int upWindowPercent,
            int upQueueRounds,
            boolean precautionaryProbes,
            int toleratedLossPercent,
            long probeRttIntervalNs,
            int pacingMarginPercent) {
        int startupPacingPercent = 277;
        int startupWindowPercent = 200;
        int startupQueueWindowPercent = 140;
        int downPacingPercent = 90;
        int upPacingPercent = 125;
        int windowPercent = 200;
        int lossThresholdPercent = 2;
        int betaPercent = 70;
        int headroomPercent = 15;
        int probeRttWindowPercent = 50;
        int probeWaitRounds = 63;
        int extraAckedRounds = 10;
        int offloadQuanta = 3;
        return new BbrParameters(
                startupPacingPercent,
                startupWindowPercent,
                startupQueueWindowPercent,
                startupLossRanges,
                drainPacingPercent,
                drainRounds,
                downPacingPercent,
                upPacingPercent,
                upWindowPercent,
                upQueueRounds,
                precautionaryProbes,
                windowPercent,
                SECOND_NS * 3 / 100,
                lossThresholdPercent,
                toleratedLossPercent,
                betaPercent,
                headroomPercent,
                probeRttWindowPercent,
                probeRttIntervalNs,
                SECOND_NS / 5,
                10 * SECOND_NS,
                2 * SECOND_NS,
                SECOND_NS,
                probeWaitRounds,
                pacingMarginPercent,
                extraAckedRounds,
                offloadQuanta);
    }

    private static void requireGain(String name, int percent, int least) {
        if (percent < least || percent > MAX_GAIN_PERCENT) {
            throw new IllegalArgumentException(name + " " + percent + " is outside " + least + ".." + MAX_GAIN_PERCENT);
        }
    }

    private static void requireShare(String name, int percent) {
        if (percent < 0 || percent > 99) {
            throw new IllegalArgumentException(name + " " + percent + " is outside 0..99");
        }
    }

    private static void requireAtLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " " + value + " is less than " + least);
        }
    }
}
