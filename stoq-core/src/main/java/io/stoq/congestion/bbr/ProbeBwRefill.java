package io.stoq.congestion.bbr;

/** Forgets what recent losses said and fills the pipe for a round trip, so that the probe starts from a full one. §5.3.3.3 */
final class ProbeBwRefill extends State {

    ProbeBwRefill(StateMachine machine) {
        super(Phase.PROBE_BW_REFILL, 100, machine.model.parameters.windowPercent(), machine);
    }

    @Override
    void enter() {
        model.shortTerm.reset();
        model.longTerm.resetGrowth();
        machine.cycle.precautionary(false);
        machine.cycle.feedback(ProbeCycle.Feedback.REFILLING);
        model.restartRound();
    }

    @Override
    void onAck() {
        if (model.rounds.isStart()) {
            machine.cycle.probeSample(true);
            machine.enter(machine.up);
        }
    }
}
