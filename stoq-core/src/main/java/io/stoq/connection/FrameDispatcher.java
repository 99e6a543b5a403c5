package io.stoq.connection;

import io.stoq.crypto.EncryptionLevel;
import io.stoq.path.Path;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.frame.AckBlock;
import io.stoq.wire.frame.FrameSink;
import io.stoq.wire.frame.FrameType;
import java.util.Arrays;

/**
 * Takes the frames of an authentic packet to the components they are for. Confined to one loop, shared by its connections.
 */
final class FrameDispatcher implements FrameSink {

    private static final long NS_PER_US = 1000;

    /** Cap on the scaled acknowledgement delay, so that a peer's exponent cannot overflow it. */
    private static final long MAX_ACK_DELAY_US = 1L << 40;

    /** Longer tokens for later are not worth the room that they take in Initial packets, and are ignored. */
    private static final int MAX_TOKEN_BYTES = 512;

    private final Reporter reporter;
    private Connection connection;
    private int level;
    private Path path;
    private long nowNs;
    private byte[] dcid;
    private int dcidLength;

    FrameDispatcher(Reporter reporter) {
        this.reporter = reporter;
    }

    void begin(Connection connection, int level, Path path, long nowNs, byte[] dcid, int dcidLength) {
        this.connection = connection;
        this.level = level;
        this.path = path;
        this.nowNs = nowNs;
        this.dcid = dcid;
        this.dcidLength = dcidLength;
        connection.streams.early(level == EncryptionLevel.EARLY);
    }

    @Override
    public void onPing() {}

    @Override
    public void onAck(AckBlock ack) {
        long delayNs = 0;
        if (level == EncryptionLevel.APPLICATION) {
            int exponent = (int) connection.handshake.peerParameters().ackDelayExponent();
            long delayUs = ack.ackDelay > MAX_ACK_DELAY_US >>> exponent ? MAX_ACK_DELAY_US : ack.ackDelay << exponent;
            delayNs = delayUs * NS_PER_US;
            connection.keyring.onAcknowledged(ack.largest);
        } else if (level == EncryptionLevel.HANDSHAKE) {
            connection.recovery.onPeerAddressValidated(nowNs);
        }
        connection.recovery.onAck(level, ack, delayNs, nowNs);
        PathMtu.settle(connection);
        if (connection.recovery.rtt().hasSample()) {
            connection.streams.minRtt(connection.recovery.rtt().minNs());
        }
        reporter.onRecovery(connection, nowNs);
    }

    @Override
    public void onCrypto(long offset, byte[] data, int at, int length) {
        connection.handshake.crypto(level).onCrypto(offset, data, at, length);
    }

    @Override
    public void onStream(long id, long offset, byte[] data, int at, int length, boolean fin) {
        if (connection.isOpen()) {
            connection.streams.onStream(nowNs, id, offset, data, at, length, fin);
        }
    }

    @Override
    public void onDatagram(byte[] data, int at, int length) {
        if (connection.isOpen()) {
            connection.datagrams.onDatagram(data, at, length);
        }
    }

    @Override
    public void onResetStream(long id, long code, long finalSize) {
        if (connection.isOpen()) {
            connection.streams.onResetStream(nowNs, id, code, finalSize);
        }
    }

    @Override
    public void onStopSending(long id, long code) {
        if (connection.isOpen()) {
            connection.streams.onStopSending(nowNs, id, code);
        }
    }

    @Override
    public void onMaxData(long maximum) {
        connection.streams.onMaxData(maximum);
    }

    @Override
    public void onMaxStreamData(long id, long maximum) {
        connection.streams.onMaxStreamData(id, maximum);
    }

    @Override
    public void onMaxStreams(boolean bidirectional, long maximum) {
        connection.streams.onMaxStreams(bidirectional, maximum);
    }

    @Override
    public void onDataBlocked(long limit) {
        connection.streams.onDataBlocked(limit);
    }

    @Override
    public void onStreamDataBlocked(long id, long limit) {
        connection.streams.onStreamDataBlocked(id, limit);
    }

    @Override
    public void onStreamsBlocked(boolean bidirectional, long limit) {
        connection.streams.onStreamsBlocked(bidirectional, limit);
    }

    @Override
    public void onNewConnectionId(
            long sequence, long retirePriorTo, byte[] data, int cidAt, int cidLength, int tokenAt) {
        connection.peerIds.onNewConnectionId(sequence, retirePriorTo, data, cidAt, cidLength, tokenAt);
    }

    @Override
    public void onRetireConnectionId(long sequence) {
        connection.localIds.onRetire(sequence, dcid, dcidLength);
    }

    @Override
    public void onPathChallenge(long data) {
        connection.paths.onPathChallenge(path, data);
    }

    @Override
    public void onPathResponse(long data) {
        connection.onPathResponse(nowNs, data);
    }

    @Override
    public void onNewToken(byte[] data, int at, int length) {
        serverOnly(FrameType.NEW_TOKEN);
        if (length <= MAX_TOKEN_BYTES && connection.isOpen()) {
            connection.listener.onNewToken(connection, Arrays.copyOfRange(data, at, at + length));
        }
    }

    @Override
    public void onHandshakeDone() {
        serverOnly(FrameType.HANDSHAKE_DONE);
        connection.onHandshakeConfirmed(nowNs);
    }

    @Override
    public void onConnectionClose(
            boolean application, long code, long frameType, byte[] data, int reasonAt, int reasonLength) {
        connection.onPeerClose(nowNs, application, code, frameType, data, reasonAt, reasonLength);
    }

    /** RFC 9000 §19.7, §19.20: frames that only a server sends. */
    private void serverOnly(int frameType) {
        if (connection.server) {
            throw new TransportException(
                    TransportErrorCode.PROTOCOL_VIOLATION, frameType, "frame that only a server may send");
        }
    }
}
