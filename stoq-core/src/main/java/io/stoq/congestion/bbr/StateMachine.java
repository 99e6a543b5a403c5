package io.stoq.congestion.bbr;

/** Goes from state to state, and does what several of them have in common. §5.1, §5.3 */
final class StateMachine {

    final Model model;
    final ProbeCycle cycle;
    final IdleRestart idle = new IdleRestart();

    final Startup startup;
    final Drain drain;
    final ProbeBwDown down;
    final ProbeBwCruise cruise;
    final ProbeBwRefill refill;
    final ProbeBwUp up;
    final ProbeRtt probeRtt;

    private State state;

    StateMachine(Model model, long seed) {
        this.model = model;
        cycle = new ProbeCycle(model.parameters, seed);
        startup = new Startup(this);
        drain = new Drain(this);
        down = new ProbeBwDown(this);
        cruise = new ProbeBwCruise(this);
        refill = new ProbeBwRefill(this);
        up = new ProbeBwUp(this);
        probeRtt = new ProbeRtt(this);
        state = startup;
    }

    State state() {
        return state;
    }

    Phase phase() {
        return state.phase;
    }

    /** @throws IllegalStateException the draft has no such transition */
    void enter(State next) {
        if (!state.phase.mayLeadTo(next.phase)) {
            throw new IllegalStateException(state.phase + " does not lead to " + next.phase);
        }
        state = next;
        next.enter();
    }

    /** The model is up to date but for the round trip time. */
    void onAck() {
        if (state == startup) {
            startup.onAck();
        }
        if (state == drain) {
            drain.onAck();
        }
        if (model.fullPipe.wasReached() && !adaptLongTerm() && phase().isProbeBw()) {
            state.onAck();
        }
    }

    /** The round trip time is up to date as well. */
    void onRtt() {
        if (state != probeRtt && model.minRtt.isProbeDue() && !idle.isRestarting()) {
            enter(probeRtt);
        }
        if (state == probeRtt) {
            probeRtt.onAck();
        }
        if (model.delivery.sampleDelivered() > 0) {
            idle.onDelivered();
        }
    }

    /** The flow goes on after its application had nothing to send. §5.4.1 */
    void onRestartFromIdle() {
        idle.begin();
        if (state == probeRtt) {
            probeRtt.leaveWhenDone();
        }
    }

    /** Raises the long-term bound to what was shown to be safe; returns whether it has changed the state. §5.3.3.6 */
    private boolean adaptLongTerm() {
        boolean roundStart = model.rounds.isStart();
        if (roundStart && cycle.feedback() == ProbeCycle.Feedback.STARTING) {
            cycle.feedback(ProbeCycle.Feedback.PROBING);
        }
        if (roundStart && cycle.feedback() == ProbeCycle.Feedback.STOPPING && onProbeAnswered()) {
            return true;
        }
        if (!model.longTerm.isSet() || model.isSampleTooHigh()) {
            return false;
        }
        model.longTerm.raiseTo(model.delivery.sampleInFlight());
        if (state == up) {
            model.longTerm.grow(model.window, model.delivery.newlyAckedBytes(), roundStart);
        }
        return false;
    }

    /** The last acknowledgments of a probe's packets are in. */
    private boolean onProbeAnswered() {
        cycle.probeSample(false);
        cycle.feedback(ProbeCycle.Feedback.NONE);
        if (!phase().isProbeBw()) {
            return false;
        }
        if (!model.delivery.isSampleLimited()) {
            model.maxBandwidth.advance();
        }
        if (cycle.wasPrecautionary() && !cycle.wentTooHigh()) {
            enter(refill); // there was room where the probe before had failed: this time, stay
            return true;
        }
        return false;
    }

    /** A probe lost, or had marked, more than it may. §5.5.10.2 */
    void onInflightTooHigh(long inFlightBytes, boolean applicationLimited) {
        cycle.wentTooHigh(true);
        cycle.probeSample(false);
        if (!applicationLimited) {
            model.longTerm.set(Math.max(
                    inFlightBytes, Rates.percent(model.targetInFlightBytes(), model.parameters.betaPercent())));
        }
        if (state == up) {
            model.undo.onPhaseLeft(Phase.PROBE_BW_UP);
            enter(down);
        }
    }

    /** None of the packets lost of late was lost. §5.5.11.2 */
    void onSpuriousLosses() {
        model.window.restore();
        model.losses.forgetLosses();
        model.fullPipe.restart(0);
        Phase left = model.undo.undo(model.shortTerm, model.longTerm);
        if (left == Phase.STARTUP && state != startup) {
            model.fullPipe.forgetReached();
            if (state != probeRtt) {
                enter(startup);
            }
        } else if (left == Phase.PROBE_BW_UP && state != up && state != refill && state != probeRtt) {
            enter(refill);
        }
    }
}
