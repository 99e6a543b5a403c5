package io.stoq.bench.lab.scenario;

import static io.stoq.bench.lab.Quantities.toMs;

import io.stoq.bench.lab.FlowTrace;
import io.stoq.bench.lab.Outcome;

/** BBR's states, as {@code CongestionController.state()} calls them, and what scenarios ask about them. */
final class States {

    static final String STARTUP = "Startup";
    static final String DRAIN = "Drain";
    static final String UP = "ProbeBW_UP";
    static final String PROBE_RTT = "ProbeRTT";

    private States() {}

    /** When the pipe was found to be full. */
    static long endOfStartupNs(Outcome outcome) {
        return outcome.flow().leftNs(STARTUP);
    }

    /** When the queue that Startup made was gone, in the controller's belief. */
    static long endOfDrainNs(Outcome outcome) {
        return outcome.flow().leftNs(DRAIN);
    }

    /** How far the belief in the bandwidth is from the link's, in percent of the latter. */
    static double bandwidthErrorPercent(Outcome outcome, long ns) {
        return bandwidthErrorPercent(outcome, ns, outcome.link().bitsPerSecond());
    }

    static double bandwidthErrorPercent(Outcome outcome, long ns, long bitsPerSecond) {
        return 100 * Math.abs(outcome.flow().bandwidthMbit(ns) * 1e6 / bitsPerSecond - 1);
    }

    /** Round trips that a datagram of usual size takes, beside the queue. */
    static double baseRttMs(Outcome outcome) {
        return toMs(outcome.link().rttNs() + 1424 * 8e9 / outcome.link().bitsPerSecond());
    }

    /** From the first time that the belief was at least that share of the link's rate to the end of Startup. */
    static double roundsFromShare(Outcome outcome, double share) {
        FlowTrace flow = outcome.flow();
        double wanted = share * outcome.link().bitsPerSecond() / 8;
        long reachedNs = flow.samples().stream()
                .filter(sample -> sample.bandwidthBytesPerSecond() >= wanted)
                .mapToLong(sample -> sample.atNs())
                .findFirst()
                .orElse(0);
        long leftNs = endOfStartupNs(outcome);
        return toMs(leftNs - reachedNs) / flow.meanRttMs(reachedNs, leftNs);
    }
}
