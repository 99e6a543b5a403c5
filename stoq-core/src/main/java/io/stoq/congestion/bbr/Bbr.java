package io.stoq.congestion.bbr;

import io.stoq.congestion.CongestionController;
import io.stoq.congestion.CongestionParameters;

/**
 * BBR: sends at the rate at which the path was seen to deliver, and keeps no more in flight than that takes.
 * draft-ietf-ccwg-bbr-06; section numbers in this package are that draft's.
 *
 * <p>This is the order of events; the {@link Model} keeps what is known of the path, the {@link StateMachine} decides when to
 * probe for more. Nothing is allocated after construction. A clock that stands still or steps back yields no samples.
 */
public final class Bbr implements CongestionController {

    private static final long NONE = Long.MIN_VALUE;

    private final String name;
    private final MonotonicClock clock = new MonotonicClock();
    private final Model model;
    private final StateMachine machine;

    /** Packets sent since then end the recovery period. RFC 9002 §7.3.2 */
    private long recoveryStartNs = NONE;

    private long newestAckedNs;
    private boolean started;

    /** @param name as reported */
    public Bbr(String name, BbrParameters parameters, CongestionParameters start) {
        this.name = name;
        model = new Model(parameters, start);
        machine = new StateMachine(model, start.seed());
    }

    /** The mission's BBR: {@link BbrParameters#v2()}. */
    public static Bbr v2(CongestionParameters start) {
        return new Bbr("bbr2", BbrParameters.v2(), start);
    }

    /** The draft's: {@link BbrParameters#v3()}. */
    public static Bbr v3(CongestionParameters start) {
        return new Bbr("bbr3", BbrParameters.v3(), start);
    }

