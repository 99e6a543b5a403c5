package io.stoq.wire.frame;

import io.stoq.wire.Bytes;
import java.util.ArrayList;
import java.util.List;

/** Keeps frames as records, for tests and traces. Not thread-safe. */
public final class RecordingSink implements FrameSink {

    private final List<Frame> frames = new ArrayList<>();

    /** What came since {@link #clear()}, in order; a copy. */
    public List<Frame> frames() {
        return List.copyOf(frames);
    }

    public void clear() {
        frames.clear();
    }

    @Override
    public void onPadding(int length) {
        frames.add(new PaddingFrame(length));
    }

    @Override
    public void onPing() {
        frames.add(new PingFrame());
    }

    @Override
    public void onAck(AckBlock ack) {
        frames.add(AckFrame.of(ack));
    }

    @Override
    public void onResetStream(long id, long code, long finalSize) {
        frames.add(new ResetStreamFrame(id, code, finalSize));
    }

    @Override
    public void onStopSending(long id, long code) {
        frames.add(new StopSendingFrame(id, code));
    }

    @Override
    public void onCrypto(long offset, byte[] data, int at, int length) {
        frames.add(new CryptoFrame(offset, Bytes.copyOf(data, at, length)));
    }

    @Override
    public void onNewToken(byte[] data, int at, int length) {
        frames.add(new NewTokenFrame(Bytes.copyOf(data, at, length)));
    }

    @Override
    public void onStream(long id, long offset, byte[] data, int at, int length, boolean fin) {
        frames.add(new StreamFrame(id, offset, Bytes.copyOf(data, at, length), fin));
    }

    @Override
    public void onMaxData(long maximum) {
        frames.add(new MaxDataFrame(maximum));
    }

    @Override
    public void onMaxStreamData(long id, long maximum) {
        frames.add(new MaxStreamDataFrame(id, maximum));
    }

    @Override
    public void onMaxStreams(boolean bidirectional, long maximum) {
        frames.add(new MaxStreamsFrame(bidirectional, maximum));
    }

    @Override
    public void onDataBlocked(long limit) {
        frames.add(new DataBlockedFrame(limit));
    }

    @Override
    public void onStreamDataBlocked(long id, long limit) {
        frames.add(new StreamDataBlockedFrame(id, limit));
    }

    @Override
    public void onStreamsBlocked(boolean bidirectional, long limit) {
        frames.add(new StreamsBlockedFrame(bidirectional, limit));
    }

    @Override
    public void onNewConnectionId(
            long sequence, long retirePriorTo, byte[] data, int cidAt, int cidLength, int tokenAt) {
        Bytes connectionId = Bytes.copyOf(data, cidAt, cidLength);
        Bytes resetToken = Bytes.copyOf(data, tokenAt, NewConnectionIdFrame.TOKEN_BYTES);
        frames.add(new NewConnectionIdFrame(sequence, retirePriorTo, connectionId, resetToken));
    }

    @Override
    public void onRetireConnectionId(long sequence) {
        frames.add(new RetireConnectionIdFrame(sequence));
    }

    @Override
    public void onPathChallenge(long data) {
        frames.add(new PathChallengeFrame(data));
    }

    @Override
    public void onPathResponse(long data) {
        frames.add(new PathResponseFrame(data));
    }

    @Override
    public void onConnectionClose(
            boolean application, long code, long frameType, byte[] data, int reasonAt, int reasonLength) {
        Bytes reason = Bytes.copyOf(data, reasonAt, reasonLength);
        frames.add(new ConnectionCloseFrame(application, code, frameType, reason));
    }

    @Override
    public void onHandshakeDone() {
        frames.add(new HandshakeDoneFrame());
    }

    @Override
    public void onDatagram(byte[] data, int at, int length) {
        frames.add(new DatagramFrame(Bytes.copyOf(data, at, length)));
    }
}
