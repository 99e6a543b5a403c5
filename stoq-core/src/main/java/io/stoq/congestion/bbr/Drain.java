package io.stoq.congestion.bbr;

/** Takes the queue back that Startup has built. §5.3.2 */
final class Drain extends State {

    private long startRound;

    Drain(StateMachine machine) {
        super(
                Phase.DRAIN,
                machine.model.parameters.drainPacingPercent(),
                machine.model.parameters.windowPercent(),
                machine);
    }

    @Override
    void enter() {
        startRound = model.rounds.count();
    }

    @Override
    void onAck() {
        int rounds = model.parameters.drainRounds();
        // An estimate that other flows have made too high is never reached: the next cycle corrects it.
        boolean tooLong = rounds > 0 && model.rounds.count() > startRound + rounds;
        if (tooLong || model.bytesInFlight() <= model.inFlightBytes(model.bandwidth(), 100)) {
            machine.enter(machine.down);
        }
    }

    @Override
    long longTermCapBytes() {
        return Rates.INFINITE;
    }
}
