package io.stoq.telemetry;

import io.stoq.CloseReason;
import io.stoq.wire.TransportParameters;
import io.stoq.wire.frame.FrameSink;
import java.net.InetSocketAddress;

/**
 * Is told what happens inside one connection. Called on the connection's loop, from inside the engine: implementations
 * return at once, throw nothing, call nothing of the connection, and keep nothing that they are lent.
 *
 * <p>Packets and recovery are told only to those who ask for them. Spaces and levels are numbered as in
 * {@link io.stoq.crypto.EncryptionLevel}.
 */
public interface ConnectionSink {

    /** Wants to know nothing. */
    ConnectionSink NONE = new ConnectionSink() {};

    /** Whether packets and frames are told now; asked for each packet. */
    default boolean wantsPackets() {
        return false;
    }

    /** Whether {@link #onRecovery} is told now; asked for each acknowledgement. */
    default boolean wantsRecovery() {
        return false;
    }

    /** What one side says about itself. */
    default void onParameters(long nowNs, boolean local, TransportParameters parameters) {}

    /** RFC 9001 §4.1.1. */
    default void onHandshakeComplete(long nowNs, String applicationProtocol) {}

    /**
     * A packet was sent, or one that is authentic and new arrived; its frames go to the answer, until {@link #onPacketEnd()}.
     * Data that is told with frames is not there: only its place and length are.
     *
     * @param bytes of the packet, with header and tag
     */
    default FrameSink onPacket(long nowNs, boolean sent, int level, long packetNumber, int bytes) {
        throw new IllegalStateException("this sink wants no packets");
    }

    default void onPacketEnd() {}

    /** A packet could not be opened, or came twice. */
    default void onPacketDropped(long nowNs, int level, int bytes, boolean duplicate) {}

    /** A packet was declared lost; {@link #onPacketsLost} follows for all that were at one go. */
    default void onPacketLost(long nowNs, int level, long packetNumber, boolean mtuProbe) {}

    /** Packets were declared lost. RFC 9002 §6.1 */
    default void onPacketsLost(long nowNs, int packets, long bytes, boolean persistentCongestion) {}

    /**
     * Nothing was acknowledged for so long that probes are sent. RFC 9002 §6.2
     *
     * @param count how many times in a row
     */
    default void onProbeTimeout(long nowNs, int level, int count) {}

    /** Packets were acknowledged or lost. */
    default void onRecovery(long nowNs, RecoveryMetrics metrics) {}

    /** The connection goes on over another path. RFC 9000 §9 */
    default void onPathChanged(long nowNs, InetSocketAddress remote) {}

    /** The connection can no longer be used; packets that say so may follow. */
    default void onClosed(long nowNs, CloseReason reason) {}

    /** The connection is forgotten, or never came to be; nothing follows. */
    default void onGone() {}
}
