package io.stoq.congestion.bbr;

/** Sends less than the path carries: drains the probe's queue, and leaves room for others. §5.3.3.1 */
final class ProbeBwDown extends State {

    ProbeBwDown(StateMachine machine) {
        super(
                Phase.PROBE_BW_DOWN,
                machine.model.parameters.downPacingPercent(),
                machine.model.parameters.windowPercent(),
                machine);
    }

    @Override
    void enter() {
        model.resetCongestionSignals();
        model.longTerm.stopGrowing();
        machine.cycle.begin(model.nowNs(), model.rounds.count());
        machine.cycle.feedback(ProbeCycle.Feedback.STOPPING);
        model.restartRound();
    }

    @Override
    void onAck() {
        if (machine.cycle.isProbeDue(model)) {
            machine.enter(machine.refill);
        } else if (isDrained()) {
            machine.enter(machine.cruise);
        }
    }

    private boolean isDrained() {
        return model.bytesInFlight() <= model.longTerm.withHeadroom(model.window)
                && model.bytesInFlight() <= model.inFlightBytes(model.maxBandwidth.bytesPerSecond(), 100);
    }
}
