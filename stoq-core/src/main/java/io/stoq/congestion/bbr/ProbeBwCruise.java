package io.stoq.congestion.bbr;

/** Sends what the path delivers, and follows it down when it loses. §5.3.3.2 */
final class ProbeBwCruise extends State {

    ProbeBwCruise(StateMachine machine) {
        super(Phase.PROBE_BW_CRUISE, 100, machine.model.parameters.windowPercent(), machine);
    }

    @Override
    void enter() {}

    @Override
    void onAck() {
        if (machine.cycle.isProbeDue(model)) {
            machine.enter(machine.refill);
        }
    }

    @Override
    long longTermCapBytes() {
        return model.longTerm.withHeadroom(model.window);
    }
}
