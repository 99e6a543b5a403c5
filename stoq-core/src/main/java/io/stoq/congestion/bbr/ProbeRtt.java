package io.stoq.congestion.bbr;

/** Empties the pipe by half for a moment, so that the round trip is seen without anybody's queue. §5.3.4 */
final class ProbeRtt extends State {

    private static final long NOT_YET = Long.MIN_VALUE;

    private long doneNs;
    private boolean roundDone;

    /** A bandwidth probe was under way, whose answer never comes. */
    private boolean cutProbeShort;

    ProbeRtt(StateMachine machine) {
        super(Phase.PROBE_RTT, 100, machine.model.parameters.probeRttWindowPercent(), machine);
    }

    @Override
    void enter() {
        model.window.save(false);
        doneNs = NOT_YET;
        cutProbeShort = machine.cycle.feedback() != ProbeCycle.Feedback.NONE;
        machine.cycle.feedback(ProbeCycle.Feedback.STOPPING);
        model.restartRound();
    }

    @Override
    void onAck() {
        model.delivery.onApplicationLimited(model.bytesInFlight()); // low rates on purpose
        if (doneNs == NOT_YET) {
            if (model.bytesInFlight() <= windowBytes()) {
                doneNs = model.nowNs() + model.parameters.probeRttDurationNs();
                roundDone = false;
                model.restartRound();
            }
            return;
        }
        roundDone |= model.rounds.isStart();
        if (roundDone) {
            leaveWhenDone();
        }
    }

    /** Asked as well when the flow goes on after a pause: it need not be slow any more. */
    void leaveWhenDone() {
        if (doneNs == NOT_YET || model.nowNs() <= doneNs) {
            return;
        }
        model.minRtt.onProbed(model.nowNs());
        if (cutProbeShort) {
            // Behind a long queue that happens each time, and what the path has carried once would be believed for
            // ever.
            model.maxBandwidth.advance();
        }
        model.window.restore();
        model.shortTerm.reset();
        if (model.fullPipe.wasReached()) {
            machine.enter(machine.down);
            machine.enter(machine.cruise); // drained it is
        } else {
            machine.enter(machine.startup);
        }
    }

    long windowBytes() {
        return Math.max(model.bdpBytes(model.bandwidth(), windowPercent), model.window.minBytes());
    }

    @Override
    long longTermCapBytes() {
        return model.longTerm.withHeadroom(model.window);
    }
}
