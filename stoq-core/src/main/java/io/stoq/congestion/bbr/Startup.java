package io.stoq.congestion.bbr;

/** Doubles the rate each round trip, until that brings no more or too much is lost. §5.3.1 */
final class Startup extends State {

    Startup(StateMachine machine) {
        super(
                Phase.STARTUP,
                machine.model.parameters.startupPacingPercent(),
                machine.model.parameters.startupWindowPercent(),
                machine);
    }

    @Override
    void enter() {}

    @Override
    void onAck() {
        if (isLossHigh()) {
            model.undo.onPhaseLeft(Phase.STARTUP);
            model.fullPipe.markReached();
            model.longTerm.set(
                    Math.max(model.bdpBytes(model.maxBandwidth.bytesPerSecond(), 100), model.losses.latestDelivered()));
        }
        if (model.fullPipe.wasReached()) {
            machine.enter(machine.drain);
        }
    }

    /** A full round trip with losses, many of them, and in many places. */
    private boolean isLossHigh() {
        return model.losses.isRoundOver() && isLosing();
    }

    /** Whether it looks as if this round trip was Startup's last: what is lost need not be replaced until that is clear. */
    boolean isLosing() {
        return model.losses.events() >= model.parameters.startupLossRanges() && model.isSampleTooHigh();
    }

    /**
     * Keeps what is in flight from growing, or from growing fast, where the path shows that it is full. The draft goes on to
     * two bandwidth-delay products, and a shallow buffer loses what is beyond it; still, a path that only seemed full is
     * found to carry more, by more than the quarter that tells growth from a plateau.
     */
    long limitBytes() {
        long standing = model.bytesInFlight() + model.delivery.newlyAckedBytes();
        if (isLosing()) {
            return standing;
        }
        if (model.delay.isQueueBuilding()) {
            return Math.max(standing, model.maxInFlightBytes(phase, model.parameters.startupQueueWindowPercent()));
        }
        return Rates.INFINITE;
    }

    @Override
    long longTermCapBytes() {
        return Rates.INFINITE;
    }
}
