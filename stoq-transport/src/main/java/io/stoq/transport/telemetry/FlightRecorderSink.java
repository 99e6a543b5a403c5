package io.stoq.transport.telemetry;

import io.stoq.CloseReason;
import io.stoq.telemetry.ConnectionSink;
import io.stoq.telemetry.RecoveryMetrics;
import io.stoq.telemetry.Telemetry;
import java.net.InetSocketAddress;
import java.util.HexFormat;

/**
 * One connection's events for Java Flight Recorder. A recording may begin and end at any time, so each connection has one;
 * where an event is not recorded it costs the question whether it is.
 */
final class FlightRecorderSink implements ConnectionSink {

    /** Names of the levels, as numbered by {@link io.stoq.crypto.EncryptionLevel}. */
    private static final String[] LEVELS = {"initial", "handshake", "application"};

    private final Telemetry.Origin origin;
    private InetSocketAddress remote;
    private String state;
    private String id;

    FlightRecorderSink(Telemetry.Origin origin) {
        this.origin = origin;
        this.remote = origin.remote();
    }

    @Override
    public boolean wantsRecovery() {
        return ControllerStateEvent.TYPE.isEnabled();
    }

    @Override
    public void onHandshakeComplete(long nowNs, String applicationProtocol) {
        if (ConnectionOpenedEvent.TYPE.isEnabled()) {
            ConnectionOpenedEvent event = of(new ConnectionOpenedEvent());
            event.remote = remote.toString();
            event.handshakeTime = nowNs - origin.nowNs();
            event.commit();
        }
    }

    @Override
    public void onPacketsLost(long nowNs, int packets, long bytes, boolean persistentCongestion) {
        if (PacketLossEvent.TYPE.isEnabled()) {
            PacketLossEvent event = of(new PacketLossEvent());
            event.packets = packets;
            event.bytes = bytes;
            event.persistentCongestion = persistentCongestion;
            event.commit();
        }
    }

    @Override
    public void onProbeTimeout(long nowNs, int level, int count) {
        if (ProbeTimeoutEvent.TYPE.isEnabled()) {
            ProbeTimeoutEvent event = of(new ProbeTimeoutEvent());
            event.level = LEVELS[level];
            event.count = count;
            event.commit();
        }
    }

    @Override
    public void onRecovery(long nowNs, RecoveryMetrics metrics) {
        if (metrics.controllerState.equals(state)) {
            return;
        }
        ControllerStateEvent event = of(new ControllerStateEvent());
        event.controller = metrics.controller;
        event.oldState = state;
        event.newState = metrics.controllerState;
        event.window = metrics.windowBytes;
        event.bytesInFlight = metrics.bytesInFlight;
        event.pacingRate = metrics.pacingRateBytesPerSecond;
        event.smoothedRtt = metrics.smoothedRttNs;
        event.commit();
        state = metrics.controllerState;
    }

    @Override
    public void onPathChanged(long nowNs, InetSocketAddress address) {
        if (ConnectionMigratedEvent.TYPE.isEnabled()) {
            ConnectionMigratedEvent event = of(new ConnectionMigratedEvent());
            event.oldRemote = remote.toString();
            event.newRemote = address.toString();
            event.commit();
        }
        remote = address;
    }

    @Override
    public void onClosed(long nowNs, CloseReason reason) {
        if (ConnectionClosedEvent.TYPE.isEnabled()) {
            ConnectionClosedEvent event = of(new ConnectionClosedEvent());
            event.reason = reason.describe();
            switch (reason) {
                case CloseReason.Application(long code, String _, boolean byPeer) -> {
                    event.code = code;
                    event.byPeer = byPeer;
                }
                case CloseReason.Transport(long code, long _, String _, boolean byPeer) -> {
                    event.code = code;
                    event.byPeer = byPeer;
                }
                case CloseReason.Tls tls -> {
                    event.code = tls.alert();
                    event.byPeer = tls.byPeer();
                }
                case CloseReason.StatelessReset _ -> event.byPeer = true;
                case CloseReason.VersionNegotiation _ -> event.byPeer = true;
                case CloseReason.IdleTimeout _ -> event.byPeer = false;
                case CloseReason.HandshakeTimeout _ -> event.byPeer = false;
            }
            event.commit();
        }
    }

    private <E extends ConnectionEvent> E of(E event) {
        if (id == null) {
            id = HexFormat.of().formatHex(origin.localId());
        }
        event.connectionId = id;
        event.server = origin.server();
        return event;
    }
}