    /** For tests. */
    Model model() {
        return model;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int packetColumns() {
        return DeliveryRate.COLUMNS;
    }

    @Override
    public void onPacketSent(
            long nowNs, long packetNumber, int bytes, long bytesInFlightBefore, long[] columns, int at) {
        model.nowNs(clock.advanceTo(nowNs));
        if (bytesInFlightBefore == 0) {
            onEmptyPipe();
        }
        model.delivery.onPacketSent(model.nowNs(), bytes, bytesInFlightBefore, columns, at);
        model.bytesInFlight(bytesInFlightBefore + bytes);
        model.window.onPacketSent(model.bytesInFlight());
    }

    private void onEmptyPipe() {
        if (!started || model.delivery.isApplicationLimited()) {
            model.extraAcked.restart(model.nowNs());
        }
        started = true;
        if (model.delivery.isApplicationLimited()) {
            machine.onRestartFromIdle();
            if (machine.phase().isProbeBw()) {
                model.pacing.update(model.bandwidth(), 100, model.fullPipe.wasReached());
            }
        }
    }

    @Override
    public void onApplicationLimited(long bytesInFlight) {
        model.delivery.onApplicationLimited(bytesInFlight);
    }

    // ---- acknowledgments. §5.2.3

    @Override
    public void onAckBegin(long nowNs, long bytesInFlightBefore, boolean applicationLimited) {
        model.nowNs(clock.advanceTo(nowNs));
        model.bytesInFlight(bytesInFlightBefore);
        model.delivery.onAckBegin();
        newestAckedNs = NONE;
    }

    @Override
    public void onPacketAcked(long packetNumber, int bytes, long sentNs, long[] columns, int at) {
        long ourSentNs = clock.past(sentNs);
        newestAckedNs = Math.max(newestAckedNs, ourSentNs);
        model.delivery.onPacketAcked(model.nowNs(), packetNumber, bytes, ourSentNs, columns, at);
        model.bytesInFlight(model.bytesInFlight() - bytes);
    }

    @Override
    public void onAckEnd(long nowNs, long bytesInFlight, long rttSampleNs, long smoothedRttNs, long minRttNs) {
        model.bytesInFlight(bytesInFlight);
        if (rttSampleNs > 0) {
            model.pacing.onRtt(smoothedRttNs);
        }
        model.delivery.onAckEnd(minRttNs);
        if (!model.delivery.hasSample()) {
            return;
        }
        endRecovery();
        updateModel();
        machine.onAck();
        model.minRtt.onAck(model.nowNs(), rttSampleNs);
        updateDelay(rttSampleNs);
        machine.onRtt();
        model.losses.onAckEnd(model.delivery);
        model.boundBandwidth();
        updateControl();
    }

    private void updateModel() {
        DeliveryRate delivery = model.delivery;
        model.losses.onAckBegin(delivery);
        model.rounds.onAck(delivery);
        if (model.rounds.isStart()) {
            model.window.onRoundStart();
            model.lossShare.onRoundStart(delivery.deliveredBytes(), delivery.lostBytes());
        }
        model.maxBandwidth.onSample(delivery.sampleRate(), delivery.isSampleLimited());
        model.shortTerm.onShareAsked(machine.state().askedPercent());
        if (model.losses.isRoundOver()) {
            boolean lowers = model.losses.isLossInRound() && !machine.phase().isAccelerating();
            model.shortTerm.onRoundOver(
                    lowers,
                    model.losses,
                    model.losses.carriedPerMille(delivery.deliveredBytes()),
                    model.maxBandwidth.bytesPerSecond(),
                    model.window.bytes());
        }
        model.boundBandwidth();
        model.extraAcked.onAck(
                model.nowNs(),
                delivery.newlyAckedBytes(),
                model.bandwidth(),
                model.window.bytes(),
                model.rounds.count(),
                model.fullPipe.wasReached() ? model.parameters.extraAckedRounds() : 1);
        model.fullPipe.onAck(model.rounds.isStart(), delivery);
    }

    private void updateDelay(long rttSampleNs) {
        if (model.delivery.isSampleLimited()) {
            model.delay.restart();
        } else {
            model.delay.onAck(model.rounds.isStart(), rttSampleNs, model.minRtt.ns());
        }
    }

    /** §5.6 */
    private void updateControl() {
        State state = machine.state();
        boolean full = model.fullPipe.wasReached();
        model.pacing.update(model.lossShare.replaced(model.bandwidth()), state.pacingPercent, full);
        model.window.onAck(
                model.delivery.newlyAckedBytes(),
                model.maxInFlightBytes(state.phase, state.windowPercent),
                full,
                model.delivery.deliveredBytes());
        if (state == machine.probeRtt) {
            model.window.limitTo(machine.probeRtt.windowBytes());
        }
        if (state == machine.startup) {
            model.window.limitTo(machine.startup.limitBytes());
        }
        model.window.limitTo(Math.min(state.longTermCapBytes(), model.shortTerm.inFlight()));
    }

    // ---- congestion. §5.5.10

    @Override
    public void onPacketLost(long packetNumber, int bytes, long sentNs, long[] columns, int at) {
        DeliveryRate delivery = model.delivery;
        delivery.onPacketLost(bytes);
        model.bytesInFlight(model.bytesInFlight() - bytes);
        if (model.losses.onPacketLost(packetNumber, bytes, delivery.deliveredBytes())) {
            beginEpisode(packetNumber);
        }
        model.undo.onPacketLost();
        long congested = delivery.congestedSince(columns, at);
        long inFlight = DeliveryRate.inFlightWith(columns, at);
        if (machine.cycle.isProbeSample() && model.isTooHigh(congested, inFlight)) {
            machine.onInflightTooHigh(inFlightAtLoss(bytes, congested, inFlight), DeliveryRate.wasLimited(columns, at));
        }
    }

    private void beginEpisode(long packetNumber) {
        model.window.save(recoveryStartNs != NONE || machine.phase() == Phase.PROBE_RTT);
        model.undo.beginEpisode(packetNumber, model.shortTerm, model.longTerm);
    }

    /** How much was in flight when losses crossed the threshold, which may have been within this packet. */
    private long inFlightAtLoss(int bytes, long congested, long inFlight) {
        int threshold = model.parameters.lossThresholdPercent();
        long inFlightBefore = inFlight - bytes;
        long lostBefore = congested - bytes;
        long prefix = (Rates.percent(inFlightBefore, threshold) - lostBefore) * 100 / (100 - threshold);
        return inFlightBefore + Math.clamp(prefix, 0, bytes);
    }

    @Override
    public void onPacketsLost(
            long nowNs, long largestLost, long largestLostSentNs, long lostBytes, boolean persistentCongestion) {
        model.nowNs(clock.advanceTo(nowNs));
        if (recoveryStartNs == NONE) {
            recoveryStartNs = model.nowNs();
        }
        if (persistentCongestion) {
            model.window.save(true);
            model.window.collapse();
            recoveryStartNs = model.nowNs();
        }
    }

    /** A packet sent since recovery began was acknowledged: the window is what it was before. §5.6.4.4 */
    private void endRecovery() {
        if (recoveryStartNs != NONE && newestAckedNs > recoveryStartNs) {
            recoveryStartNs = NONE;
            if (machine.phase() != Phase.PROBE_RTT) {
                model.window.restore();
            }
        }
    }

    /** A mark counts as the loss of a datagram that arrives nevertheless. */
    @Override
    public void onCongestionExperienced(long nowNs, long sentNs, long markedPackets) {
        DeliveryRate delivery = model.delivery;
        long markedBytes = Math.min(markedPackets * model.window.datagramBytes(), delivery.newlyAckedBytes());
        delivery.onMarked(markedBytes);
        if (model.losses.onMarked(markedPackets, markedBytes, delivery.deliveredBytes())) {
            beginEpisode(Long.MAX_VALUE);
        }
        if (machine.cycle.isProbeSample() && delivery.hasSample() && model.isSampleTooHigh()) {
            machine.onInflightTooHigh(delivery.sampleInFlight(), delivery.isSampleLimited());
        }
    }

    @Override
    public void onSpuriousLoss(long nowNs, long packetNumber, int bytes, long sentNs) {
        model.nowNs(clock.advanceTo(nowNs));
        model.delivery.onFound(bytes);
        if (model.undo.onFound(packetNumber)) {
            machine.onSpuriousLosses();
        }
    }

    @Override
    public void onMaxDatagramSize(int bytes) {
        model.window.onMaxDatagramSize(bytes);
    }

    // ---- what follows for the sender

    @Override
    public long windowBytes() {
        return model.window.bytes();
    }

    @Override
    public long pacingRateBytesPerSecond() {
        return model.pacing.bytesPerSecond();
    }

    @Override
    public long sendQuantumBytes() {
        return model.pacing.quantumBytes();
    }

    @Override
    public String state() {
        return machine.phase().label();
    }

    @Override
    public long bandwidthBytesPerSecond() {
        return model.bandwidth();
    }
}
