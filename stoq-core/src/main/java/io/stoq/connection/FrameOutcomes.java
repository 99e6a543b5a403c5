package io.stoq.connection;

import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentFrameListener;

/** Tells each component what became of the frames that it had sent. Confined to the connection's loop. */
final class FrameOutcomes implements SentFrameListener {

    private final Connection connection;

    FrameOutcomes(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void onPacketLost(int space, long packetNumber, boolean mtuProbe, long nowNs) {
        connection.sink.onPacketLost(nowNs, space, packetNumber, mtuProbe);
    }

    @Override
    public void onPacketsLost(int packets, long bytes, boolean persistentCongestion, long nowNs) {
        connection.sink.onPacketsLost(nowNs, packets, bytes, persistentCongestion);
    }

    @Override
    public void onProbeTimeout(int space, int count, long nowNs) {
        connection.sink.onProbeTimeout(nowNs, space, count);
    }

    @Override
    public void onFrameAcked(int space, int kind, long a, long b, int c) {
        switch (kind) {
            case SentFrame.STREAM -> connection.streams.onFrameAcked(kind, a, b, c);
            case SentFrame.ACK -> connection.acks[space].onAckAcknowledged(a);
            case SentFrame.CRYPTO -> connection.handshake.crypto(space).onFrameAcked(a, c);
            case SentFrame.DATAGRAM -> connection.datagrams.onFrameAcked(kind, a, b, c);
            case SentFrame.NEW_CONNECTION_ID -> connection.localIds.onFrameAcked(kind, a);
            case SentFrame.RETIRE_CONNECTION_ID -> connection.peerIds.onFrameAcked(kind, a);
            case SentFrame.MTU_PROBE -> connection.paths.onMtuProbeAcked(a);
            case SentFrame.PING, SentFrame.PATH_CHALLENGE, SentFrame.HANDSHAKE_DONE -> {}
            case SentFrame.NEW_TOKEN -> connection.paths.tokens.onFrameAcked(a);
            default -> connection.streams.onFrameAcked(kind, a, b, c);
        }
    }

    @Override
    public void onFrameLost(int space, int kind, long a, long b, int c) {
        switch (kind) {
            case SentFrame.STREAM -> connection.streams.onFrameLost(kind, a, b, c);
            case SentFrame.ACK, SentFrame.PING, SentFrame.PATH_CHALLENGE -> {
                // Acknowledgements are superseded, PINGs have done their work, challenges have a timer of their own.
            }
            case SentFrame.CRYPTO -> connection.handshake.crypto(space).onFrameLost(a, c);
            case SentFrame.DATAGRAM -> connection.datagrams.onFrameLost(kind, a, b, c);
            case SentFrame.NEW_CONNECTION_ID -> connection.localIds.onFrameLost(kind, a);
            case SentFrame.RETIRE_CONNECTION_ID -> connection.peerIds.onFrameLost(kind, a);
            case SentFrame.HANDSHAKE_DONE -> connection.handshake.onDoneLost();
            case SentFrame.NEW_TOKEN -> connection.paths.tokens.onFrameLost(a);
            case SentFrame.MTU_PROBE -> connection.paths.onMtuProbeLost(a);
            default -> connection.streams.onFrameLost(kind, a, b, c);
        }
    }
}
