package io.stoq.transport.telemetry;

import io.stoq.CloseReason;
import io.stoq.telemetry.ConnectionSink;
import io.stoq.telemetry.RecoveryMetrics;
import io.stoq.telemetry.Telemetry;
import io.stoq.wire.TransportParameters;
import io.stoq.wire.frame.FrameSink;
import java.net.InetSocketAddress;

/** Tells two of what happens inside a connection; of packets the second one only. */
public final class PairedSinks implements ConnectionSink {

    private final ConnectionSink first;
    private final ConnectionSink second;

    private PairedSinks(ConnectionSink first, ConnectionSink second) {
        this.first = first;
        this.second = second;
    }

    /** @param first is told of everything but packets */
    public static Telemetry of(Telemetry first, Telemetry second) {
        return origin -> {
            ConnectionSink one = first.open(origin);
            ConnectionSink other = second.open(origin);
            return other == NONE ? one : new PairedSinks(one, other);
        };
    }

    @Override
    public boolean wantsPackets() {
        return second.wantsPackets();
    }

    @Override
    public boolean wantsRecovery() {
        return first.wantsRecovery() || second.wantsRecovery();
    }

    @Override
    public void onParameters(long nowNs, boolean local, TransportParameters parameters) {
        first.onParameters(nowNs, local, parameters);
        second.onParameters(nowNs, local, parameters);
    }

    @Override
    public void onHandshakeComplete(long nowNs, String applicationProtocol) {
        first.onHandshakeComplete(nowNs, applicationProtocol);
        second.onHandshakeComplete(nowNs, applicationProtocol);
    }

    @Override
    public FrameSink onPacket(long nowNs, boolean sent, int level, long packetNumber, int bytes) {
        return second.onPacket(nowNs, sent, level, packetNumber, bytes);
    }

    @Override
    public void onPacketEnd() {
        second.onPacketEnd();
    }

    @Override
    public void onPacketDropped(long nowNs, int level, int bytes, boolean duplicate) {
        first.onPacketDropped(nowNs, level, bytes, duplicate);
        second.onPacketDropped(nowNs, level, bytes, duplicate);
    }

    @Override
    public void onPacketLost(long nowNs, int level, long packetNumber, boolean mtuProbe) {
        first.onPacketLost(nowNs, level, packetNumber, mtuProbe);
        second.onPacketLost(nowNs, level, packetNumber, mtuProbe);
    }

    @Override
    public void onPacketsLost(long nowNs, int packets, long bytes, boolean persistentCongestion) {
        first.onPacketsLost(nowNs, packets, bytes, persistentCongestion);
        second.onPacketsLost(nowNs, packets, bytes, persistentCongestion);
    }

    @Override
    public void onProbeTimeout(long nowNs, int level, int count) {
        first.onProbeTimeout(nowNs, level, count);
        second.onProbeTimeout(nowNs, level, count);
    }

    @Override
    public void onRecovery(long nowNs, RecoveryMetrics metrics) {
        if (first.wantsRecovery()) {
            first.onRecovery(nowNs, metrics);
        }
        if (second.wantsRecovery()) {
            second.onRecovery(nowNs, metrics);
        }
    }

    @Override
    public void onPathChanged(long nowNs, InetSocketAddress remote) {
        first.onPathChanged(nowNs, remote);
        second.onPathChanged(nowNs, remote);
    }

    @Override
    public void onClosed(long nowNs, CloseReason reason) {
        first.onClosed(nowNs, reason);
        second.onClosed(nowNs, reason);
    }

    @Override
    public void onGone() {
        first.onGone();
        second.onGone();
    }
}
