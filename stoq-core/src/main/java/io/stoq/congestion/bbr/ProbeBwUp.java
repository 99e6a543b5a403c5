package io.stoq.congestion.bbr;

/** Sends more than was delivered so far, to find out whether the path carries more. §5.3.3.4 */
final class ProbeBwUp extends State {

    private int queuedRounds;

    ProbeBwUp(StateMachine machine) {
        super(
                Phase.PROBE_BW_UP,
                machine.model.parameters.upPacingPercent(),
                machine.model.parameters.upWindowPercent(),
                machine);
    }

    @Override
    void enter() {
        queuedRounds = 0;
        machine.cycle.feedback(ProbeCycle.Feedback.STARTING);
        model.restartRound();
        model.fullPipe.restart(model.delivery.sampleRate());
        model.longTerm.steepen(model.window);
    }

    @Override
    void onAck() {
        if (isOver()) {
            machine.cycle.wentTooHigh(false); // so far
            machine.enter(machine.down);
        }
    }

    private boolean isOver() {
        if (model.parameters.precautionaryProbes()
                && machine.cycle.wentTooHigh()
                && model.bytesInFlight() >= model.longTerm.bytes()) {
            machine.cycle.precautionary(true);
            return true;
        }
        if (model.window.isLimiting() && model.window.bytes() >= model.longTerm.bytes()) {
            model.fullPipe.restart(model.delivery.sampleRate()); // the bound is what limits, not the path
            return false;
        }
        return model.parameters.upQueueRounds() == 0 ? model.fullPipe.isFull() : isQueueBuilt();
    }

    /** Round trips in a row at whose end a queue was there. */
    private boolean isQueueBuilt() {
        if (model.rounds.isStart()) {
            queuedRounds = isQueueing() ? queuedRounds + 1 : 0;
        }
        return queuedRounds >= model.parameters.upQueueRounds();
    }

    private boolean isQueueing() {
        // Where the window is what offloads need, far above the bandwidth-delay product, more does not fit in flight.
        long full = model.window.isLimiting() ? model.window.bytes() - model.window.datagramBytes() : Rates.INFINITE;
        long queue = model.inFlightBytes(model.maxBandwidth.bytesPerSecond(), pacingPercent);
        return model.bytesInFlight() >= Math.min(queue, full);
    }
}
