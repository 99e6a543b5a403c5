package io.stoq.bench.lab.report;

import java.util.LinkedHashMap;
import java.util.Map;

/** Gives each state of a controller a colour: those that are known always the same, others in their order. */
final class States {

    private static final Map<String, String> KNOWN = Map.of(
            "Startup", "startup",
            "slow start", "startup",
            "Drain", "drain",
            "ProbeBW_DOWN", "down",
            "ProbeBW_CRUISE", "cruise",
            "congestion avoidance", "cruise",
            "ProbeBW_REFILL", "refill",
            "ProbeBW_UP", "up",
            "ProbeRTT", "rtt",
            "recovery", "drain");

    private final Map<String, String> styles = new LinkedHashMap<>();

    String style(String state) {
        return styles.computeIfAbsent(state, name -> "s-" + KNOWN.getOrDefault(name, "other" + styles.size() % 3));
    }

    /** All that were asked for, in that order. */
    Map<String, String> seen() {
        return styles;
    }
}
