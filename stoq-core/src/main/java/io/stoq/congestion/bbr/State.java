package io.stoq.congestion.bbr;

/** One state of BBR: how much it sends, and when it is over. */
abstract sealed class State permits Startup, Drain, ProbeBwDown, ProbeBwCruise, ProbeBwRefill, ProbeBwUp, ProbeRtt {

    final Phase phase;
    final int pacingPercent;
    final int windowPercent;
    final Model model;
    final StateMachine machine;

    State(Phase phase, int pacingPercent, int windowPercent, StateMachine machine) {
        this.phase = phase;
        this.pacingPercent = pacingPercent;
        this.windowPercent = windowPercent;
        this.machine = machine;
        model = machine.model;
    }

    abstract void enter();

    /** An ACK frame was worked into the model: is it time for another state? */
    abstract void onAck();

    /** How much of what the path is believed to carry this state sends, at most all of it. */
    final int askedPercent() {
        return Math.min(100, Math.min(pacingPercent, windowPercent));
    }

    /** The most in flight that the long-term bound leaves to this state. */
    long longTermCapBytes() {
        return model.longTerm.bytes();
    }
}
