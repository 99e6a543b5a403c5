package io.stoq.transport.qlog;

import io.stoq.CloseReason;
import io.stoq.telemetry.ConnectionSink;
import io.stoq.telemetry.RecoveryMetrics;
import io.stoq.wire.TransportParameters;
import io.stoq.wire.frame.FrameSink;
import java.net.InetSocketAddress;

/** Notes one connection's events as numbers, for {@link Qlog}. Confined to the connection's loop; formats and writes nothing. */
final class Recorder implements ConnectionSink {

    /** Events do not wait longer than this for others to be written with them, once another one comes. */
    private static final long FLUSH_NS = 500_000_000;

    private final Qlog qlog;
    private final Trace trace;
    private final FrameNotes frames = new FrameNotes();
    private EventBlock block;
    private long blockSinceNs;
    private int eventAt;
    private long dropped;
    private String state;

    /** Something authentic was sent or received: the connection is worth a file. */
    private boolean begun;

    Recorder(Qlog qlog, Trace trace) {
        this.qlog = qlog;
        this.trace = trace;
        if (begin(EventBlock.STARTED, trace.origin.nowNs())) {
            end();
        }
    }

    @Override
    public boolean wantsPackets() {
        return isTaken();
    }

    @Override
    public boolean wantsRecovery() {
        return isTaken();
    }

    private boolean isTaken() {
        return !trace.isClosed() && !qlog.isStopped();
    }

    @Override
    public void onParameters(long nowNs, boolean local, TransportParameters parameters) {
        frames.parameters(local, parameters);
        if (begin(EventBlock.PARAMETERS, nowNs)) {
            put(local ? 1 : 0);
            block.objects.add(parameters);
            end();
        }
    }

    @Override
    public void onHandshakeComplete(long nowNs, String applicationProtocol) {
        if (begin(EventBlock.HANDSHAKE_COMPLETE, nowNs)) {
            block.objects.add(applicationProtocol);
            end();
        }
    }

    @Override
    public FrameSink onPacket(long nowNs, boolean sent, int level, long packetNumber, int bytes) {
        begun = true;
        if (begin(sent ? EventBlock.PACKET_SENT : EventBlock.PACKET_RECEIVED, nowNs)) {
            put(level);
            put(packetNumber);
            put(bytes);
            frames.begin(block, eventAt + EventBlock.EVENT_WORDS, sent, level);
        } else {
            frames.ignore();
        }
        return frames;
    }

    @Override
    public void onPacketEnd() {
        if (frames.end()) {
            end();
        }
    }

    @Override
    public void onPacketDropped(long nowNs, int level, int bytes, boolean duplicate) {
        if (begin(EventBlock.PACKET_DROPPED, nowNs)) {
            put(level);
            put(bytes);
            put(duplicate ? 1 : 0);
            end();
        }
    }

    @Override
    public void onPacketLost(long nowNs, int level, long packetNumber, boolean mtuProbe) {
        if (begin(EventBlock.PACKET_LOST, nowNs)) {
            put(level);
            put(packetNumber);
            put(mtuProbe ? 1 : 0);
            end();
        }
    }

    @Override
    public void onProbeTimeout(long nowNs, int level, int count) {
        if (begin(EventBlock.PROBE_TIMEOUT, nowNs)) {
            put(level);
            end();
        }
    }

    @Override
    public void onRecovery(long nowNs, RecoveryMetrics metrics) {
        if (begin(EventBlock.METRICS, nowNs)) {
            put(metrics.minRttNs);
            put(metrics.smoothedRttNs);
            put(metrics.latestRttNs);
            put(metrics.rttVarianceNs);
            put(metrics.ptoCount);
            put(metrics.windowBytes);
            put(metrics.bytesInFlight);
            put(metrics.pacingRateBytesPerSecond);
            end();
        }
        if (!metrics.controllerState.equals(state) && begin(EventBlock.CONTROLLER_STATE, nowNs)) {
            block.objects.add(state);
            block.objects.add(metrics.controllerState);
            state = metrics.controllerState;
            end();
        }
    }

    @Override
    public void onPathChanged(long nowNs, InetSocketAddress remote) {
        if (begin(EventBlock.PATH_CHANGED, nowNs)) {
            block.objects.add(remote);
            end();
        }
    }

    @Override
    public void onClosed(long nowNs, CloseReason reason) {
        if (begin(EventBlock.CLOSED, nowNs)) {
            block.objects.add(reason);
            end();
        }
    }

    @Override
    public void onGone() {
        qlog.onGone(this);
    }

    /** Hands over what there is, as the last; the loop calls no more, or has ended. */
    void finish() {
        EventBlock rest = block;
        block = null;
        if (begun) {
            qlog.finish(trace, rest);
        } else {
            qlog.discard(rest);
        }
    }

    /** Whether the event is taken; its numbers and then {@link #end()} follow. */
    private boolean begin(int kind, long nowNs) {
        if (!isTaken()) {
            return false;
        }
        if (block != null && (block.isFull() || nowNs - blockSinceNs > FLUSH_NS)) {
            qlog.handOver(block);
            block = null;
        }
        if (block == null && !take(nowNs)) {
            dropped++;
            qlog.onDropped();
            return false;
        }
        start(kind, nowNs);
        return true;
    }

    private boolean take(long nowNs) {
        block = qlog.takeBlock(trace);
        if (block == null) {
            return false;
        }
        blockSinceNs = nowNs;
        if (dropped > 0) {
            start(EventBlock.DROPPED, nowNs);
            put(dropped);
            end();
            dropped = 0;
        }
        return true;
    }

    private void start(int kind, long nowNs) {
        eventAt = block.length;
        put(kind);
        put(0);
        put(nowNs - trace.origin.nowNs());
    }

    private void put(long word) {
        block.words[block.length++] = word;
    }

    private void end() {
        block.words[eventAt + 1] = block.length - eventAt;
    }
}
