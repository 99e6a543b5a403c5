package io.stoq.connection;

import io.stoq.buffer.Transmit;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.path.MtuDiscovery;
import io.stoq.path.Path;

/**
 * Takes what is found out about the active path's MTU to those who depend on it, and asks whether a probe is due. On the
 * connection's loop. RFC 9000 §14.
 */
final class PathMtu {

    private PathMtu() {}

    /** The handshake is complete: datagrams may be larger than its own. */
    static void begin(Connection connection) {
        long peerBytes = connection.handshake.peerParameters().maxUdpPayloadSize();
        connection.paths.datagramLimit(
                (int) Math.min(connection.config.datagramSize().sendBytes(), peerBytes));
        apply(connection);
    }

    /** The size of the probe to send now, or 0. */
    static int pollProbe(Connection connection, long nowNs, Transmit out) {
        Path path = connection.paths.active();
        // What a probe timeout sends comes first, and a path must be known to be the peer's. RFC 9000 §8.2, §9.3.
        if (!path.isValidated()
                || !connection.handshake.isConfirmed()
                || connection.recovery.pendingProbes(EncryptionLevel.APPLICATION) > 0) {
            return 0;
        }
        long windowBytes = connection.recovery.controller().windowBytes();
        long memoryBytes = out.memory.byteSize() + path.mtu.datagramBytes();
        return path.mtu.pollProbe(nowNs, Math.min(windowBytes, memoryBytes), connection.recovery.sendAllowanceBytes());
    }

    /** Packets were acknowledged or lost. */
    static void settle(Connection connection) {
        MtuDiscovery mtu = connection.paths.active().mtu;
        if (connection.recovery.pollBlackHole()) {
            mtu.onBlackHole();
        }
        if (mtu.datagramBytes() != connection.recovery.maxDatagramBytes()) {
            apply(connection);
            connection.listener.onDatagramSize(connection);
        }
    }

    /** The machine did not send a datagram of this size. */
    static void onTooLong(Connection connection, int bytes) {
        long probe = connection.paths.active().mtu.onTooLong(bytes);
        if (probe >= 0) {
            connection.recovery.onMtuProbeRefused(probe);
        }
        settle(connection);
    }

    private static void apply(Connection connection) {
        connection.recovery.onMaxDatagramSize(connection.datagramBytes());
        connection.datagrams.packetRoom(connection.packetRoomBytes());
    }
}
