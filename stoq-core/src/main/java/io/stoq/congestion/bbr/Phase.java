package io.stoq.congestion.bbr;

/** The states of BBR, and which may follow which. §5.1.1 */
enum Phase {
    STARTUP("Startup"),
    DRAIN("Drain"),
    PROBE_BW_DOWN("ProbeBW_DOWN"),
    PROBE_BW_CRUISE("ProbeBW_CRUISE"),
    PROBE_BW_REFILL("ProbeBW_REFILL"),
    PROBE_BW_UP("ProbeBW_UP"),
    PROBE_RTT("ProbeRTT");

    private final String label;

    Phase(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    boolean isProbeBw() {
        return this == PROBE_BW_DOWN || this == PROBE_BW_CRUISE || this == PROBE_BW_REFILL || this == PROBE_BW_UP;
    }

    /** Whether the flow sends more on purpose, so that losses are an answer rather than news. */
    boolean isAccelerating() {
        return this == STARTUP || this == PROBE_BW_REFILL || this == PROBE_BW_UP;
    }

    /** Startup and REFILL are also what a spurious loss leads back to. */
    boolean mayLeadTo(Phase next) {
        return switch (this) {
            case STARTUP -> next == DRAIN || next == PROBE_RTT;
            case DRAIN -> next == PROBE_BW_DOWN || next == PROBE_RTT || next == STARTUP;
            case PROBE_BW_DOWN ->
                next == PROBE_BW_CRUISE || next == PROBE_BW_REFILL || next == PROBE_RTT || next == STARTUP;
            case PROBE_BW_CRUISE -> next == PROBE_BW_REFILL || next == PROBE_RTT || next == STARTUP;
            case PROBE_BW_REFILL -> next == PROBE_BW_UP || next == PROBE_RTT || next == STARTUP;
            case PROBE_BW_UP -> next == PROBE_BW_DOWN || next == PROBE_RTT || next == STARTUP;
            case PROBE_RTT -> next == PROBE_BW_DOWN || next == STARTUP;
        };
    }
}
